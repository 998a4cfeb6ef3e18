/**
 * Questions about syntax trees that need no types.
 *
 * In: oxc's nodes. Out: names, yes or no. Never: a scope.
 */
import { primitives } from './lower/primitives.ts';

/** Calls `visit` for a node and all nodes below it. */
export function visitNodes(node: unknown, visit: (node: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(node)) {
    for (const element of node) visitNodes(element, visit);
  } else if (typeof node === 'object' && node !== null) {
    const record = node as Record<string, unknown>;
    if (typeof record['type'] === 'string') visit(record);
    for (const value of Object.values(record)) if (typeof value === 'object') visitNodes(value, visit);
  }
}

/** Names that are assigned, or stepped by ++ and --, anywhere in a tree. */
export function assignedNames(node: unknown): Set<string> {
  const names = new Set<string>();
  const add = (target: unknown): void => {
    if (typeof target === 'object' && target !== null && 'type' in target && target.type === 'Identifier' && 'name' in target)
      names.add(String(target.name));
  };
  visitNodes(node, (found) => {
    if (found['type'] === 'AssignmentExpression') add(found['left']);
    if (found['type'] === 'UpdateExpression') add(found['argument']);
  });
  return names;
}

/** Whether every call in a tree is of a primitive that only reads. */
export function onlyReads(node: unknown): boolean {
  let reads = true;
  visitNodes(node, (found) => {
    if (found['type'] !== 'CallExpression') return;
    const callee = found['callee'] as { type: string; name?: string };
    const name = callee.name ?? '';
    if (callee.type !== 'Identifier' || !Object.hasOwn(primitives, name) || primitives[name]?.reads !== true) reads = false;
  });
  return reads;
}
