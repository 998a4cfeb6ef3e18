/**
 * The memory of a module for tests of visited sets, whatever the states in it are.
 *
 * In: the width of states, how large the memory may become. Out: what a set needs of a system. Never: a step.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { emitWasm } from '../../compiler/wasm/index.ts';
import { compileToy, twoPhaseCommit } from '../toys/index.ts';
import { ModuleSet } from '../visited/moduleSet.ts';

const { description, program, layout } = compileToy(twoPhaseCommit(3));

/** An empty set of states of `words` words, and the buffer from which it takes them; the memory may grow to so many pages of 64 KiB, and a large table lie apart in so many bytes. */
export function moduleSet(
  words: number,
  exact: boolean,
  pagesMost?: number,
  apartWithin?: number,
): { readonly set: ModuleSet; readonly buffer: Int32Array; memory(): Int32Array } {
  const system = emitWasm(description, program, layout, pagesMost === undefined ? {} : { pagesMost });
  const { native, buffer, successorsMax } = system;
  if (native === undefined) throw new Error('a module without memory');
  // Nothing is expanded, so nobody sees that the steps are those of another system; and a single successor has room.
  const shape: Pick<CompiledSystem, 'words' | 'buffer' | 'successorsMax'> = { words, buffer, successorsMax: Math.min(successorsMax, 1) };
  return {
    set: new ModuleSet(shape, native, exact, { processes: 1, essentials: 0, lockBits: [], toMeet: 0 }, apartWithin),
    buffer,
    memory: () => native.memory(),
  };
}
