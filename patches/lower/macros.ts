/**
 * Macros of a kernel tree, expanded as the preprocessor would: arguments are put in as text, names mean what they mean where the macro is used.
 *
 * A number of the kernel's own (9 bits a level, 512 entries) is not taken from a macro: the model scales it, so it must be bound.
 */

import { type CNode, child, named, walk } from '../c/node.ts';
import { prepare } from '../c/prepare.ts';
import { partners, type SideLine, type Token, tokensOf } from '../c/tokens.ts';
import type { Context } from './context.ts';
import type { MacroText } from './environment.ts';
import type { Value } from './values.ts';

/** Longest text that expanding may give. */
const textLimit = 4000;
/** Most macros that one use may go through. */
const depthLimit = 12;
/** Stands for the statement behind an iteration macro. */
export const bodyName = '__statement_of_the_macro__';

/** The expression that a macro stands for, with these arguments (null: it is used without). Null if it is none that can be taken. */
export function expandExpression(name: string, args: readonly CNode[] | null, node: CNode, context: Context): Value | null {
  const macro = context.names.macros.get(name);
  if (macro === undefined || context.names.redefined.has(name) || (macro.params === null) !== (args === null)) return null;
  if (macro.body === '') return null;
  const scaled = tokensIn(macro.body).find((token) => token.kind === 'number' && !/^[01]([uUlL]*)$/.test(token.text));
  if (scaled !== undefined) return context.fail(name, `is a macro with the number ${scaled.text}, which the model may scale`, node);
  const text = substituted(
    name,
    macro,
    (args ?? []).map((arg) => textOf(arg, context)),
    node,
    context,
  );
  if (context.depth > depthLimit) return context.fail(name, 'is a macro in too many macros', node);
  const expression = context.names.macroExpression(text);
  if (expression === null) return context.fail(name, 'is a macro that is no expression, where one is wanted', node);
  return context.expanding(node, new Map(), () => context.expression(expression));
}

/** Lowers `macro(args) body` with the macro's definition in the tree. False if there is none. */
export function expandIteration(name: string, args: readonly CNode[], body: CNode, node: CNode, context: Context): boolean {
  const macro = context.names.macros.get(name);
  if (macro?.params == null) return false;
  if (context.depth > depthLimit) context.fail(name, 'is a macro in too many macros', node);
  let text = substituted(
    name,
    macro,
    args.map((arg) => textOf(arg, context)),
    node,
    context,
  );
  for (let hops = 0; ; hops += 1) {
    const tokens = tokensIn(text);
    const [first, open] = tokens;
    const inner = first?.kind === 'word' && open?.text === '(' ? context.names.macros.get(first.text) : undefined;
    if (first === undefined || inner?.params == null || context.names.bindings.iterations.has(first.text)) break;
    if (hops > depthLimit) context.fail(name, 'is a macro in too many macros', node);
    const close = partners(tokens)[1] ?? -1;
    const last = tokens[close];
    if (last === undefined) context.fail(name, 'is a macro that is not read', node);
    const passed = splitArguments(tokens.slice(2, close), text);
    text = `${substituted(first.text, inner, passed, node, context)} ${text.slice(last.offset + 1)}`;
  }
  const lines: SideLine[] = [{ text: `void f(void) { ${text} ${bodyName}; }`, line: 1, column: 1, hunk: 0, change: 'context' }];
  const prepared = prepare({ lines }, context.names.bindings);
  const statements = context.names.statements(prepared.text);
  if (statements === null) return false;
  const restore = context.outside();
  context.expanding(node, prepared.macros, () =>
    context.withBody(
      () => restore(() => context.statement(body)),
      () => {
        for (const statement of statements) context.statement(statement);
      },
    ),
  );
  return true;
}

/** The statement that stands for the body of an iteration macro. */
export function isBody(node: CNode): boolean {
  return node.type === 'expression_statement' && named(node)[0]?.text === bodyName;
}

function textOf(arg: CNode, context: Context): string {
  if (arg.text === '') context.fail('argument', 'of a macro is too long', arg);
  return arg.text.replace(/\s+/g, ' ');
}

function tokensIn(text: string): Token[] {
  return tokensOf([{ text, line: 1, column: 1, hunk: 0, change: 'context' }]);
}

function substituted(name: string, macro: MacroText, args: readonly string[], node: CNode, context: Context): string {
  const params = macro.params ?? [];
  if (args.length !== params.length) context.fail(name, `takes ${params.length} arguments, not ${args.length}`, node);
  let text = '';
  let at = 0;
  for (const token of tokensIn(macro.body)) {
    if (token.text === '##' || token.text === '#' || token.text === '...') context.fail(name, 'is a macro that makes names', node);
    const index = token.kind === 'word' ? params.indexOf(token.text) : -1;
    text += macro.body.slice(at, token.offset) + (index < 0 ? token.text : (args[index] ?? ''));
    at = token.offset + token.text.length;
    if (text.length > textLimit) context.fail(name, 'is a macro that becomes too long', node);
  }
  return text;
}

/** Texts between commas outside brackets. */
function splitArguments(tokens: readonly Token[], text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from: number | null = null;
  let to = 0;
  for (const token of tokens) {
    if (token.text === ',' && depth === 0) {
      parts.push(from === null ? '' : text.slice(from, to));
      from = null;
      continue;
    }
    if ('([{'.includes(token.text)) depth += 1;
    if (')]}'.includes(token.text)) depth -= 1;
    from ??= token.offset;
    to = token.offset + token.text.length;
  }
  if (from !== null) parts.push(text.slice(from, to));
  return parts;
}

/** The statements of a function's text that was made here. */
export function statementsOf(root: CNode): readonly CNode[] | null {
  for (const node of walk(root)) {
    if (node.type !== 'function_definition') continue;
    const body = child(node, 'body');
    return body === null ? null : named(body);
  }
  return null;
}
