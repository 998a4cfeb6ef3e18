/**
 * Which functions have no effect that the model has. Found out, not believed: such a function reads and writes nothing that is bound,
 * takes no lock, gives no value, and calls only what is ignorable, too. What gives a value is never ignorable by itself: as a free choice
 * it would make up behaviour that no kernel has, so somebody must have said that it may be one.
 */
import type { Bindings } from '../bindings/schema.ts';
import { type CNode, child, childrenOf, walk } from '../c/node.ts';
import type { ParsedFunction } from '../lower/function.ts';
import { declaredName, spelledType } from '../lower/types.ts';

/** Names of the ignorable ones among `functions`. */
export function ignorableFunctions(functions: readonly ParsedFunction[], bindings: Bindings): ReadonlySet<string> {
  const bound = boundMembers(bindings);
  const facts = new Map(functions.map((one) => [one.source.name, factsOf(one, bindings, bound)]));
  const left = new Set([...facts].filter(([, { touches }]) => !touches).map(([name]) => name));
  for (let size = -1; left.size !== size; ) {
    size = left.size;
    for (const name of left) {
      const calls = facts.get(name)?.calls ?? [];
      if (!calls.every((callee) => left.has(callee) || bindings.isIgnorableCall(callee))) left.delete(name);
    }
  }
  return left;
}

/** Names of those that write nothing, take no lock, and call only such functions: they only compute a value. */
export function pureFunctions(functions: readonly ParsedFunction[], bindings: Bindings): ReadonlySet<string> {
  const calls = new Map<string, readonly string[]>();
  for (const { source, definition, macros } of functions) {
    const body = child(definition, 'body');
    if (body === null || macros.size > 0) continue;
    const nodes = [...walk(body)];
    const writes = nodes.some((node) => {
      if (node.type !== 'assignment_expression' && node.type !== 'update_expression') return false;
      return child(node, node.type === 'assignment_expression' ? 'left' : 'argument')?.type !== 'identifier';
    });
    const callees = nodes.filter((node) => node.type === 'call_expression').map((node) => child(node, 'function'));
    if (writes || callees.some((callee) => callee?.type !== 'identifier')) continue;
    calls.set(
      source.name,
      callees.map((callee) => callee?.text ?? ''),
    );
  }
  const left = new Set(calls.keys());
  for (let size = -1; left.size !== size; ) {
    size = left.size;
    for (const name of left)
      if (!(calls.get(name) ?? []).every((callee) => left.has(callee) || isValue(callee, bindings))) left.delete(name);
  }
  return left;
}

/** Last parts of all member paths that mean something: `hpa` of `root.hpa`. A member of that name anywhere counts as bound. */
function boundMembers(bindings: Bindings): ReadonlySet<string> {
  const names = new Set<string>();
  for (const table of [...bindings.fields.values(), ...bindings.objects.values()])
    for (const path of table.keys()) for (const part of path.split(/[.[\]]+/)) if (part !== 'arch') names.add(part);
  return names;
}

interface Facts {
  /** Reads or writes something bound, or writes through a pointer that may lead anywhere. */
  readonly touches: boolean;
  readonly calls: readonly string[];
}

function factsOf({ definition, macros }: ParsedFunction, bindings: Bindings, bound: ReadonlySet<string>): Facts {
  const calls: string[] = [];
  let touches = macros.size > 0 || spelledType(definition, child(definition, 'declarator')) !== 'void';
  const body = child(definition, 'body');
  const structures = structuresOf(definition, bindings);
  for (const node of body === null ? [] : walk(body)) {
    if (node.type === 'field_expression' && bound.has(child(node, 'field')?.text ?? '')) touches = true;
    if (node.type === 'assignment_expression' || node.type === 'update_expression') {
      const to = child(node, node.type === 'assignment_expression' ? 'left' : 'argument');
      if (to !== null && (isThroughPointer(to) || structures.has(rootOf(to)))) touches = true;
    }
    if (node.type === 'call_expression') {
      const callee = child(node, 'function');
      if (callee?.type !== 'identifier') touches = true;
      else if (!isValue(callee.text, bindings)) calls.push(callee.text);
    }
  }
  return { touches, calls };
}

/** Parameters that point to structures of the caller, which functions pass around: what is written there is the caller's. */
function structuresOf(definition: CNode, bindings: Bindings): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of walk(definition)) {
    if (node.type !== 'parameter_declaration') continue;
    const own = childrenOf(node, 'declarator')[0] ?? null;
    const name = declaredName(own);
    if (name !== null && bindings.records.has(spelledType(node, own).replace(/ \*$/, ''))) names.add(name);
  }
  return names;
}

/** The first name of `a->b[i].c`. */
function rootOf(node: CNode): string {
  let inner = node;
  for (;;) {
    const next = inner.type === 'field_expression' || inner.type === 'subscript_expression' ? child(inner, 'argument') : null;
    if (next === null) return inner.type === 'identifier' ? inner.text : '';
    inner = next;
  }
}

/** `*x = …`, `x[i] = …`: not a plain local, and no member that could be looked up by name. */
function isThroughPointer(node: CNode): boolean {
  return node.type === 'pointer_expression' || node.type === 'subscript_expression';
}

/** `likely(x)` and the like do nothing by themselves. */
function isValue(name: string, bindings: Bindings): boolean {
  const meaning = bindings.calls.get(name);
  return meaning !== undefined && 'value' in meaning;
}
