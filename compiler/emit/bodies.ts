/**
 * What whole specs and regions of the others have in common: calls, monitors, dangling, loops.
 *
 * In: nodes. Out: lines. Never: where a step ends.
 */
import type { Expr } from '../ir/types.ts';
import type { NodeOp, ProgramNode, Spec } from '../program/types.ts';
import type { EmitContext, FunctionWriter } from './context.ts';
import { emitExpr } from './expressions.ts';
import { type FunctionParts, functionText } from './functions.ts';
import type { Surroundings } from './statements.ts';
import { danglingOf, intervalOf, lengthOf, tableOf, type Value } from './values.ts';

type Call = Extract<NodeOp, { kind: 'call' }>;

/** Rounds of loops that one step may make before it counts as running away. */
export const roundsMax = 100_000;
/** Depth of recursion of whole specs. */
export const depthMax = 500;

/** Arguments for the parameters of `callee` that are no constants, as texts, brought into their types. */
export function argumentTexts(callee: Spec, args: readonly (Expr | null)[], w: FunctionWriter): string[] {
  return variableParameters(callee).map(({ position, name }) => {
    const arg = args[position] ?? null;
    if (arg === null) throw new Error(`${callee.title}: parameter ${name} is not given`);
    const type = callee.locals.get(name);
    const value = emitExpr(arg, w);
    return type === undefined ? value.text : w.bring(value, type).text;
  });
}

/** Parameters of a spec that are not constants, by position. */
export function variableParameters(spec: Spec): { readonly position: number; readonly name: string }[] {
  return spec.procedure.params.flatMap(({ name }, position) => ((spec.constants[position] ?? null) === null ? [{ position, name }] : []));
}

/** Parameters that give a value back, by position. */
export function backParameters(spec: Spec): { readonly position: number; readonly name: string }[] {
  return spec.procedure.params.flatMap(({ name, mode }, position) => (mode === 'inout' ? [{ position, name }] : []));
}

/** What a spec's result may be. */
export function resultValue(spec: Spec, text: string, context: EmitContext): Value {
  return spec.result.kind === 'void' ? { text: '0', lo: 0, hi: 0 } : { text, ...intervalOf(context.tables, spec.result) };
}

/** Call of a whole spec. Its result is brought up to date about frees in the callee itself, so `dangle` skips it. */
export function emitWholeCall(op: Call, w: FunctionWriter, around: Surroundings): void {
  w.at(op.stmt);
  const callee = w.context.spec(op.spec);
  const args = argumentTexts(callee, op.args, w);
  const clear = callee.mayFree.map((table) => around.clearMask(table)).join('');
  if (clear !== '') w.line(clear);
  const call = callText(callee, args, w);
  const result = op.dst === null ? null : w.temporary({ ...resultValue(callee, call, w.context), text: `(${call})` });
  if (result === null) w.line(`${call};`);
  if (w.context.vanishing.has(op.spec)) w.line(`if(G!==0){${around.vanish}}`);
  emitBacks(op, callee, w);
  if (op.dst !== null && result !== null && callee.result.kind !== 'void') w.assign(op.dst, result);
}

export function callText(callee: Spec, args: readonly string[], w: FunctionWriter): string {
  w.callees.add(callee.index);
  return `f${callee.index}(b${args.map((arg) => `,${arg}`).join('')})`;
}

/** Gives the locals of in-out arguments what the callee left in `I…`. */
export function emitBacks(op: Call, callee: Spec, w: FunctionWriter): void {
  for (const { position } of backParameters(callee)) {
    const local = op.back[position] ?? null;
    const type = callee.procedure.params[position]?.type;
    if (local !== null && type !== undefined) w.assign(local, { text: `I${position}`, ...intervalOf(w.context.tables, type) });
  }
}

/** Leaves the values of in-out parameters for the caller. */
export function emitGiveBack(w: FunctionWriter): void {
  for (const { position, name } of backParameters(w.spec)) {
    if (w.spec.locals.has(name)) w.line(`I${position}=${w.local(name).text};`);
  }
}

