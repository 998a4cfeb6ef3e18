/**
 * Functions that are lowered inside their callers, as a compiler would specialise them: those that are handed a function to call, or a
 * pointer to a part of a row, for which a procedure of the IR has no parameter.
 *
 * What such a parameter is, is known at each call, so nothing is lost; what is passed as a number is a local of its own. Positions are those of
 * the function's own text.
 */
import { type CNode, child, childrenOf, named } from '../c/node.ts';
import type { Context } from './context.ts';
import type { FunctionBody, Signature } from './environment.ts';
import { irName, usesLabel } from './irNames.ts';
import { copyRecord, makeRecord } from './records.ts';
import { isRole } from './roleNames.ts';
import { copyRole } from './roles.ts';
import { assign, toCType } from './scalars.ts';
import { cType, declaredName, spelledType } from './types.ts';
import type { CType, Value } from './values.ts';
import { localExpr } from './values.ts';

/** Most functions inside one another. */
const nestingLimit = 12;

/** Whether a function has a parameter or a result of a type for which there is no parameter in the IR, or a structure, members of which may be such. */
export function takesMore(body: FunctionBody, context: Context): boolean {
  const shape = shapeOf(body);
  if (shape === null) return false;
  const result = cType(shape.result, context.names);
  return (
    result === null ||
    result.kind === 'unit' ||
    shape.params.some(({ spelled }) => {
      const type = cType(spelled, context.names);
      return type === null || type.kind === 'record';
    })
  );
}

/** Whether a structure is wanted that is a part of a row here: no copy of it is passed. */
export function passesPartOfRow(signature: Signature, args: readonly CNode[], context: Context): boolean {
  return signature.params.some(({ type }, index) => {
    const arg = args[index];
    if (type.kind !== 'record' || !type.pointer || arg === undefined) return false;
    const value = context.probe(() => context.expression(arg))?.value;
    return value?.kind === 'address' && value.of.kind === 'member';
  });
}

/** Lowers a call by lowering the function's text where it is called. */
export function callInside(name: string, body: FunctionBody, args: readonly CNode[], node: CNode, context: Context): Value {
  if (context.isWithin(name)) context.fail(name, 'calls itself, and takes what no procedure can be passed', node);
  if (context.nesting > nestingLimit)
    context.fail(name, `stands in more than ${nestingLimit} functions that are lowered in their callers`, node);
  const shape = shapeOf(body);
  const text = child(body.definition, 'body');
  if (shape === null || text === null || shape.params.length !== args.length)
    return context.fail(name, `is not called as it is defined`, node);
  const result = cType(shape.result, context.names);
  if (result === null || result.kind === 'inout' || (result.kind === 'record' && result.pointer))
    return context.fail(shape.result, 'is no type of the model', node);
  const values = new Map(
    shape.params.map((param, index): [string, Value] => {
      const arg = args[index] ?? node;
      return [param.name, passed(param.name, cType(param.spelled, context.names), context.expression(arg), arg, context)];
    }),
  );
  const record =
    result.kind === 'record'
      ? makeRecord(context.fresh('result'), result.record, (local, type) => context.newLocal(local, type, true))
      : null;
  const dst = result.kind === 'scalar' ? context.newLocal(`result_${irName(name)}`, result.type, true) : null;
  const label = context.label('return_');
  const inside = { label, dst, given: null as Value | null };
  const stmts = context.collect(() => context.inlining({ name, result, record, inside }, body, values, () => context.block(named(text))));
  if (usesLabel(stmts, label)) context.emit({ kind: 'block', label, body: stmts }, node);
  else for (const stmt of stmts) context.keep(stmt);
  if (record !== null) return record;
  if (result.kind === 'scalar' && dst !== null) return { kind: 'scalar', expr: localExpr(dst, result.type) };
  if (result.kind === 'unit') return inside.given ?? context.fail(name, `gives no ${result.table}`, node);
  return { kind: 'void' };
}

/** What a parameter is inside: a local of its own where it has a value, and otherwise what it is outside. */
function passed(name: string, type: CType | null, value: Value, node: CNode, context: Context): Value {
  if (type?.kind === 'scalar') {
    const local: Value = { kind: 'local', name: context.newLocal(irName(name), type.type, false), type: type.type };
    assign(local, toCType(value, type, node, context) ?? context.fail(node.text, 'has no value', node), node, context);
    return local;
  }
  if (type?.kind === 'unit') {
    toCType(value, type, node, context);
    return value;
  }
  if (type?.kind === 'record' && !type.pointer) {
    const copy = makeRecord(context.fresh(irName(name)), type.record, (local, member) => context.newLocal(local, member, true));
    if (isRole(copy) && isRole(value)) copyRole(copy, value, node, context);
    else if (value.kind === 'record') copyRecord(copy, value, node, context);
    else context.fail(node.text, `is no ${type.record.name}`, node);
    return copy;
  }
  if (value.kind === 'inout') return value;
  if (value.kind === 'address' && ['local', 'place', 'member', 'onList'].includes(value.of.kind)) return value;
  if (value.kind === 'record' && (type === null || (type.kind === 'record' && value.type.name === type.record.name))) return value;
  if (type === null && (value.kind === 'function' || value.kind === 'any' || value.kind === 'unit')) return value;
  if (type === null && value.kind === 'scalar' && value.expr.op === 'const') return value;
  return context.fail(node.text, 'is no argument that is modelled', node);
}

/** Parameters and result as they are spelled; null if the definition is of no form that is read. */
function shapeOf({ definition }: FunctionBody): { result: string; params: { name: string; spelled: string }[] } | null {
  const outer = child(definition, 'declarator');
  let declarator = outer;
  while (declarator !== null && declarator.type === 'pointer_declarator') declarator = child(declarator, 'declarator');
  const list = declarator?.type === 'function_declarator' ? child(declarator, 'parameters') : null;
  if (list === null) return null;
  const params: { name: string; spelled: string }[] = [];
  for (const node of named(list)) {
    const own = childrenOf(node, 'declarator')[0] ?? null;
    const spelled = spelledType(node, own);
    if (own === null && spelled === 'void') continue;
    const name = declaredName(own);
    if (node.type !== 'parameter_declaration' || name === null) return null;
    params.push({ name, spelled });
  }
  return { result: spelledType(definition, outer), params };
}
