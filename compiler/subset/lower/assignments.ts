/**
 * Declarations and assignments: locals, records, aliases, fields.
 *
 * In: declarators and assignment expressions. Out: locals, assigns, stores. Never: an assignment inside an expression.
 */
import type { Expression, VariableDeclaration } from 'oxc-parser';
import type { BinaryOperator, Expr, ScalarType } from '../../ir/types.ts';
import { localsOfExpr } from '../../ir/walk.ts';
import type { Span } from '../source.ts';
import { type RecordType, sameRecord } from '../types.ts';
import { type FunctionContext, local, type PartialPlace, typed, type Value } from './context.ts';
import { asType, plain } from './convert.ts';
import { combine } from './expressions.ts';
import { chainOf, fieldAt, load, memberLocal, placeOfExpression, scalarField, type WholePlace, wholeOf } from './places.ts';

export function declare(cx: FunctionContext, node: VariableDeclaration): void {
  if (node.kind !== 'let' && node.kind !== 'const') cx.refuse('MM101', node, `${node.kind} declarations`);
  for (const { id, init } of node.declarations) {
    if (id.type !== 'Identifier') cx.refuse('MM101', id, 'destructuring');
    const { name } = id;
    const annotation = id.typeAnnotation?.typeAnnotation ?? null;
    const declared = cx.guarded(() => {
      const type = annotation === null ? null : cx.declarations.typeOf(cx.source, annotation);
      if (type?.kind === 'void') cx.refuse('MM104', id, 'a local cannot be void');
      else if (type?.kind === 'record') declareRecord(cx, id, name, type, init, node.kind === 'let');
      else if (type === null && init !== null && node.kind === 'const' && declareAlias(cx, id, name, init)) return;
      else declareScalar(cx, id, name, type, init, node.kind === 'let');
    });
    if (!declared) cx.guarded(() => cx.bind(name, { kind: 'refused' }, id));
  }
}

function declareScalar(
  cx: FunctionContext,
  id: Span,
  name: string,
  type: ScalarType | null,
  init: Expression | null,
  writable: boolean,
): void {
  if (init === null) {
    if (type === null) cx.refuse('MM105', id, `${name} has neither a type nor a first value`);
    if (cx.jumps.some((target) => target.loop)) cx.refuse('MM129', id, `${name} is declared in a loop`);
    newLocal(cx, id, name, type, writable);
    return;
  }
  const value = cx.lower.value(cx, init, type ?? undefined);
  if (type === null && value.kind !== 'typed')
    cx.refuse('MM105', id, `${name} has no type, and ${cx.source.textOf(init)} has none of its own`);
  const expr = type === null ? plain(cx, value, init) : asType(cx, value, type, init);
  cx.intoNew(id, newLocal(cx, id, name, expr.type, writable), expr);
}
function newLocal(cx: FunctionContext, id: Span, name: string, type: ScalarType, writable: boolean): string {
  const fresh = cx.freshName(name);
  cx.bind(name, { kind: 'local', local: fresh, type, writable }, id);
  cx.addLocal({ name: fresh, type }, !writable || (!cx.assigned.has(name) && !cx.jumps.some((target) => target.loop)));
  return fresh;
}

function declareRecord(cx: FunctionContext, id: Span, name: string, type: RecordType, init: Expression | null, writable: boolean): void {
  if (init === null && cx.jumps.some((target) => target.loop)) cx.refuse('MM129', id, `${name} is declared in a loop`);
  const values = init === null ? [] : recordValues(cx, type, init);
  const fresh = cx.freshName(name);
  cx.bind(name, { kind: 'record', local: fresh, type, writable }, id);
  for (const { path, type: memberType } of type.members) {
    cx.addLocal({ name: `${fresh}.${path}`, type: memberType, record: { name: fresh, member: path } }, false);
  }
  for (const { path, expr, span } of values) cx.emit(span, { kind: 'assign', dst: `${fresh}.${path}`, value: expr });
}

