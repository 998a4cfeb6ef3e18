/**
 * What a patch does to bits that the model has not, and to calls whose effect it has not.
 *
 * In: a function before and after. Out: the first statement, or operand of a condition, with such a name that is not on both sides as it was.
 * Never: a statement that is only elsewhere in the function now, under the same conditions; another operand of the same condition.
 */
import type { Bindings } from '../bindings/schema.ts';
import { type CNode, child, named } from '../c/node.ts';
import type { ParsedFunction } from '../lower/function.ts';

/** Something of a unit that cannot be judged, or is nothing. Lines are the tree's, after the patch; of what is removed, before it. */
export interface Found {
  readonly name: string;
  readonly why: string;
  readonly line: number;
}

interface Said {
  readonly name: string;
  readonly line: number;
  /** Of an operand: the operators that join it to others, the outermost first. */
  readonly joined: readonly string[];
  /** How many operands its condition has. */
  readonly among: number;
}

/** `before`: null if the function is new. */
export function untoldChange(before: ParsedFunction | null, after: ParsedFunction, { untold }: Bindings): Found | null {
  const [old, fresh] = [before === null ? new Map<string, Said>() : statementsWith(before, untold), statementsWith(after, untold)];
  const [found] = [...difference(fresh, old), ...difference(old, fresh)];
  if (found === undefined) return null;
  const why = `has no effect that the model has, so nobody would tell what the patch changes about it (in ${after.source.name}())`;
  return { name: found.name, why, line: found.line };
}

function difference(some: ReadonlyMap<string, Said>, others: ReadonlyMap<string, Said>): Said[] {
  return [...some].flatMap(([text, said]) => {
    const other = others.get(text);
    return other !== undefined && isJoinedAlike(said, other) ? [] : [said];
  });
}

/** Operands beside it may come and go: one is the other, without some of its operators. */
function isJoinedAlike(a: Said, b: Said): boolean {
  const [longer, shorter] = a.joined.length >= b.joined.length ? [a.joined, b.joined] : [b.joined, a.joined];
  if (a.among === b.among && longer.length !== shorter.length) return false;
  let next = 0;
  for (const operator of longer) if (operator === shorter[next]) next += 1;
  return next === shorter.length;
}

/** Innermost statements and operands of conditions with such a name, by their text and that of the conditions that they are under. */
function statementsWith({ definition, source }: ParsedFunction, untold: ReadonlySet<string>): Map<string, Said> {
  const found = new Map<string, Said>();
  const counts = new Map<string, number>();
  const keep = (node: CNode, under: string, joined: readonly string[], among: number): void => {
    const name = nameIn(node, untold);
    if (name === null) return;
    const text = `${under}${spaced(node.text)}`;
    const count = counts.get(text) ?? 0;
    counts.set(text, count + 1);
    found.set(`${text} ${count}`, { name, line: source.lines[Math.min(node.row, source.lines.length - 1)]?.line ?? 0, joined, among });
  };
  const visit = (node: CNode, under: string): void => {
    const condition = child(node, 'condition');
    if (isInnermost(node)) keep(node, under, [], 1);
    const operands = isInnermost(node) || condition === null ? [] : operandsOf(condition, []);
    for (const { operand, joined } of operands) keep(operand, `${under}${node.type}: `, joined, operands.length);
    const inside = condition === null ? under : `${under}${node.type} ${spaced(condition.text)}: `;
    for (const one of node.children) visit(one, inside);
  };
  visit(definition, '');
  return found;
}

/** What `&&` and `||` join. */
function operandsOf(node: CNode, joined: readonly string[]): { readonly operand: CNode; readonly joined: readonly string[] }[] {
  const [only, ...more] = named(node);
  if (node.type === 'parenthesized_expression' && only !== undefined && more.length === 0) return operandsOf(only, joined);
  const operator = node.type === 'binary_expression' ? child(node, 'operator')?.text : undefined;
  if (operator !== '&&' && operator !== '||') return [{ operand: node, joined }];
  // A chain of one operator joins once.
  const further = joined.at(-1) === operator ? joined : [...joined, operator];
  return ['left', 'right'].flatMap((field) => {
    const side = child(node, field);
    return side === null ? [] : operandsOf(side, further);
  });
}

function isInnermost({ type }: CNode): boolean {
  return type === 'expression_statement' || type === 'declaration' || type === 'return_statement';
}

function nameIn(node: CNode, names: ReadonlySet<string>): string | null {
  if ((node.type === 'identifier' || node.type === 'field_identifier') && names.has(node.text)) return node.text;
  for (const one of node.children) {
    const found = nameIn(one, names);
    if (found !== null) return found;
  }
  return null;
}

const spaced = (text: string): string => text.replace(/\s+/g, ' ');
