import { describe, expect, it } from 'vitest';
import type { CompiledSystem } from '../../compiler/index.ts';
import { goalOfId } from '../../explorer/index.ts';
import { shortestPath } from '../testing/shortestPath.ts';
import { doubleFree, lostUpdate, monitored } from '../testing/toys.ts';
import { comparePaths } from './compare.ts';
import { whyTheyPart } from './words.ts';

function compared(a: CompiledSystem, b: CompiledSystem, property: string) {
  const goal = goalOfId(a, property);
  if (goal === null) throw new Error(`no ${property}`);
  return comparePaths(a, b, shortestPath(a, goal), property, {});
}

describe('a counterexample on another variant', () => {
  it('of the same system does not part, and violates again', () => {
    expect(compared(lostUpdate(), lostUpdate(), 'T-1')).toEqual({ parting: null, bViolates: true, ending: [] });
    expect(compared(monitored(), monitored(), 'T-2')).toMatchObject({ parting: null, bViolates: true });
  });

  it('parts where the second takes a lock first, and says that it cannot follow', () => {
    const { parting, bViolates } = compared(lostUpdate(), lostUpdate('locked'), 'T-1');
    expect(bViolates).toBe(false);
    expect(parting?.effect.b?.text).toBe('takes mutexA');
    expect(parting === null ? [] : whyTheyPart(parting, 'plain', 'locked')).toEqual([
      'In increment() plain reads count (0), where locked takes mutexA.',
      'Next, plain writes count: 0 -> 1.',
    ]);
  });

  it('parts at the write of another value, with the places that differ', () => {
    const { parting, bViolates, ending } = compared(lostUpdate(), lostUpdate('byTwo'), 'T-1');
    expect(parting?.effect).toMatchObject({ a: { text: 'writes count: 0 -> 1' }, b: { text: 'writes count: 0 -> 2' } });
    expect(parting?.state).toContainEqual({ name: 'count', a: '1', b: '2' });
    // Another defect on the same schedule: the two violate, and where they end is told.
    expect(bViolates).toBe(true);
    expect(ending).toContainEqual({ name: 'count', a: '1', b: '2' });
  });

  it('follows a path that ends in a fault', () => {
    expect(compared(doubleFree(), doubleFree(), 'fault:doubleFree')).toMatchObject({ parting: null, bViolates: true });
  });

  it('refuses a path of another system', () => {
    const path = shortestPath(lostUpdate(), { kind: 'property', index: 0 });
    expect(() => comparePaths(lostUpdate('locked'), lostUpdate(), { ...path, labels: [...path.labels, 255] }, 'T-1', {})).toThrow(
      RangeError,
    );
  });
});
