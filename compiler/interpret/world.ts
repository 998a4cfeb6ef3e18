/**
 * A whole state as plain values: the machine, and for each process the calls that are under way.
 *
 * In: packed states. Out: `World`s, and packed states again. Never: what a statement does.
 */

import type { Layout } from '../machine/layout.ts';
import { decodeMachine, encodeMachine, type MachineState, readElement, writeElement } from '../machine/packing.ts';
import { suspendedLocals } from '../program/suspended.ts';
import type { ProcessProgram, Program, ProgramNode, Spec } from '../program/types.ts';

/** A call under way. `node` is where it is: in all but the innermost frame, the call that has not returned. */
export interface Frame {
  readonly spec: Spec;
  node: number;
  readonly locals: Map<string, number>;
}
export interface World {
  readonly machine: MachineState;
  /** By process, outermost call first; empty: it has ended. */
  readonly stacks: Frame[][];
}

export function specOf(program: Program, index: number): Spec {
  const spec = program.specs[index];
  if (spec === undefined) throw new RangeError(`no spec ${index}`);
  return spec;
}
export function nodeOf(spec: Spec, index: number): ProgramNode {
  const node = spec.nodes[index];
  if (node === undefined) throw new RangeError(`${spec.title}: no node ${index}`);
  return node;
}
function processOf(program: Program, index: number): ProcessProgram {
  const process = program.processes[index];
  if (process === undefined) throw new RangeError(`no process ${index}`);
  return process;
}

export function decodeWorld(program: Program, layout: Layout, words: Int32Array, base: number): World {
  return {
    machine: decodeMachine(layout, words, base),
    stacks: program.processes.map((process, index) => decodeStack(program, process, layout, index, words, base)),
  };
}

function decodeStack(program: Program, process: ProcessProgram, layout: Layout, index: number, words: Int32Array, base: number): Frame[] {
  const column = layout.programCounters[index];
  const counter = column === undefined ? 0 : readElement(words, base, column, 0);
  const resume = process.resumes[counter];
  if (resume === undefined) throw new RangeError(`${process.name}: no resume point ${counter}`);
  if (resume.spec < 0) return [];
  const stack: Frame[] = [];
  let at: { readonly spec: number; readonly node: number } | null = resume;
  while (at !== null) {
    const spec = specOf(program, at.spec);
    stack.unshift({ spec, node: at.node, locals: decodeLocals(spec, nodeOf(spec, at.node), words, base) });
    at = spec.callSites.length === 0 ? null : callSite(spec, spec.returnSlot === null ? 0 : readElement(words, base, spec.returnSlot, 0));
  }
  return stack;
}

function callSite(spec: Spec, index: number): { readonly spec: number; readonly node: number } {
  const site = spec.callSites[index];
  if (site === undefined) throw new RangeError(`${spec.title}: no call site ${index}`);
  return site;
}

function decodeLocals(spec: Spec, node: ProgramNode, words: Int32Array, base: number): Map<string, number> {
  const live = spec.frame.filter((slot) => node.live.includes(slot.local));
  return new Map(live.map((slot) => [slot.local, readElement(words, base, slot.column, 0)]));
}

/** Writes the state to the words at `base`; what is not alive becomes zero. */
export function encodeWorld(program: Program, layout: Layout, world: World, words: Int32Array, base: number): void {
  words.fill(0, base, base + layout.words);
  encodeMachine(layout, world.machine, words, base);
  world.stacks.forEach((stack, index) => {
    const column = layout.programCounters[index];
    if (column === undefined) throw new RangeError(`no program counter for process ${index}`);
    const top = stack.at(-1);
    writeElement(words, base, column, 0, top === undefined ? 0 : resumeOf(program, index, top));
    stack.forEach((frame, depth) => {
      encodeFrame(frame, stack[depth - 1], depth === stack.length - 1, words, base);
    });
  });
}

function resumeOf(program: Program, process: number, frame: Frame): number {
  const { resume } = nodeOf(frame.spec, frame.node);
  if (resume === null) throw new Error(`${frame.spec.title}: node ${frame.node} is no resume point`);
  const point = processOf(program, process).resumes[resume];
  if (point?.spec !== frame.spec.index || point.node !== frame.node)
    throw new Error(`${frame.spec.title}: resume point ${resume} is another`);
  return resume;
}

function encodeFrame(frame: Frame, caller: Frame | undefined, isTop: boolean, words: Int32Array, base: number): void {
  const { spec } = frame;
  const { op: at, live } = nodeOf(spec, frame.node);
  for (const local of isTop || at.kind !== 'call' ? live : suspendedLocals(at, live)) {
    const slot = spec.frame.find((candidate) => candidate.local === local);
    if (slot === undefined) throw new Error(`${spec.title}: ${local} lives at node ${frame.node} and has no slot`);
    writeElement(words, base, slot.column, 0, frame.locals.get(local) ?? 0);
  }
  // Where there is one call site only, nothing needs to be stored.
  if (spec.returnSlot === null) return;
  const op = caller === undefined ? undefined : nodeOf(caller.spec, caller.node).op;
  if (op?.kind !== 'call') throw new Error(`${spec.title}: entered without a call`);
  writeElement(words, base, spec.returnSlot, 0, op.returnIndex);
}

/** The processes' first stacks. `locals` that are no parameters start as zero. */
export function initialStacks(program: Program): Frame[][] {
  return program.processes.map((process) => {
    const start = process.resumes[process.initial];
    if (start === undefined || start.spec < 0) return [];
    const spec = specOf(program, start.spec);
    return [{ spec, node: start.node, locals: parameters(spec, process.entry.args) }];
  });
}

/** Parameters that are not constants of the spec, from values by position. */
export function parameters(spec: Spec, args: readonly (number | null)[]): Map<string, number> {
  const locals = new Map<string, number>();
  spec.procedure.params.forEach((param, k) => {
    const value = args[k] ?? null;
    if ((spec.constants[k] ?? null) !== null) return;
    if (value === null) throw new Error(`${spec.title}: parameter ${param.name} is not given`);
    locals.set(param.name, value);
  });
  return locals;
}
