/**
 * C's declarations: which type of the model a spelled type is, and the signature of a function.
 */

import type { Position } from '../../compiler/ir/types.ts';
import { boolType, intTypes, voidType } from '../../compiler/ir/types.ts';
import type { Bindings, TypeMeaning } from '../bindings/schema.ts';
import { type CNode, child, childrenOf, named } from '../c/node.ts';
import { printable } from '../mail/unreadable.ts';
import type { LowerEnvironment, RecordText, Signature } from './environment.ts';
import { NotModelled } from './problems.ts';
import type { CType, RecordMember, RecordType } from './values.ts';
import { refTo } from './values.ts';

export interface TypeNames {
  readonly bindings: Pick<Bindings, 'types' | 'records'> & Partial<Pick<Bindings, 'outParams' | 'meanings' | 'typedefs' | 'seen'>>;
  readonly environment: Pick<LowerEnvironment, 'machine' | 'constants'>;
  /** Structures of the tree by spelled type: `struct tdp_iter`. */
  readonly structs?: ReadonlyMap<string, RecordText>;
}

/** The type of C spelled so (`struct kvm *`, `unsigned long`), or null. A `T *` of a scalar T is value-result. */
export function cType(written: string, names: TypeNames): CType | null {
  const [, base = written, stars = ''] = /^(.*?)( \*+)?$/.exec(written) ?? [];
  const spelled = `${names.bindings.typedefs?.get(base) ?? base}${stars}`;
  const meaning = names.bindings.types.get(spelled);
  if (meaning !== undefined) return meant(meaning, names);
  const pointed = spelled.endsWith(' *') ? spelled.slice(0, -2) : spelled;
  const text = names.bindings.records.has(pointed) ? names.structs?.get(pointed) : undefined;
  if (text !== undefined) return { kind: 'record', record: recordType(pointed, text, names), pointer: pointed !== spelled };
  if (!spelled.endsWith(' *')) return null;
  const inner = names.bindings.types.get(spelled.slice(0, -2));
  const type = inner === undefined ? null : meant(inner, names);
  return type?.kind === 'scalar' && type.type.kind !== 'pointer' ? { kind: 'inout', type: type.type } : null;
}

/** Longest array in a structure that is taken apart. */
const arrayLimit = 16;

function recordType(name: string, text: RecordText, names: TypeNames): RecordType {
  const members: RecordMember[] = [];
  const lost = new Set<string>();
  for (const { path, spelled, length } of text.members) {
    const type = names.bindings.records.has(spelled.replace(/ \*$/, '')) ? null : cType(spelled, names);
    const count = length === null ? 0 : arrayLength(length, names);
    if (type?.kind === 'unit' && length === null && names.bindings.seen?.get(name)?.has(path) === true)
      members.push({ path, length: 0, type: boolType, seenOf: type.table });
    else if (type?.kind === 'scalar' && count !== null) members.push({ path, length: count, type: type.type });
    else if (type?.kind === 'unit' && length === null) members.push({ path, length: 0, type: null, unit: type.table });
    else lost.add(path);
  }
  return { name, members, lost };
}

function arrayLength(spelled: string, names: TypeNames): number | null {
  const means = names.bindings.meanings?.get(spelled)?.means ?? spelled;
  const value = /^\d+$/.test(means) ? Number(means) : names.environment.constants.get(means)?.value;
  return value === undefined || value < 1 || value > arrayLimit ? null : value;
}

function meant(meaning: TypeMeaning, { environment }: TypeNames): CType | null {
  const tables = environment.machine.tables;
  if ('int' in meaning) return { kind: 'scalar', type: intTypes[meaning.int] };
  if ('bool' in meaning) return { kind: 'scalar', type: boolType };
  if ('void' in meaning) return voidType;
  if ('only' in meaning) return { kind: 'unit', table: meaning.only };
  if ('the' in meaning) return tables.some((table) => table.name === meaning.the) ? { kind: 'unit', table: meaning.the } : null;
  if ('ref' in meaning) return tables.some((table) => table.name === meaning.ref) ? { kind: 'scalar', type: refTo(meaning.ref) } : null;
  if ('pointer' in meaning) {
    const { table, field } = meaning.pointer;
    const found = tables.find((one) => one.name === table)?.fields.find((one) => one.path === field);
    return found === undefined || found.length === 0 ? null : { kind: 'scalar', type: { kind: 'pointer', table, field } };
  }
  const type = tables.find((one) => one.name === meaning.like.table)?.fields.find((one) => one.path === meaning.like.field)?.type;
  return type === undefined || type.kind === 'lock' || type.kind === 'list' ? null : { kind: 'scalar', type };
}

