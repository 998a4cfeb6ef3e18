/**
 * Enabledness: does the process, where it stopped, have a step? Asked of the parent state, before any copy.
 *
 * In: resume points. Out: a condition short enough for the dispatcher, or a function. Never: a write.
 * A test that would fault says yes: the step then ends in the fault.
 */
import type { NodeOp, ProgramNode, Spec } from '../program/types.ts';
import { readText } from './columns.ts';
import { type EmitContext, FunctionWriter } from './context.ts';
import { inlineWhole } from './inline.ts';
import { acquirableText, blockersText } from './locks.ts';
import { resolvePlace } from './places.ts';
import { constant, intervalOf, type Value } from './values.ts';
import { emitWaitCall } from './whole.ts';

export interface Test {
  /** Condition on the state at `b`. */
  readonly condition: string;
  /** Locals that the condition needs. */
  readonly locals: readonly string[];
}

/** Longest condition that is worth repeating in the dispatcher. */
const inlineMax = 400;

/** Null: always enabled. Functions that the condition calls are added to `functions`. */
export function testOf(
  spec: Spec,
  node: ProgramNode,
  process: number,
  resume: number,
  context: EmitContext,
  raises: (spec: number) => boolean,
  functions: string[],
): Test | null {
  const { op } = node;
  const w = writerOnParent(spec, node, process, context);
  let condition: string;
  let locals: readonly string[] = [];
  if (op.kind === 'wait') {
    const inline = inlineWhole(context.spec(op.spec), op.args, w, inlineMax);
    if (inline !== null) {
      condition = inline.condition;
      locals = inline.locals;
    } else condition = `${emitWaitCall(op, w)}!==0`;
    if (raises(op.spec)) w.raises = true;
  } else if (isAcquire(op)) condition = acquirableText(resolvePlace(op.stmt.lock, w), op.stmt.mode, w);
  else return null;
  const lines = w.take();
  if (lines === '' && !w.raises && w.used.size === 0 && w.callees.size === 0) return { condition, locals };
  const name = `q${process}_${resume}`;
  const declared = [...locals, ...[...w.used].map((local) => `${w.nameOf(local)}=0`)];
  const body = `${declared.length === 0 ? '' : `let ${declared.join(',')};`}S=${process};N=0;D=0;${lines}return ${condition}?1:0`;
  functions.push(`function ${name}(b){${w.raises ? `try{${body}}catch(e){caught(e);return 1}` : body}}\n`);
  return { condition: `${name}(b)!==0`, locals: [] };
}

/** Function (b) that gives the processes that keep this one from its lock, or null for what is no acquire. */
export function blockersFunction(spec: Spec, node: ProgramNode, process: number, resume: number, context: EmitContext): string | null {
  const { op } = node;
  if (!isAcquire(op)) return null;
  const w = writerOnParent(spec, node, process, context);
  const text = blockersText(resolvePlace(op.stmt.lock, w), op.stmt.mode, w);
  return `function k${process}_${resume}(b){try{${w.take()}return ${text}}catch(e){caught(e);return 0}}\n`;
}

function isAcquire(op: NodeOp): op is { kind: 'leaf'; stmt: Extract<Extract<NodeOp, { kind: 'leaf' }>['stmt'], { kind: 'acquire' }> } {
  return op.kind === 'leaf' && op.stmt.kind === 'acquire';
}

/** A writer in which locals are what the frame of the parent state holds. */
function writerOnParent(spec: Spec, node: ProgramNode, process: number, context: EmitContext): FunctionWriter {
  const w = new FunctionWriter(context, spec, process);
  w.at({ pos: node.pos, id: '' });
  const substitutes = new Map<string, Value>();
  for (const { local, column } of spec.frame) {
    const type = spec.locals.get(local);
    if (type === undefined || !node.live.includes(local)) continue;
    substitutes.set(local, { text: readText(column, constant(0)), ...intervalOf(context.tables, type) });
  }
  w.substitutes = substitutes;
  return w;
}
