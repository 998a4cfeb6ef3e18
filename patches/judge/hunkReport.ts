/**
 * What became of each hunk: its functions are checked, a procedure of the model stands in for it, nothing of it
 * has an effect that the model has, or it is not modelled.
 */

import type { Procedure, Stmt } from '../../compiler/ir/types.ts';
import type { DefineText, SideContents } from '../c/extract.ts';
import { contentsOf } from '../c/extract.ts';
import type { Hunk } from '../mail/patchText.ts';
import { printable } from '../mail/unreadable.ts';
import { changedFlags, fixedMacro, isSameNumber, requestDefine, requestValue } from './defines.ts';
import { type FragmentText, fragmentsOf, type LoweredFragment, lowerFragment } from './fragment.ts';
import { type Agreement, type Correspondence, occursIn } from './lockstep.ts';
import { mayLack } from './lostLines.ts';
import type { ReportInput } from './reportInput.ts';

export type HunkPart =
  /** A function that is whole here and was lowered. `lost`: lines of the hunk that are missing, shown to be no code of it. */
  | { readonly kind: 'checked'; readonly name: string; readonly line: number; readonly lost: number }
  /** A `#define` of a request, whose flags the model takes over. */
  | { readonly kind: 'define'; readonly name: string; readonly line: number; readonly value: number }
  /** Changed lines that do what the procedure does; which statement is which. */
  | {
      readonly kind: 'stoodIn';
      readonly procedure: string;
      readonly side: 'added' | 'removed';
      readonly line: number;
      readonly pairs: readonly Correspondence[];
    }
  | { readonly kind: 'ignorable'; readonly what: string; readonly line: number }
  /** A macro whose text is another now: the functions that it is expanded into are changed, too. */
  | { readonly kind: 'expanded'; readonly name: string; readonly users: readonly string[]; readonly line: number }
  /** `owner`: the function that lacks something; left out: it is not about one function. */
  | { readonly kind: 'notModelled'; readonly name: string; readonly why: string; readonly line: number; readonly owner?: string };
export interface HunkReport {
  readonly hunk: number;
  readonly path: string;
  readonly line: number;
  readonly parts: readonly HunkPart[];
}

/** Reports on one hunk. Never throws. */
export function reportHunk(hunk: Hunk, input: ReportInput): HunkReport {
  const added = contentsOf(hunk, 'new');
  const removed = contentsOf(hunk, 'old');
  const parts: HunkPart[] = [
    ...functionParts(hunk, added, removed, input),
    ...added.defines
      .filter((one) => one.change === 'added')
      .map((one) => definePart(one, removed.defines.findLast(({ name }) => name === one.name)?.body, input)),
    ...quietParts(added),
    ...fragmentsOf(added, touchedLines(hunk)).map((fragment) => fragmentPart(fragment, 'added', input.procedures, input)),
    ...(input.base === null
      ? []
      : fragmentsOf(removed).map((fragment) => fragmentPart(fragment, 'removed', input.base ?? input.procedures, beforeThePatch(input)))),
  ];
  if (parts.length === 0)
    parts.push({
      kind: 'ignorable',
      what: removed.lines.some((line) => line.change === 'removed') ? 'removed lines without code' : 'context only',
      line: hunk.line,
    });
  return { hunk: hunk.number, path: hunk.path, line: hunk.line, parts };
}

function functionParts(hunk: Hunk, added: SideContents, removed: SideContents, input: ReportInput): HunkPart[] {
  const parts: HunkPart[] = [];
  for (const one of added.functions.filter((each) => each.changed)) {
    const lowered = input.functions.find((each) => each.name === one.name && each.source.hunk === hunk.number);
    const line = one.lines[0]?.line ?? hunk.line;
    const why = lowered?.procedure == null ? null : mayLack(one, hunk, removed, input);
    if (why !== null) parts.push({ kind: 'notModelled', name: `${one.name}()`, why, line });
    else if (lowered?.procedure != null) parts.push({ kind: 'checked', name: one.name, line, lost: hunk.missing.new });
    for (const what of lowered?.unmodelled ?? [])
      parts.push({ kind: 'notModelled', name: what.name, why: `${what.why} (in ${one.name}())`, line: what.pos.line });
  }
  for (const one of removed.functions) {
    const gone = one.lines.every((line) => line.change === 'removed' || line.text.trim() === '');
    if (!gone || input.functions.some((each) => each.name === one.name)) continue;
    const line = one.lines[0]?.line ?? hunk.line;
    const known = input.environment.procedures.has(one.name);
    parts.push(
      known
        ? { kind: 'notModelled', name: one.name, why: 'is removed, and the model has it', line }
        : { kind: 'ignorable', what: `removal of ${printable(one.name, 60)}()`, line },
    );
  }
  return parts;
}