export function emitMonitor(op: Extract<NodeOp, { kind: 'monitor' }>, w: FunctionWriter, around: Surroundings): void {
  w.at(op.stmt);
  const callee = w.context.spec(op.spec);
  const clear = callee.mayFree.map((table) => around.clearMask(table)).join('');
  if (clear !== '') w.line(clear);
  const { property } = op;
  if (property !== null) w.line(`if(E[${property}]<4294967295)E[${property}]++;`);
  const call = callText(callee, argumentTexts(callee, op.args, w), w);
  const { bound } = op.stmt;
  const marked = property !== null && property < 32 ? `W|=${1 << property};` : '';
  if (property !== null && bound !== undefined) {
    w.line(`{const m=${call};if(m>P[${property}])P[${property}]=m;${marked === '' ? '' : `if(m>${bound})${marked}`}}`);
  } else {
    w.line(marked !== '' && callee.result.kind === 'bool' ? `if(${call}===0)${marked}` : `${call};`);
  }
  if (w.context.vanishing.has(op.spec)) w.line(`if(G!==0){${around.vanish}}`);
}

/** Locals that refer to rows freed since the mask of the table was cleared become dangling, but for those in `fresh`. */
export function emitDangle(op: Extract<NodeOp, { kind: 'dangle' }>, fresh: ReadonlySet<string>, w: FunctionWriter): void {
  const mask = `Z${w.context.tableNumber(op.table)}`;
  const updates = op.locals.flatMap((local) => {
    const type = w.spec.locals.get(local);
    if (fresh.has(local) || type === undefined) return [];
    const dangling = danglingOf(w.context.tables, type);
    if (dangling < 0) return [];
    const { rows } = tableOf(w.context.tables, op.table);
    const name = w.nameOf(local);
    if (type.kind === 'ref') return [`${name}=dz(${name},${mask},${rows},${dangling});`];
    if (type.kind !== 'pointer') return [];
    return [`${name}=dp(${name},${mask},${Math.max(lengthOf(w.context.tables, type.table, type.field), 1)},${dangling});`];
  });
  if (updates.length > 0) w.line(`if(${mask}!==0){${updates.join('')}}`);
}

/** Locals that got their value from the call that a `dangle` node follows: they are up to date already. */
export function freshAfter(spec: Spec): ReadonlyMap<number, ReadonlySet<string>> {
  const known = freshBySpec.get(spec);
  if (known !== undefined) return known;
  const made = findFresh(spec);
  freshBySpec.set(spec, made);
  return made;
}
const freshBySpec = new WeakMap<Spec, ReadonlyMap<number, ReadonlySet<string>>>();

function findFresh(spec: Spec): ReadonlyMap<number, ReadonlySet<string>> {
  const fresh = new Map<number, Set<string>>();
  const mark = (node: ProgramNode | undefined, locals: readonly string[]): void => {
    for (let at = node; at?.op.kind === 'dangle'; at = spec.nodes[at.next[0] ?? -1]) {
      const set = fresh.get(at.index) ?? new Set();
      for (const local of locals) set.add(local);
      fresh.set(at.index, set);
    }
  };
  for (const { op, next } of spec.nodes) {
    if (op.kind !== 'call') continue;
    const locals = [op.dst, ...op.back].filter((local) => local !== null);
    for (const to of next) mark(spec.nodes[to], locals);
  }
  return fresh;
}

/** A function of these parts, with a limit on the rounds of its loops; `loops` tells whether it has any. */
export function boundedFunction(
  parts: Omit<FunctionParts, 'round' | 'longest'>,
  w: FunctionWriter,
): { readonly text: string; readonly loops: boolean } {
  const raises = w.raises;
  const round = `if(++N>${roundsMax})${w.raise('bound', `of ${roundsMax} rounds of loops in one step`)}`;
  const text = functionText({ ...parts, round, longest: w.context.bodyMax });
  const loops = text.includes(round);
  w.raises = raises || loops;
  return { text, loops };
}

/** Texts for the edges of a branch: coverage counters. */
export function edgeText(spec: Spec, node: ProgramNode, edge: number, context: EmitContext): string {
  return context.count(context.edgeBlocks.get(`${spec.index} ${node.index} ${edge}`));
}
