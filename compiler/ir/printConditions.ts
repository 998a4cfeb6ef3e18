/**
 * Conditions and chosen values, put together again from the `if`s that they became.
 *
 * In: lists of statements. Out: the text of one expression, or null where the list is something else.
 * Never: a line.
 */
import { negate } from './fold.ts';
import { printExpr } from './printExpr.ts';
import { leafText } from './printLeaf.ts';
import type { Writer } from './printWriter.ts';
import type { Stmt } from './types.ts';
import { localsRead, visitStmts } from './walk.ts';

type Of<K extends Stmt['kind']> = Extract<Stmt, { kind: K }>;

/**
 * The text of the condition of the last `if` of a list whose other statements it takes in whole; null if
 * a line of its own would be needed for one of them. `turned`: the opposite of the condition.
 */
export function conditionText(writer: Writer, list: readonly Stmt[], turned = false): string | null {
  const last = list.at(-1);
  if (last?.kind !== 'if') return null;
  return writer.attempt(() => takenIn(writer, list, () => printExpr(writer, turned ? negate(last.cond) : last.cond)));
}
/** What `print` makes of the last statement of a list, those before put into it. */
function takenIn(writer: Writer, list: readonly Stmt[], print: () => string): string {
  for (let i = 0; i < list.length - 1; i++) i += writer.statement(list, i);
  const last = list.at(-1);
  writer.settle(last === undefined ? [] : localsRead(last));
  const text = print();
  writer.used();
  return text;
}

/** A value that statements from `i` on make in a local: `count` of them, the first included. */
export interface MadeValue {
  readonly dst: string;
  readonly text: string;
  readonly count: number;
}

/** `x = false; if (a) { if (b) { x = true } }` is `a && b`; `x = true; if (!a) { if (!b) { x = false } }` is `a || b`. */
export function logicalValue(writer: Writer, body: readonly Stmt[], i: number): MadeValue | null {
  const set = body[i];
  if (set?.kind !== 'assign' || set.value.op !== 'const' || set.value.type.kind !== 'bool' || !isMadeHere(writer, set.dst, body, i))
    return null;
  const end = body.findIndex((stmt, at) => at > i && stmt.kind === 'if');
  const turned = set.value.value === 1;
  const parts = end < 0 ? null : logicalParts(writer, body.slice(i + 1, end + 1), set.dst, turned);
  if (parts === null) return null;
  const operator = turned ? '||' : '&&';
  // One operand is what a constant beside it leaves.
  const operands = parts.length > 1 ? parts : [...parts, turned ? 'false' : 'true'];
  return { dst: set.dst, text: joined(operands, operator), count: end + 1 - i };
}
function logicalParts(writer: Writer, list: readonly Stmt[], dst: string, turned: boolean): string[] | null {
  const last = list.at(-1);
  if (last?.kind !== 'if' || last.else.length > 0) return null;
  const cond = conditionText(writer, list, turned);
  if (cond === null) return null;
  const [only] = last.then;
  if (last.then.length === 1 && only?.kind === 'assign' && only.dst === dst) {
    return only.value.op === 'const' && only.value.value === (turned ? 0 : 1) ? [cond] : null;
  }
  const rest = logicalParts(writer, last.then, dst, turned);
  return rest === null ? null : [cond, ...rest];
}

/** `if (c) { x = a } else { x = b }` is `c ? a : b`. Uses what is pending for its condition. */
export function selectedValue(writer: Writer, body: readonly Stmt[], i: number): MadeValue | null {
  const stmt = body[i];
  const dst = stmt?.kind === 'if' ? assignedLast(stmt.then) : null;
  if (stmt?.kind !== 'if' || dst === null || dst !== assignedLast(stmt.else) || !isMadeHere(writer, dst, body, i)) return null;
  const [yes, no] = [lastValue(writer, stmt.then), lastValue(writer, stmt.else)];
  if (yes === null || no === null) return null;
  writer.settle(localsRead(stmt), true);
  // Two literals would take the type of what is around.
  const type = writer.names.types.get(dst);
  const literals = isLiteral(stmt.then) && isLiteral(stmt.else) && type?.kind === 'int';
  const first = literals ? `(${yes} as ${writer.names.typeText(type)})` : guard(yes, '?');
  return { dst, text: `${guard(printExpr(writer, stmt.cond), '?')} ? ${first} : ${guard(no, '?')}`, count: 1 };
}
function isLiteral(list: readonly Stmt[]): boolean {
  const last = list.at(-1);
  return last?.kind === 'assign' && last.value.op === 'const';
}
/** The value that the last statement of a list gives, with its conversion: nothing around asks for the type. */
function lastValue(writer: Writer, list: readonly Stmt[]): string | null {
  const last = list.at(-1);
  if (last === undefined) return null;
  return writer.attempt(() =>
    takenIn(writer, list, () => (last.kind === 'assign' ? printExpr(writer, last.value) : leafText(writer, last).text)),
  );
}
/** A temporary of two writes, or a local that begins here and has two writes. */
function isMadeHere(writer: Writer, dst: string, body: readonly Stmt[], i: number): boolean {
  if (writer.isPassing(dst, 2, body, i + 1)) return true;
  const begins = !writer.isDeclared(dst) && writer.names.recordOf(dst) === null && writer.isLocalTo(body.slice(i), [dst]);
  return begins && writer.names.writes(dst) === 2;
}
function assignedLast(list: readonly Stmt[]): string | null {
  const last = list.at(-1);
  return last !== undefined && 'dst' in last ? last.dst : null;
}