/** How a declaration spells its type, qualifiers aside: the `type` child, and the stars of the declarator. */
export function spelledType(declaration: CNode, declarator: CNode | null): string {
  const parts = declaration.children.filter((one) => one.field === 'type').map((one) => one.text);
  const base = parts
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/\b(const|volatile) /g, '')
    .replace(/^(long|short) unsigned/, 'unsigned $1')
    .replace(/\b(long|short) int$/, '$1')
    .trim();
  let stars = 0;
  for (
    let node = declarator;
    node?.type.endsWith('pointer_declarator') === true;
    node = child(node, 'declarator') ?? named(node).at(-1) ?? null
  ) {
    stars += 1;
    if (child(node, 'declarator') === null) break;
  }
  return base + (stars > 0 ? ` ${'*'.repeat(stars)}` : '');
}

/** The name inside a declarator, or null (`int (*f)(void)` and arrays have none that we read). */
export function declaredName(declarator: CNode | null): string | null {
  let node = declarator;
  while (node !== null && node.type === 'pointer_declarator') node = child(node, 'declarator');
  return node !== null && node.type === 'identifier' ? node.text : null;
}

/** `u64 *` as a pointer to a number of the caller. */
function outType(spelled: string, names: TypeNames): CType | null {
  const type = spelled.endsWith(' *') ? cType(spelled.slice(0, -2), names) : null;
  return type?.kind === 'scalar' ? { kind: 'inout', type: type.type } : null;
}

/** The signature of a `function_definition`. Throws `NotModelled` naming a type that the model has not. */
export function signatureOf(definition: CNode, names: TypeNames, position: (node: CNode) => Position): Signature {
  const fail = (name: string, why: string, node: CNode): never => {
    throw new NotModelled(printable(name, 60), why, position(node));
  };
  const outer = child(definition, 'declarator');
  let declarator = outer;
  while (declarator !== null && declarator.type === 'pointer_declarator') declarator = child(declarator, 'declarator');
  const name = declarator === null ? null : declaredName(child(declarator, 'declarator'));
  if (declarator?.type !== 'function_declarator' || name === null) return fail('definition', 'is not of a form that is read', definition);
  const resultSpelled = spelledType(definition, outer);
  const result = cType(resultSpelled, names) ?? fail(resultSpelled, 'is no type of the model', definition);
  const params: Signature['params'][number][] = [];
  const list = child(declarator, 'parameters');
  for (const node of list === null ? [] : named(list)) {
    if (node.type !== 'parameter_declaration') fail(node.text, 'is no parameter that is read', node);
    const own = childrenOf(node, 'declarator')[0] ?? null;
    const spelled = spelledType(node, own);
    if (own === null && spelled === 'void') continue;
    const param = declaredName(own);
    const type =
      param !== null && names.bindings.outParams?.get(name)?.includes(param) === true ? outType(spelled, names) : cType(spelled, names);
    if (type === null || type.kind === 'void') return fail(spelled, 'is no type of the model', node);
    if (param === null) return fail(node.text, 'is no parameter that is read', node);
    const now = names.bindings.seen?.get(name)?.get(param);
    params.push({ name: param, type: type.kind === 'unit' && now !== undefined ? { ...type, now } : type, spelled });
  }
  return {
    name,
    params,
    result:
      result.kind === 'inout' || result.kind === 'unit' || (result.kind === 'record' && result.pointer)
        ? fail(resultSpelled, 'is no result that is modelled', definition)
        : result,
  };
}
