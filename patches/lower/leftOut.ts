/**
 * What is left out of a function since the machine never reaches it: it may lack anything, and another machine may reach it.
 *
 * In: a node. Out: an entry among what was ignored, with the statements and conditions in it. Never: a statement of the IR.
 */
import { type CNode, child, walk } from '../c/node.ts';
import type { Context } from './context.ts';
import { type LeftOut, leftOutMark } from './problems.ts';

/** `name`: the first thing that it lacks. */
export function leaveOut(name: string, node: CNode, context: Context): void {
  context.ignore(`${name.slice(0, 40)} ${leftOutMark}`, node);
  context.leftOut.push(...leavesOf(node).map((leaf) => extentOf(leaf, context)));
}

/** What a node lacks, from the entry `lacking` on, is no matter, for it is never done; that it was left out is said. */
export function forget(lacking: number, node: CNode, context: Context): void {
  const [first] = context.unmodelled.splice(lacking);
  leaveOut(first?.name ?? '', node, context);
}

const statements = new Set([
  'expression_statement',
  'declaration',
  'return_statement',
  'goto_statement',
  'break_statement',
  'continue_statement',
]);

/** Statements that hold no others, and conditions; of an operand itself. */
function leavesOf(node: CNode): CNode[] {
  const found = [...walk(node)].flatMap((inner) => (statements.has(inner.type) ? [inner] : (child(inner, 'condition') ?? [])));
  return found.length === 0 ? [node] : found;
}

function extentOf(node: CNode, context: Context): LeftOut {
  const places = [...walk(node)].filter(({ type }) => type !== 'comment').map((inner) => context.position(inner));
  const lines = places.map(({ line }) => line);
  const { file } = context.position(node);
  return { file, first: Math.min(...lines), last: Math.max(...lines), added: places.some(({ change }) => change === 'added') };
}