/** The condition of a wait, or null if no expression says it. */
export function waitText(writer: Writer, stmt: Of<'wait'>): string | null {
  return writer.attemptTail(stmt.body, localsRead(stmt), () => takenIn(writer, [...stmt.body, stmt], () => printExpr(writer, stmt.cond)));
}

/** The condition of a loop that begins with: leave it unless. `count`: the statements that this is. */
export function headCondition(writer: Writer, stmt: Of<'loop'>): { text: string; count: number } | null {
  const at = stmt.body.findIndex((inner) => inner.kind === 'if');
  const test = stmt.body[at];
  if (test?.kind !== 'if' || !isLeave(test, stmt.label)) return null;
  const text = conditionText(writer, stmt.body.slice(0, at + 1), true);
  return text === null ? null : { text, count: at + 1 };
}
/** `if (c) leave label`. */
export function isLeave(stmt: Of<'if'>, label: string): boolean {
  const [only] = stmt.then;
  return stmt.else.length === 0 && stmt.then.length === 1 && only?.kind === 'leave' && only.label === label;
}

/**
 * `end: { if (a) { if (b) { X; break end; } } Y }` is `if (a && b) X else Y`; without X it is
 * `if (!a || !b) Y`.
 */
export function eitherOr(writer: Writer, stmt: Of<'block'>): { text: string; then: readonly Stmt[]; else: readonly Stmt[] } | null {
  const at = stmt.body.findIndex((inner) => inner.kind === 'if');
  if (at < 0 || at === stmt.body.length - 1) return null;
  const lists: (readonly Stmt[])[] = [];
  let list: readonly Stmt[] = stmt.body.slice(0, at + 1);
  for (let last = list.at(-1); last?.kind === 'if' && last.else.length === 0; last = list.at(-1)) {
    lists.push(list);
    list = last.then;
  }
  const end = list.at(-1);
  if (lists.length < 2 || end?.kind !== 'leave' || end.label !== stmt.label) return null;
  const met = list.slice(0, -1);
  const unmet = stmt.body.slice(at + 1);
  if ([...met, ...unmet].some((inner) => leavesTo(inner, stmt.label)) || isJump(unmet)) return null;
  const turned = met.length === 0;
  const parts = lists.map((part) => conditionText(writer, part, turned)).filter((part) => part !== null);
  if (parts.length < lists.length) return null;
  return turned ? { text: joined(parts, '||'), then: unmet, else: [] } : { text: joined(parts, '&&'), then: met, else: unmet };
}
/** The front end repeats a lone jump instead of making a block for it. */
function isJump(list: readonly Stmt[]): boolean {
  const [only] = list;
  if (list.length !== 1 || only === undefined) return false;
  return (
    only.kind === 'leave' || only.kind === 'continue' || (only.kind === 'return' && (only.value === null || only.value.op === 'const'))
  );
}
/** Whether a statement, or one inside it, leaves a label. */
export function leavesTo(stmt: Stmt, label: string): boolean {
  let found = false;
  visitStmts([stmt], (inner) => {
    if (inner.kind === 'leave' && inner.label === label) found = true;
  });
  return found;
}

export function joined(parts: readonly string[], operator: '&&' | '||'): string {
  return parts.map((part) => guard(part, operator)).join(` ${operator} `);
}
/** A part of `&&`, `||` or `?:`, in parentheses if it binds less. */
function guard(text: string, operator: '&&' | '||' | '?'): string {
  const weaker = operator === '&&' ? / (\|\||\?) / : / \? /;
  return weaker.test(outside(text)) ? `(${text})` : text;
}
/** The text without what is inside parentheses and brackets. */
function outside(text: string): string {
  let depth = 0;
  let result = '';
  for (const char of text) {
    if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (depth === 0) result += char;
  }
  return result;
}