interface MemberValue {
  readonly path: string;
  readonly expr: Expr;
  readonly span: Span;
}
/** The value of each member: of an object literal in the order of its text, or of another record. */
function recordValues(cx: FunctionContext, type: RecordType, init: Expression): MemberValue[] {
  if (init.type === 'Identifier') {
    const binding = cx.lookup(init.name);
    if (binding?.kind === 'refused') return cx.follow();
    if (binding?.kind !== 'record' || !sameRecord(binding.type, type))
      return cx.refuse('MM120', init, `${init.name} is not a ${type.name}`);
    return type.members.map((member) => ({ path: member.path, expr: local(`${binding.local}.${member.path}`, member.type), span: init }));
  }
  const values: MemberValue[] = [];
  collectMembers(cx, type, init, '', values);
  const missing = type.members.find((member) => !values.some((value) => value.path === member.path));
  if (missing !== undefined) cx.refuse('MM120', init, `${missing.path} of ${type.name} has no value`);
  return values;
}
function collectMembers(cx: FunctionContext, type: RecordType, node: Expression, prefix: string, values: MemberValue[]): void {
  if (node.type !== 'ObjectExpression') cx.refuse('MM120', node, `a ${type.name} is written { member: value, … }`);
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier' || property.computed || property.kind !== 'init') {
      cx.refuse('MM120', property, 'members are written name: value');
    }
    const path = prefix === '' ? property.key.name : `${prefix}.${property.key.name}`;
    const member = type.members.find((candidate) => candidate.path === path);
    if (member === undefined) {
      if (!type.members.some((candidate) => candidate.path.startsWith(`${path}.`)))
        cx.refuse('MM112', property.key, `${type.name} has no member ${path}`);
      collectMembers(cx, type, property.value, path, values);
      continue;
    }
    if (values.some((value) => value.path === path)) cx.refuse('MM120', property.key, `${path} is given twice`);
    const mark = cx.out.length;
    const expr = asType(cx, cx.lower.value(cx, property.value, member.type), member.type, property.value);
    const kept = cx.protect(
      mark,
      node,
      values.map((value) => value.expr),
    );
    kept.forEach((before, i) => {
      const value = values[i];
      if (value !== undefined) values[i] = { ...value, expr: before };
    });
    values.push({ path, expr, span: property });
  }
}

/** `const sp = pages[id]`, `const prev = mmus[m].prev_roots[i]`: another name for the place. False if it is a value. */
function declareAlias(cx: FunctionContext, id: Span, name: string, init: Expression): boolean {
  if (init.type !== 'MemberExpression') return false;
  const chain = chainOf(cx, init);
  if (chain?.kind !== 'place') {
    if (chain?.kind === 'member') {
      const value = memberLocal(cx, chain, init);
      cx.intoNew(id, newLocal(cx, id, name, value.type, false), value);
      return true;
    }
    return cx.refuse('MM102', init, `${cx.source.textOf(init)} is neither a field nor a record's member`);
  }
  const field = fieldAt(cx, chain.place);
  const scalar =
    field !== null && field.type.kind !== 'lock' && field.type.kind !== 'list' && (field.length === 0 || chain.place.index !== null);
  if (scalar) {
    const value = plain(cx, load(cx, wholeOf(cx, chain.place, init), init), init);
    cx.intoNew(id, newLocal(cx, id, name, value.type, false), value);
    return true;
  }
  const place: PartialPlace = { ...chain.place, row: held(cx, init, chain.place.row), index: held(cx, init, chain.place.index) };
  cx.bind(name, { kind: 'alias', place }, id);
  return true;
}
/** An expression that keeps its value as long as the alias that rests on it. */
function held(cx: FunctionContext, span: Span, expr: Expr | null): Expr | null {
  if (expr === null || cx.isStable(expr)) return expr;
  const dst = cx.temporary(expr.type);
  cx.emit(span, { kind: 'assign', dst, value: expr });
  return local(dst, expr.type);
}

const compound: Readonly<Record<string, BinaryOperator>> = {
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
  '&=': '&',
  '|=': '|',
  '^=': '^',
  '<<=': '<<',
  '>>=': '>>',
};

/** What is assigned to: a local (or a record's member), or a field. */
type Target =
  | { readonly kind: 'local'; readonly expr: Extract<Expr, { op: 'local' }> }
  | { readonly kind: 'field'; readonly whole: WholePlace };

