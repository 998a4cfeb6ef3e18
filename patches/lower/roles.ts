/**
 * Roles of pages: a union of bit fields and one word of all of them. As a local it is taken apart like any structure; in a row it is those of its
 * parts that the model has, and `word` stands for all of them at once.
 */
import type { Expr } from '../../compiler/ir/types.ts';
import { boolType, intTypes } from '../../compiler/ir/types.ts';
import type { CNode } from '../c/node.ts';
import type { Context } from './context.ts';
import { memberOf } from './places.ts';
import { NotModelled } from './problems.ts';
import { partsOfNoConsequence, roleType, wholeWord } from './roleNames.ts';
import { assign, toBool, toScalar } from './scalars.ts';
import type { Value } from './values.ts';
import { commonType, constant, converted, falseExpr, trueExpr } from './values.ts';

/** The part of a role that the model has, or null. */
function partOf(role: Value, name: string, node: CNode, context: Context): Value | null {
  try {
    const part = memberOf(role, name, node, context);
    return part.kind === 'member' || part.kind === 'any' ? null : part;
  } catch (error) {
    if (error instanceof NotModelled) return null;
    throw error;
  }
}

/** A part that only one of two roles has says nothing, as long as it is one of which it is known that nothing hangs on it in the model. */
function mustBeKnown(name: string, node: CNode, context: Context): void {
  if (!partsOfNoConsequence.has(name))
    context.fail(`${roleType}.${name}`, 'is a part of a role that not all roles of the model have', node);
}

function partNames(context: Context): readonly string[] {
  return (context.names.structs.get(roleType)?.members ?? []).map(({ path }) => path).filter((path) => path !== wholeWord);
}

/** `to = from`: what the model has of either; the rest of a local is 0. */
export function copyRole(to: Value, from: Value, node: CNode, context: Context): void {
  let copied = 0;
  for (const name of partNames(context)) {
    const target = partOf(to, name, node, context);
    if (target === null || (target.kind !== 'local' && target.kind !== 'place')) {
      if (target === null) mustBeKnown(name, node, context);
      continue;
    }
    const source = partOf(from, name, node, context);
    if (source !== null) copied += 1;
    assign(target, source === null ? constant(0, intTypes.s32) : toScalar(source, node, context), node, context);
  }
  if (copied === 0) context.fail(node.text, 'copies a role of which the model has no part', node);
}

/** `a.word == b.word`: every part that both have is equal. Parts of `except` that are not 0 are left out, however many bits of them are set. */
export function sameWord(a: Value, b: Value, except: Value | null, node: CNode, context: Context): Expr {
  const result = context.temporary(boolType);
  context.emit({ kind: 'assign', dst: result.name, value: trueExpr }, node);
  let compared = 0;
  for (const name of partNames(context)) {
    const [left, right] = [partOf(a, name, node, context), partOf(b, name, node, context)];
    if (left === null && right === null) continue;
    if (left === null || right === null) {
      mustBeKnown(name, node, context);
      continue;
    }
    compared += 1;
    const [x, y] = [toScalar(left, node, context), toScalar(right, node, context)];
    const type = commonType(x.type.kind === 'bool' ? boolType : intTypes.u32, y.type.kind === 'bool' ? boolType : intTypes.u32);
    const cond: Expr = { op: 'binary', type: boolType, operator: '!=', a: converted(x, type) ?? x, b: converted(y, type) ?? y };
    const then = context.collect(() => context.emit({ kind: 'assign', dst: result.name, value: falseExpr }, node));
    const ignored = except === null ? null : partOf(except, name, node, context);
    const compare = (): void => context.emit({ kind: 'if', cond, then, else: [], condition: true, implied: true }, node);
    if (ignored === null) compare();
    else {
      const zero: Expr = { op: 'unary', type: boolType, operator: '!', a: toBool(ignored, node, context) };
      context.emit({ kind: 'if', cond: zero, then: context.collect(compare), else: [], condition: true, implied: true }, node);
    }
  }
  if (compared === 0) context.fail(node.text, 'compares roles of which the model has no part', node);
  return result.expr;
}
