/**
 * Specs as C functions: a label a node, a `goto` an edge.
 *
 * In: whole specs. Out: C functions. Never: where a step ends.
 */
import type { Param } from '../ir/types.ts';
import type { NodeOp, ProgramNode, Spec } from '../program/types.ts';
import { type PromelaContext, remark } from './context.ts';
import { expression, literal } from './expressions.ts';
import { bit, leaf, type StatementScope, setLocal } from './leaves.ts';

/** `w12`: the function of a whole spec. */
export function functionName(spec: number): string {
  return `w${spec}`;
}

/** Locals of a spec in C: plain variables, but those that a `free` may reach are elements of `refs`. */
export interface Locals {
  readonly names: ReadonlyMap<string, string>;
  /** In the order of the array. */
  readonly refs: readonly string[];
}

/** `reachable`: of which locals a `free` must know. */
export function localsOf(spec: Spec, prefix: string, reachable: (local: string) => boolean): Locals {
  const refs = [...spec.locals.keys()].filter(reachable);
  const names = [...spec.locals.keys()].map((local, k): [string, string] => {
    const at = refs.indexOf(local);
    return [local, at >= 0 ? `${prefix}refs[${at}]` : `${prefix}v${k}`];
  });
  return { names: new Map(names), refs };
}

/** The scope of statements of a spec whose locals are spelled so. */
export function scopeOf(
  context: PromelaContext,
  spec: Spec,
  { names }: Locals,
  ends: Pick<StatementScope, 'blocked' | 'announced'>,
): StatementScope {
  return {
    context,
    ...ends,
    local: (name) => {
      const spelled = names.get(name);
      if (spelled !== undefined) return spelled;
      const constant = spec.constants[spec.procedure.params.findIndex((param) => param.name === name)] ?? null;
      if (constant === null) throw new Error(`${spec.title}: no local ${name}`);
      return literal(constant);
    },
    typeOf: (name) => {
      const type = spec.locals.get(name);
      if (type === undefined) throw new Error(`${spec.title}: no local ${name}`);
      return type;
    },
  };
}

/** `{table, length, dangling}` of each of `refs`, for `Link`. */
export function shapeTable(context: PromelaContext, spec: Spec, refs: readonly string[]): string {
  const shapes = refs.map((local) => {
    const type = spec.locals.get(local);
    const shape = type === undefined ? null : context.refShape(type);
    if (shape === null) throw new Error(`${spec.title}: ${local} is no reference`);
    return `{ ${shape.table}, ${shape.length}, ${shape.dangling} }`;
  });
  return `{ ${shapes.join(', ')} }`;
}

/** Parameters that are passed: all that are not constants of the spec. */
export function passed(spec: Spec): { readonly param: Param; readonly position: number }[] {
  return spec.procedure.params
    .map((param, position) => ({ param, position }))
    .filter(({ position }) => (spec.constants[position] ?? null) === null);
}

function signature(spec: Spec): string {
  const params = passed(spec).map(({ param, position }) => (param.mode === 'inout' ? `ll *a${position}` : `ll a${position}`));
  return `static ll ${functionName(spec.index)}(${params.length === 0 ? 'void' : params.join(', ')})`;
}

/** Prototypes first, since functions call each other in any order. */
export function wholeFunctions(context: PromelaContext): string {
  const whole = context.program.specs.filter((spec) => spec.whole);
  return [...whole.map((spec) => `${signature(spec)};`), ...whole.map((spec) => wholeFunction(context, spec))].join('\n');
}

