/**
 * Initial states: the prologue, run alone, once for each way to answer its free choices.
 *
 * In: a program and its layout. Out: packed states, sorted. Never: another process.
 */
import type { Layout } from '../machine/layout.ts';
import type { Program } from '../program/types.ts';
import { PrologueError } from '../system.ts';
import { AllChoices } from './choices.ts';
import { Execution, type Listener, NoStep, PathFault } from './execution.ts';
import { Memory } from './memory.ts';
import type { Shape } from './values.ts';
import { decodeWorld, encodeWorld, initialStacks, specOf } from './world.ts';

/** Throws PrologueError if a path of the prologue faults, violates something or blocks, or if all of them vanish. */
export function initialStates(program: Program, layout: Layout, shape: Shape): Int32Array[] {
  const states = new Map<string, Int32Array>();
  const choices = new AllChoices();
  do {
    const state = oneState(program, layout, shape, choices);
    if (state !== null) states.set(state.join(), state);
  } while (choices.advance());
  if (states.size === 0) throw new PrologueError('no path of the prologue reaches its end');
  return [...states.values()].sort(compareWords);
}

function oneState(program: Program, layout: Layout, shape: Shape, choices: AllChoices): Int32Array | null {
  const words = new Int32Array(layout.words);
  const { machine } = decodeWorld(program, layout, words, 0);
  const memory = new Memory({ machine, stacks: [] }, layout, shape);
  if (program.prologue !== null && !runPrologue(program, program.prologue, memory, choices)) return null;
  encodeWorld(program, layout, { machine, stacks: initialStacks(program) }, words, 0);
  return words;
}

/** False if the path vanished. */
function runPrologue(program: Program, prologue: NonNullable<Program['prologue']>, memory: Memory, choices: AllChoices): boolean {
  const violate = (property: number): never => {
    throw new PrologueError(`the prologue violates ${program.properties[property] ?? property}`);
  };
  const told: Listener = { enterNode: () => {}, takeEdge: () => {}, runMonitor: () => {}, violate, events: null };
  try {
    new Execution(program, memory, 0, choices, told).whole(specOf(program, prologue.spec), prologue.args);
    return true;
  } catch (error) {
    if (error instanceof PathFault) throw new PrologueError(`${error.fault.kind}: ${error.fault.message} (${error.fault.statement})`);
    if (error instanceof NoStep && error.why === 'vanished') return false;
    if (error instanceof NoStep) throw new PrologueError('the prologue blocks');
    throw error;
  }
}

function compareWords(a: Int32Array, b: Int32Array): number {
  const at = a.findIndex((word, k) => word !== b[k]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
