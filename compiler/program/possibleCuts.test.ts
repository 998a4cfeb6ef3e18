import { expect, it } from 'vitest';
import { local, num, place, u32 } from '../random/irWords.ts';
import { procedure, type ToyParts, toySystem } from '../random/toySystem.ts';
import { buildProgram } from './build.ts';

const mutexA = place('vm', 'mutexA');
const count = place('vm', 'count');

/** Statements at which process 0 can stop, after its first. */
function stops(parts: ToyParts): string[] {
  const { specs, processes } = buildProgram(toySystem(parts), {}).program;
  return (processes[0]?.resumes ?? []).slice(2).map(({ spec, node }) => {
    const op = specs[spec]?.nodes[node]?.op;
    return op?.kind === 'leaf' ? op.stmt.kind : (op?.kind ?? 'none');
  });
}
const section = (name: string) =>
  procedure(name, (w) => [w.acquire(mutexA), w.load('t', count), w.assume(local('t')), w.store(count, num(1)), w.release(mutexA)], {
    locals: { t: u32 },
  });

it('nothing stops inside a section that spends nothing before its release', () => {
  expect(stops({ processes: [{ run: section('p') }, { run: section('q') }] })).toEqual([]);
});

it('after a non-mover the next cut stays, and begins a step anew', () => {
  const bare = procedure('bare', (w) => [w.store(count, num(2))]);
  expect(stops({ processes: [{ run: section('p') }, { run: bare }] })).toEqual(['assume']);
});

it('what a callee spends is spent at its return, and what the caller spent at its entry', () => {
  const callee = procedure('callee', (w) => [w.acquire(mutexA), w.store(count, num(1)), w.release(mutexA), w.store(count, num(1))]);
  const caller = procedure('caller', (w) => [w.call('callee', []), w.store(count, num(2))]);
  const bare = procedure('bare', (w) => [w.store(count, num(3))]);
  expect(stops({ processes: [{ run: caller }, { run: bare }], procedures: [callee] })).toEqual(['store', 'acquire', 'store']);
});
