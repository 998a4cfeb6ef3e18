/**
 * Calls of procedures: arguments by value, records in and out.
 *
 * In: call expressions. Out: call statements and the local of the result. Never: a primitive of the vocabulary.
 */
import type { CallExpression, Expression } from 'oxc-parser';
import type { Argument, Expr, ScalarType } from '../../ir/types.ts';
import type { Signature } from '../declarations.ts';
import { type RecordType, sameRecord } from '../types.ts';
import { type FunctionContext, local, typed, type Value } from './context.ts';
import { asType } from './convert.ts';
import { primitives } from './primitives.ts';

/** Null: it gives no value. */
export function lowerCall(cx: FunctionContext, node: CallExpression, hint: ScalarType | undefined): Value | null {
  if (node.callee.type !== 'Identifier' || node.optional)
    return cx.refuse('MM101', node.callee, 'only functions are called, by their name');
  const name = node.callee.name;
  const args = node.arguments.map((arg) => (arg.type === 'SpreadElement' ? cx.refuse('MM101', arg, 'spread arguments') : arg));
  const signature = cx.declarations.functions.get(name);
  if (signature !== undefined) return callProcedure(cx, node, signature, args);
  if (!Object.hasOwn(primitives, name)) return cx.refuse('MM102', node.callee, `there is no function ${name}`);
  const primitive = primitives[name];
  if (primitive === undefined) throw new Error('an own property is there');
  if (args.length < primitive.least || args.length > primitive.most) {
    const wanted = primitive.least === primitive.most ? primitive.least : `${primitive.least} or ${primitive.most}`;
    cx.refuse('MM116', node, `${name} takes ${wanted}, not ${args.length}`);
  }
  if (cx.waiting && !primitive.reads) return cx.refuse('MM127', node, `${name} does more than read`);
  return primitive.lower({ cx, node, args, hint });
}

function callProcedure(cx: FunctionContext, node: CallExpression, signature: Signature, args: readonly Expression[]): Value | null {
  if (args.length !== signature.params.length)
    cx.refuse('MM116', node, `${signature.name} takes ${signature.params.length}, not ${args.length}`);
  const given: Argument[] = [];
  const records = new Set<string>();
  args.forEach((arg, i) => {
    const param = signature.params[i];
    if (param === undefined) return;
    if (param.type.kind === 'record') {
      given.push(...recordArgument(cx, arg, param.type, records));
      return;
    }
    const mark = cx.out.length;
    const value = asType(cx, cx.lower.value(cx, arg, param.type), param.type, arg);
    protectArguments(cx, mark, arg, given);
    given.push({ mode: 'in', value });
  });
  if (signature.result.kind === 'void') {
    cx.emit(node, { kind: 'call', callee: signature.name, args: given, dst: null });
    return null;
  }
  const dst = cx.temporary(signature.result);
  cx.emit(node, { kind: 'call', callee: signature.name, args: given, dst });
  return typed(local(dst, signature.result));
}

function protectArguments(cx: FunctionContext, mark: number, span: Expression, given: Argument[]): void {
  const values: Expr[] = given.flatMap((arg) => (arg.mode === 'in' ? [arg.value] : []));
  const kept = cx.protect(mark, span, values);
  let next = 0;
  given.forEach((arg, i) => {
    const value = arg.mode === 'in' ? kept[next++] : undefined;
    if (value !== undefined) given[i] = { mode: 'in', value };
  });
}

function recordArgument(cx: FunctionContext, arg: Expression, type: RecordType, seen: Set<string>): Argument[] {
  const binding = arg.type === 'Identifier' ? cx.lookup(arg.name) : null;
  if (binding?.kind === 'refused') return cx.follow();
  if (binding?.kind !== 'record') return cx.refuse('MM120', arg, `${cx.source.textOf(arg)} is not a local of type ${type.name}`);
  if (!sameRecord(binding.type, type)) return cx.refuse('MM106', arg, `${binding.type.name} is not ${type.name}`);
  if (seen.has(binding.local)) cx.refuse('MM120', arg, `${cx.source.textOf(arg)} is passed twice`);
  seen.add(binding.local);
  for (const member of type.members) cx.checkWritable(`${binding.local}.${member.path}`, arg);
  return type.members.map((member) => ({ mode: 'inout', local: `${binding.local}.${member.path}` }));
}