function wholeFunction(context: PromelaContext, spec: Spec): string {
  const freed = new Set(spec.mayFree.map((table) => context.tableNumber(table)));
  const locals = localsOf(spec, '', (local) => {
    const type = spec.locals.get(local);
    const shape = type === undefined ? null : context.refShape(type);
    return shape !== null && freed.has(shape.table);
  });
  const scope = scopeOf(context, spec, locals, { blocked: 'no_step();', announced: 'no_step();' });
  const plain = [...locals.names.values()].filter((name) => !name.includes('['));
  const given = passed(spec).map(
    ({ param, position }) => `${scope.local(param.name)} = ${param.mode === 'inout' ? `*a${position}` : `a${position}`};`,
  );
  const linked =
    locals.refs.length === 0
      ? []
      : [
          `  static const Shape shapes[] = ${shapeTable(context, spec, locals.refs)};`,
          `  ll refs[${locals.refs.length}] = { 0 };`,
          `  Link link = { links, ${locals.refs.length}, shapes, refs };`,
          '  links = &link;',
        ];
  const leave = [
    ...passed(spec).flatMap(({ param, position }) => (param.mode === 'inout' ? [`*a${position} = ${scope.local(param.name)};`] : [])),
    ...(locals.refs.length === 0 ? [] : ['links = link.next;']),
  ].join(' ');
  return [
    `${signature(spec)} { ${remark(spec.title)}`,
    ...(plain.length === 0 ? [] : [`  ll ${plain.map((name) => `${name} = 0`).join(', ')};`]),
    ...linked,
    `  ${given.join(' ')}`,
    `  goto n${spec.entry};`,
    ...spec.nodes.map((node) => `n${node.index}: ${wholeNode(node, scope, leave)}`),
    '}',
  ].join('\n');
}

function wholeNode(node: ProgramNode, scope: StatementScope, leave: string): string {
  const { op } = node;
  const go = (edge: number) => `goto n${node.next[edge]};`;
  switch (op.kind) {
    case 'return': {
      const value = op.value === null ? '0' : expression(op.value, scope);
      return `{ ll result = ${value}; ${leave} return result; }`;
    }
    case 'branch':
      return `if (${expression(op.cond, scope)}) ${go(0)} ${go(1)}`;
    default:
      return `${plainNode(op, scope)} ${op.kind === 'bound' ? '' : go(0)}`;
  }
}

/** Nodes with one way on, in whole specs and processes alike. */
export function plainNode(op: NodeOp, scope: StatementScope): string {
  const { context } = scope;
  switch (op.kind) {
    case 'leaf':
      return leaf(op.stmt, scope);
    // References dangle at the free itself.
    case 'dangle':
    case 'goto':
      return ';';
    case 'bound':
      return `message = ${context.message(op.message)}; end_path(bound);`;
    case 'call':
      return callWhole(op, scope);
    case 'wait':
      return `if (!${functionName(op.spec)}(${givenArguments(op.args, context.spec(op.spec), scope).join(', ')})) ${scope.blocked}`;
    case 'monitor':
      return monitor(op, scope);
    case 'branch':
    case 'return':
      throw new Error(`${op.kind} has no single way on`);
  }
}

function monitor(op: NodeOp & { kind: 'monitor' }, scope: StatementScope): string {
  const spec = scope.context.spec(op.spec);
  const call = `${functionName(op.spec)}(${givenArguments(op.args, spec, scope).join(', ')})`;
  if (op.property === null) return `${call};`;
  const { bound } = op.stmt;
  if (bound !== undefined) return `if (${call} > ${literal(bound)}) bad |= ${bit(op.property)};`;
  return spec.result.kind === 'bool' ? `if (!${call}) bad |= ${bit(op.property)};` : `${call};`;
}

/** Arguments of parameters that are not constants. In-out ones of a monitor or wait go nowhere. */
function givenArguments(args: readonly (import('../ir/types.ts').Expr | null)[], spec: Spec, scope: StatementScope): string[] {
  return passed(spec).map(({ param, position }) => {
    const arg = args[position] ?? null;
    const value = arg === null ? '0' : expression(arg, scope);
    return param.mode === 'inout' ? `&(ll){${value}}` : value;
  });
}

function callWhole(op: NodeOp & { kind: 'call' }, scope: StatementScope): string {
  const spec = scope.context.spec(op.spec);
  const given = givenArguments(op.args, spec, scope);
  const kept = passed(spec)
    .map(({ param, position }, n) => ({ param, position, n, value: given[n] ?? '0' }))
    .filter(({ param }) => param.mode === 'inout');
  const copies = kept.map(({ n, value }) => `ll b${n} = *${value};`).join(' ');
  const args = given.map((value, n) => (kept.some((one) => one.n === n) ? `&b${n}` : value));
  const back = kept.map(({ position, n }) => {
    const local = op.back[position] ?? null;
    return local === null ? '' : setLocal(scope, local, `b${n}`);
  });
  const dst = op.dst === null ? '' : setLocal(scope, op.dst, 'result');
  return `{ ${copies} ll result = ${functionName(op.spec)}(${args.join(', ')}); (void)result; ${back.join(' ')} ${dst} }`;
}