/** The same with what there was before: the model's base, and none of the patch's functions. */
function beforeThePatch(input: ReportInput): ReportInput {
  const environment = { ...input.environment, procedures: input.base ?? input.procedures };
  return { ...input, environment, names: { ...input.names, environment, imported: new Map() } };
}

/** `was`: its text before, if the hunk shows it. */
function definePart(define: DefineText, was: string | undefined, input: ReportInput): HunkPart {
  const request = requestDefine(define);
  const name = printable(define.name, 60);
  if (request !== null) {
    const value = requestValue(request, input.environment);
    const unjudged = changedFlags(request, input.environment).filter((flag) => !input.bindings.judgedFlags.has(flag));
    if (value !== null && unjudged.length > 0) {
      const why = `differs from the model's request in ${unjudged.join(', ')}, and no property tells what that breaks`;
      return { kind: 'notModelled', name, why, line: define.line };
    }
    if (value !== null) return { kind: 'define', name, line: define.line, value };
    return { kind: 'notModelled', name, why: 'is a request that the model has not', line: define.line };
  }
  const { bindings } = input;
  const bound =
    bindings.meanings.has(define.name) ||
    bindings.calls.has(define.name) ||
    bindings.iterations.has(define.name) ||
    input.environment.constants.has(define.name) ||
    input.environment.procedures.has(define.name);
  if (bound && was !== undefined && isSameNumber(was, define.body))
    return { kind: 'ignorable', what: `${name}, the same number as before`, line: define.line };
  if (bound) return { kind: 'notModelled', name, why: fixedMacro(define, was, bindings, input.environment.constants), line: define.line };
  return { kind: 'ignorable', what: `macro ${name}, which no checked function uses`, line: define.line };
}

/** Comments and declarations, named once a hunk. */
function quietParts(side: SideContents): HunkPart[] {
  const parts: HunkPart[] = [];
  const inFunctions = new Set(side.functions.flatMap((one) => one.lines.map((line) => line.line)));
  const outside = (index: number): boolean => !inFunctions.has(side.lines[index]?.line ?? 0);
  for (const [role, what] of [
    ['declaration', 'declaration'],
    ['comment', 'comment'],
  ] as const) {
    const at = side.lines.findIndex(
      (line, index) => line.change === 'added' && side.roles[index] === role && line.text.trim() !== '' && outside(index),
    );
    const line = side.lines[at];
    if (line !== undefined) parts.push({ kind: 'ignorable', what, line: line.line });
  }
  const at = side.lines.findIndex((line, index) => line.change === 'added' && side.roles[index] === 'directive');
  const line = side.lines[at];
  if (line !== undefined && outside(at)) {
    const include = /^\s*#\s*include\b/.test(line.text);
    parts.push(
      include
        ? { kind: 'ignorable', what: '#include', line: line.line }
        : { kind: 'notModelled', name: printable(line.text.trim(), 60), why: 'is a condition of the preprocessor', line: line.line },
    );
  }
  return parts;
}

/** Context next to code that was removed without a replacement. */
function touchedLines(hunk: Hunk): Set<number> {
  const touched = new Set<number>();
  const { lines } = hunk;
  for (let start = 0; start < lines.length; start += 1) {
    if (lines[start]?.kind === 'context') continue;
    let end = start;
    while (end + 1 < lines.length && lines[end + 1]?.kind !== 'context') end += 1;
    const block = lines.slice(start, end + 1);
    // A line of a comment, not a store through a pointer.
    const code = (one: { text: string }): boolean => !/^\s*(\/\*.*|\*(?:[\s/].*)?)?$/.test(one.text);
    if (block.some((one) => one.kind === 'removed' && code(one)) && !block.some((one) => one.kind === 'added' && code(one))) {
      const before = lines.slice(0, start).findLast((one) => one.kind === 'context' && code(one));
      const after = lines.slice(end + 1).find((one) => one.kind === 'context' && code(one));
      for (const one of [before, after]) if (one !== undefined) touched.add(one.line);
    }
    start = end;
  }
  return touched;
}