/** `left operator right`; `++` and `--` give a literal for `right`. */
export function assign(cx: FunctionContext, left: Expression, operator: string, right: Expression | 1, node: Span): void {
  if (operator === '=' && left.type === 'Identifier' && right !== 1) {
    const binding = cx.lookup(left.name);
    if (binding?.kind === 'record') {
      assignRecord(cx, left.name, right, node);
      return;
    }
  }
  const target = targetOf(cx, left);
  const type = target.kind === 'local' ? target.expr.type : scalarField(cx, target.whole, left);
  const mark = cx.out.length;
  if (operator === '=') {
    if (right === 1) throw new TypeError('++ is not =');
    write(cx, target, cx.lower.value(cx, right, type), mark, right, node);
    return;
  }
  if (operator === '||=' || operator === '&&=') {
    assignUnless(cx, target, operator, right, node, left);
    return;
  }
  const binary = compound[operator];
  if (binary === undefined) cx.refuse('MM101', node, `the operator ${operator}`);
  const before = target.kind === 'local' ? typed(target.expr) : load(cx, target.whole, left);
  const after = cx.out.length;
  // As for `left op right` spelled out: a narrow field is widened before the operator, and literals take that type.
  const met = before.kind === 'typed' ? before.expr.type : type;
  const amount: Value = right === 1 ? { kind: 'literal', value: 1 } : cx.lower.value(cx, right, met);
  const kept = before.kind === 'typed' ? typed(cx.protect(after, node, [before.expr])[0] ?? before.expr) : before;
  write(cx, target, combine(cx, binary, kept, amount, node), mark, node, node);
}

function targetOf(cx: FunctionContext, left: Expression): Target {
  if (left.type === 'Identifier') {
    const binding = cx.lookup(left.name);
    if (binding?.kind === 'refused') return cx.follow();
    if (binding?.kind === 'local' && binding.writable)
      return { kind: 'local', expr: { op: 'local', type: binding.type, local: binding.local } };
    const known = binding !== null || cx.machine.tables.some((table) => table.name === left.name);
    if (!known && cx.constantNamed(left.name, { source: cx.source, span: left }) === null)
      return cx.refuse('MM102', left, `there is no ${left.name}`);
    return cx.refuse('MM110', left, `${left.name} is not a let`);
  }
  if (left.type !== 'MemberExpression') return cx.refuse('MM110', left, cx.source.textOf(left));
  const chain = chainOf(cx, left);
  if (chain?.kind === 'member') return { kind: 'local', expr: memberLocal(cx, chain, left) };
  return { kind: 'field', whole: chain?.kind === 'place' ? wholeOf(cx, chain.place, left) : placeOfExpression(cx, left) };
}

function write(cx: FunctionContext, target: Target, value: Value, mark: number, valueSpan: Span, node: Span): void {
  if (target.kind === 'local') {
    cx.checkWritable(target.expr.local, node);
    cx.into(node, target.expr.local, asType(cx, value, target.expr.type, valueSpan));
    return;
  }
  const { place, field } = target.whole;
  const expr = asType(cx, value, scalarField(cx, target.whole, node), valueSpan);
  if (field.type.kind === 'lock' || field.type.kind === 'list') throw new TypeError('a scalar field is no lock and no list');
  cx.emit(node, { kind: 'store', place: cx.protectPlace(mark, node, place), value: expr });
}

/** `x ||= e` evaluates and assigns `e` only if `x` is false. */
function assignUnless(cx: FunctionContext, target: Target, operator: string, right: Expression | 1, node: Span, left: Expression): void {
  if (right === 1) throw new TypeError('++ is not ||=');
  const before = target.kind === 'local' ? target.expr : plain(cx, load(cx, target.whole, left), left);
  if (before.type.kind !== 'bool') cx.refuse('MM106', left, `${operator} takes bools`);
  const body = cx.capture(() => write(cx, target, cx.lower.value(cx, right), 0, right, node));
  const cond: Expr = operator === '&&=' ? before : { op: 'unary', type: before.type, operator: '!', a: before };
  cx.emit(node, { kind: 'if', cond, then: body, else: [], condition: true });
}

function assignRecord(cx: FunctionContext, name: string, right: Expression, node: Span): void {
  const binding = cx.lookup(name);
  if (binding?.kind !== 'record') throw new TypeError('the caller looked');
  if (!binding.writable) cx.refuse('MM110', node, `${name} is not a let`);
  for (const { path } of binding.type.members) cx.checkWritable(`${binding.local}.${path}`, node);
  const values = recordValues(cx, binding.type, right);
  const own = new Set(binding.type.members.map((member) => `${binding.local}.${member.path}`));
  const kept = values.map((value) => {
    if (!localsOfExpr(value.expr).some((read) => own.has(read))) return value;
    const dst = cx.temporary(value.expr.type);
    cx.emit(value.span, { kind: 'assign', dst, value: value.expr });
    return { ...value, expr: local(dst, value.expr.type) };
  });
  for (const { path, expr, span } of kept) cx.emit(span, { kind: 'assign', dst: `${binding.local}.${path}`, value: expr });
}
