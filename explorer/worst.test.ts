/** Properties that measure: the largest value over everything reachable, beside the bound. */
import { describe, expect, it } from 'vitest';
import { compileSystem } from '../compiler/index.ts';
import { local, place, rowOf, strong, u32 } from '../compiler/random/irWords.ts';
import { procedure, toySystem } from '../compiler/random/toySystem.ts';
import { explore } from './index.ts';

const x = place('cells', 'x', rowOf('cells', 0));

/** A process that writes one of three values; the hook measures what was written. */
function measuring(bound: number, backEnd: 'javascript' | 'wasm' | 'interpreter') {
  const main = procedure('main', (w) => [w.choose('c', 3, 'which'), w.store(x, local('c')), w.preempt(), w.store(x, local('c'))], {
    locals: { c: u32 },
  });
  const measure = procedure('measure', (w) => [w.return(local('after'))], {
    params: ['row', 'before', 'after'].map((name) => ({ name, type: name === 'row' ? strong('cells') : u32, mode: 'in' as const })),
    result: u32,
  });
  const description = toySystem({
    processes: [{ run: main }],
    procedures: [measure],
    properties: [
      {
        kind: 'event',
        id: 'M',
        name: 'm',
        hooks: [{ event: { on: 'write', table: 'cells', field: 'x' }, procedure: 'measure' }],
        bound,
      },
    ],
  });
  return compileSystem(description, { backEnd });
}

describe.each(['javascript', 'wasm', 'interpreter'] as const)('worst values with the %s back end', (backEnd) => {
  it('are over all schedules and choices, and within the bound if the property holds', () => {
    const [outcome] = explore(measuring(2, backEnd)).outcomes;
    expect(outcome).toMatchObject({ status: 'holds', reached: true, worst: { value: 2, bound: 2 } });
  });

  it('are above the bound exactly if it is violated', () => {
    const [outcome] = explore(measuring(1, backEnd)).outcomes;
    expect(outcome).toMatchObject({ status: 'violated', worst: { value: 2, bound: 1 } });
  });

  it('are what was met so far if the search was cut', () => {
    const [outcome] = explore(measuring(2, backEnd), { limits: { depth: 0 } }).outcomes;
    expect(outcome).toMatchObject({ status: 'incomplete', worst: { value: 0, bound: 2 } });
  });
});