function fragmentPart(
  fragment: FragmentText,
  side: 'added' | 'removed',
  procedures: ReadonlyMap<string, Procedure>,
  input: ReportInput,
): HunkPart {
  const line = (fragment.changed[0] ?? fragment.cutOff[0])?.line ?? 0;
  const cut = fragment.cutOff[0];
  if (cut !== undefined)
    return {
      kind: 'notModelled',
      name: excerpt(cut.text),
      why: 'is part of a statement that the hunk does not show whole',
      line: cut.line,
    };
  if (fragment.enclosing === null)
    return {
      kind: 'notModelled',
      name: excerpt(fragment.changed[0]?.text ?? ''),
      why: 'stands in a function that the hunk does not name',
      line,
    };
  const candidates = input.bindings.standIns.get(fragment.enclosing) ?? [fragment.enclosing];
  let refusal: HunkPart | null = null;
  for (const name of candidates) {
    const procedure = procedures.get(name);
    if (procedure === undefined) continue;
    const lowered = lowerFragment(fragment, procedure, input.names, input.bindings, input.parser, input.file);
    const found = standsIn(lowered, fragment, procedure, procedures);
    if (found === 'ignorable') return { kind: 'ignorable', what: ignoredOn(lowered, fragment), line };
    if (found !== null) return { kind: 'stoodIn', procedure: name, side, line, pairs: found.pairs };
    const [first] = lowered.unmodelled;
    if (lowered.problem !== null)
      refusal ??= {
        kind: 'notModelled',
        name: excerpt(fragment.changed[0]?.text ?? ''),
        why: `cannot be read on its own: ${lowered.problem.what}`,
        line: lowered.problem.line,
      };
    else if (first !== undefined)
      refusal ??= {
        kind: 'notModelled',
        name: first.name,
        why: `${first.why} (in a part of ${printable(fragment.enclosing, 60)}())`,
        line: first.pos.line,
      };
  }
  if (refusal !== null) return refusal;
  const known = candidates.some((name) => procedures.has(name));
  const enclosing = printable(fragment.enclosing, 60);
  const why = known
    ? `is not what ${candidates.join(' or ')} of the model does there, and the patch does not show ${enclosing}() whole`
    : `stands in ${enclosing}(), which the model has not`;
  return { kind: 'notModelled', name: excerpt(fragment.changed[0]?.text ?? ''), why, line };
}

function ignoredOn(lowered: LoweredFragment, fragment: FragmentText): string {
  const lines = new Set(fragment.changed.map((one) => one.line));
  return lowered.ignored.find((one) => lines.has(one.pos.line))?.name ?? 'declaration';
}

/** Whether the procedure does what the piece does, all changed statements of it included. */
function standsIn(
  lowered: LoweredFragment,
  fragment: FragmentText,
  procedure: Procedure,
  procedures: ReadonlyMap<string, Procedure>,
): Agreement | 'ignorable' | null {
  if (lowered.problem !== null || lowered.unmodelled.length > 0) return null;
  const lines = new Set(fragment.changed.map((one) => one.line));
  const own = flattened(lowered.stmts).filter((stmt) => lines.has(stmt.pos.line));
  if (own.length === 0) return 'ignorable';
  const found = occursIn(lowered, procedure, procedures);
  return found !== null && own.every((stmt) => found.seen.has(stmt)) ? found : null;
}

/** Statements that do something, nested ones included. */
function flattened(stmts: readonly Stmt[]): Stmt[] {
  return stmts.flatMap((stmt) => {
    if (stmt.kind === 'if') return [stmt, ...flattened(stmt.then), ...flattened(stmt.else)];
    if (stmt.kind === 'loop' || stmt.kind === 'block') return flattened(stmt.body);
    return stmt.kind === 'leave' || stmt.kind === 'continue' ? [] : [stmt];
  });
}

function excerpt(text: string): string {
  return `\`${printable(text.trim(), 60)}\``;
}
