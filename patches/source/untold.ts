/**
 * What a patch does to bits that the model has not.
 *
 * In: a function before and after. Out: the first statement with such a bit that is not on both sides as it was. Never: a statement that is only
 * elsewhere in the function now, under the same conditions.
 */
import type { Bindings } from '../bindings/schema.ts';
import { type CNode, child } from '../c/node.ts';
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
}

/** `before`: null if the function is new. */
export function untoldChange(before: ParsedFunction | null, after: ParsedFunction, { untold }: Bindings): Found | null {
  const [old, fresh] = [before === null ? new Map<string, Said>() : statementsWith(before, untold), statementsWith(after, untold)];
  const [found] = [...difference(fresh, old), ...difference(old, fresh)];
  if (found === undefined) return null;
  const why = `is nothing that SPTEs of the model have, so nobody would tell what the patch changes about it (in ${after.source.name}())`;
  return { ...found, why };
}

function difference(some: ReadonlyMap<string, Said>, others: ReadonlyMap<string, Said>): Said[] {
  return [...some].flatMap(([text, said]) => (others.has(text) ? [] : [said]));
}

/** Innermost statements with such a name, by their text and that of the conditions that they are under. */
function statementsWith({ definition, source }: ParsedFunction, untold: ReadonlySet<string>): Map<string, Said> {
  const found = new Map<string, Said>();
  const counts = new Map<string, number>();
  const visit = (node: CNode, under: string): void => {
    const condition = child(node, 'condition');
    const name = isInnermost(node) ? nameIn(node, untold) : condition === null ? null : nameIn(condition, untold);
    if (name !== null) {
      const text = `${under}${spaced(node.text)}`;
      const count = counts.get(text) ?? 0;
      counts.set(text, count + 1);
      found.set(`${text} ${count}`, { name, line: source.lines[Math.min(node.row, source.lines.length - 1)]?.line ?? 0 });
    }
    const inside = condition === null ? under : `${under}${node.type} ${spaced(condition.text)}: `;
    for (const one of node.children) visit(one, inside);
  };
  visit(definition, '');
  return found;
}

function isInnermost({ type }: CNode): boolean {
  return type === 'expression_statement' || type === 'declaration' || type === 'return_statement';
}

function nameIn(node: CNode, names: ReadonlySet<string>): string | null {
  if (node.type === 'identifier' && names.has(node.text)) return node.text;
  for (const one of node.children) {
    const found = nameIn(one, names);
    if (found !== null) return found;
  }
  return null;
}

const spaced = (text: string): string => text.replace(/\s+/g, ' ');
