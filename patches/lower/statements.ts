/**
 * Statements of C. What a statement uses and the model has not is noted, and the next one is lowered, so
 * that a report names all of it.
 */
import type { Stmt } from '../../compiler/ir/types.ts';
import { boolType } from '../../compiler/ir/types.ts';
import { type CNode, child, childrenOf, named, walk } from '../c/node.ts';
import { listPlace } from './calls.ts';
import { lowerCondition } from './conditions.ts';
import type { Context } from './context.ts';
import { lowerExpr, part } from './expressions.ts';
import { NotModelled } from './problems.ts';
import { assign, toBool, toScalar, toType } from './scalars.ts';
import { cType, declaredName, spelledType } from './types.ts';
import type { Value } from './values.ts';
import { constant, localExpr, nullOf, refTo } from './values.ts';

/** Statements of a block, labels among them included. */
export function lowerBlock(nodes: readonly CNode[], context: Context): void {
  context.scoped(() => lowerFrom(nodes, 0, context));
}

/**
 * Statements from `start` on. A label among them makes those before it a block (a goto leaves it), and those
 * behind it a loop if a goto from there jumps back.
 */
function lowerFrom(nodes: readonly CNode[], start: number, context: Context): void {
  const at = nodes.findIndex((node, index) => index >= start && node.type === 'labeled_statement');
  if (at < 0) {
    for (const node of nodes.slice(start)) lowerStatement(node, context);
    return;
  }
  const labeled = nodes[at];
  if (labeled === undefined) return;
  const name = child(labeled, 'label')?.text ?? '';
  const rest = [...named(labeled).filter((one) => one.field !== 'label'), ...nodes.slice(at + 1)];
  const before = nodes.slice(start, at);
  if (jumpsTo(before, name)) {
    const label = context.label('to_');
    context.gotos.push({ name, label, again: false });
    const body = context.collect(() => {
      for (const node of before) lowerStatement(node, context);
    });
    context.gotos.pop();
    context.emit({ kind: 'block', label, body }, labeled);
  } else {
    for (const node of before) lowerStatement(node, context);
  }
  if (!jumpsTo(rest, name)) {
    lowerFrom(rest, 0, context);
    return;
  }
  const label = context.label('again_');
  context.gotos.push({ name, label, again: true });
  const body = context.collect(() => {
    lowerFrom(rest, 0, context);
    context.emit({ kind: 'leave', label }, labeled);
  });
  context.gotos.pop();
  context.emit({ kind: 'loop', label, body, bounded: false }, labeled);
}

function jumpsTo(nodes: readonly CNode[], name: string): boolean {
  for (const node of nodes) {
    for (const inner of walk(node)) if (inner.type === 'goto_statement' && child(inner, 'label')?.text === name) return true;
  }
  return false;
}

/** One statement. Never throws `NotModelled`: it is noted. */
export function lowerStatement(node: CNode, context: Context): void {
  try {
    const done = context.collect(() => statement(node, context));
    for (const stmt of done) context.keep(stmt);
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error;
    context.unmodelled.push(error.what);
  }
}

function statement(node: CNode, context: Context): void {
  const macro = context.macroAt(node);
  if (macro !== null) return iteration(macro, node, context);
  switch (node.type) {
    case 'comment':
      return;
    case 'compound_statement':
      return lowerBlock(named(node), context);
    case 'expression_statement': {
      const inner = named(node)[0];
      if (inner !== undefined) expressionStatement(inner, context);
      return;
    }
    case 'declaration':
      return declaration(node, context);
    case 'if_statement':
      return ifStatement(node, context);
    case 'while_statement':
      return loop(node, null, child(node, 'condition'), null, part(node, 'body', context), false, context);
    case 'do_statement':
      return doLoop(node, context);
    case 'for_statement':
      return forLoop(node, context);
    case 'switch_statement':
      return switchStatement(node, context);
    case 'return_statement':
      return returnStatement(node, context);
    case 'break_statement':
      return jump(node, 'break', context);
    case 'continue_statement':
      return jump(node, 'continue', context);
    case 'goto_statement': {
      const name = part(node, 'label', context).text;
      const target = context.gotos.findLast((one) => one.name === name);
      if (target === undefined) return context.fail(`goto ${name}`, 'jumps into a block', node);
      context.emit(target.again ? { kind: 'continue', label: target.label } : { kind: 'leave', label: target.label }, node);
      return;
    }
    default:
      context.fail(node.type.replaceAll('_', ' '), 'is not read', node);
  }
}

function expressionStatement(node: CNode, context: Context): void {
  if (node.type === 'call_expression') {
    const declarator = context.names.bindings.declarators.get(child(node, 'function')?.text ?? '');
    const list = child(node, 'arguments');
    const name = list === null ? undefined : named(list)[0];
    if (declarator !== undefined && name?.type === 'identifier') {
      const number = context.names.environment.constants.get(declarator.number);
      if (number === undefined) return context.fail(declarator.number, 'is no constant of this machine', node);
      context.declare(name.text, {
        kind: 'object',
        table: declarator.row,
        row: { op: 'rowAt', type: refTo(declarator.row), a: constant(number.value, number.type, declarator.number) },
      });
      return;
    }
  }
  const value = lowerExpr(node, context);
  // A bare name or path as a statement does nothing, but must mean something.
  if (value.kind === 'member') context.fail(value.spelled, `is no field of ${value.table} that the model has`, node);
}

function declaration(node: CNode, context: Context): void {
  for (const declarator of childrenOf(node, 'declarator')) {
    const initial = declarator.type === 'init_declarator' ? child(declarator, 'value') : null;
    const own = declarator.type === 'init_declarator' ? child(declarator, 'declarator') : declarator;
    const name = declaredName(own);
    const spelled = spelledType(node, own);
    if (name === null) return context.fail(declarator.text, 'is no declaration that is read', node);
    const type = cType(spelled, context.names);
    if (type === null || type.kind === 'void') return context.fail(spelled, 'is no type of the model', node);
    if (type.kind === 'unit') {
      const value = initial === null ? null : lowerExpr(initial, context);
      if (value?.kind !== 'unit' || value.table !== type.table)
        return context.fail(name, `is declared without being the ${type.table}`, node);
      context.declare(name, value);
      continue;
    }
    if (type.kind === 'inout') return context.fail(name, 'is a local pointer to a number', node);
    const value = initial === null ? null : lowerInitial(initial, type.type, context);
    const local: Value = { kind: 'local', name: context.newLocal(irName(name), type.type, false), type: type.type };
    context.declare(name, local);
    if (value !== null) assign(local, value, declarator, context);
  }
}

function lowerInitial(node: CNode, type: Parameters<typeof toType>[1], context: Context) {
  return type.kind === 'bool' ? toBool(lowerExpr(node, context), node, context) : toType(lowerExpr(node, context), type, node, context);
}

/** A local's name in the IR: the C name, cut if somebody made it absurdly long. */
export function irName(name: string): string {
  return name.length <= 64 ? name : `${name.slice(0, 60)}_cut`;
}

function ifStatement(node: CNode, context: Context): void {
  const condition = part(node, 'condition', context);
  const cond = lowerCondition(condition, context);
  const then = context.collect(() => context.scoped(() => lowerStatement(part(node, 'consequence', context), context)));
  const alternative = child(node, 'alternative');
  const otherwise =
    alternative === null ? [] : context.collect(() => context.scoped(() => lowerStatement(named(alternative)[0] ?? alternative, context)));
  context.emit({ kind: 'if', cond, then, else: otherwise, condition: true }, condition);
}

/** `for (initial; cond; step) body` and `while`. */
function loop(
  node: CNode,
  initial: CNode | null,
  cond: CNode | null,
  step: CNode | null,
  body: CNode,
  bounded: boolean,
  context: Context,
): void {
  context.scoped(() => {
    if (initial !== null) {
      if (initial.type === 'declaration') declaration(initial, context);
      else lowerExpr(initial, context);
    }
    const label = context.label('loop_');
    const round = context.label('round_');
    const stmts = context.collect(() => {
      if (cond !== null) {
        const go = lowerCondition(cond, context);
        context.emit(
          { kind: 'if', cond: go, then: [], else: context.collect(() => context.emit({ kind: 'leave', label }, node)), condition: true },
          cond,
        );
      }
      if (step === null) {
        context.inTarget({ leave: label, again: { kind: 'continue', label } }, () => lowerStatement(body, context));
        return;
      }
      const inner = context.collect(() =>
        context.inTarget({ leave: label, again: { kind: 'leave', label: round } }, () => lowerStatement(body, context)),
      );
      if (usesLabel(inner, round)) context.emit({ kind: 'block', label: round, body: inner }, body);
      else for (const stmt of inner) context.keep(stmt);
      lowerExpr(step, context);
    });
    context.emit({ kind: 'loop', label, body: stmts, bounded }, node);
  });
}

function doLoop(node: CNode, context: Context): void {
  const label = context.label('loop_');
  const round = context.label('round_');
  const body = part(node, 'body', context);
  const condition = part(node, 'condition', context);
  const stmts = context.collect(() => {
    const inner = context.collect(() =>
      context.inTarget({ leave: label, again: { kind: 'leave', label: round } }, () => lowerStatement(body, context)),
    );
    if (usesLabel(inner, round)) context.emit({ kind: 'block', label: round, body: inner }, body);
    else for (const stmt of inner) context.keep(stmt);
    const go = lowerCondition(condition, context);
    context.emit(
      { kind: 'if', cond: go, then: [], else: context.collect(() => context.emit({ kind: 'leave', label }, node)), condition: true },
      condition,
    );
  });
  context.emit({ kind: 'loop', label, body: stmts, bounded: false }, node);
}

function forLoop(node: CNode, context: Context): void {
  const initial = child(node, 'initializer');
  const condition = child(node, 'condition');
  const step = child(node, 'update');
  const body = part(node, 'body', context);
  loop(node, initial, condition, step, body, isCounting(initial, condition, step, body, context), context);
}

/** `for (i = a; i < N; i++)` with constants a and N, i written nowhere in the body. */
function isCounting(initial: CNode | null, condition: CNode | null, step: CNode | null, body: CNode, context: Context): boolean {
  if (initial === null || condition === null || step === null || step.type !== 'update_expression') return false;
  const name = child(step, 'argument')?.text;
  const assigned =
    initial.type === 'assignment_expression' ? initial : initial.type === 'declaration' ? childrenOf(initial, 'declarator')[0] : undefined;
  if (assigned === undefined || name === undefined) return false;
  const start = child(assigned, assigned.type === 'assignment_expression' ? 'right' : 'value');
  const variable = child(assigned, assigned.type === 'assignment_expression' ? 'left' : 'declarator');
  const left = child(condition, 'left');
  const right = child(condition, 'right');
  const operator = child(condition, 'operator')?.type ?? '';
  const fixed = (one: CNode | null): boolean =>
    one !== null && (one.type === 'number_literal' || (one.type === 'identifier' && context.lookup(one.text) === null));
  if (variable?.text !== name || left?.text !== name || !fixed(start) || !fixed(right)) return false;
  if (child(step, 'operator')?.type === '++' ? operator !== '<' && operator !== '<=' : operator !== '>' && operator !== '>=') return false;
  for (const inner of walk(body)) {
    if (inner.type === 'assignment_expression' && child(inner, 'left')?.text === name) return false;
    if ((inner.type === 'update_expression' || inner.type === 'pointer_expression') && child(inner, 'argument')?.text === name)
      return false;
  }
  return true;
}

/** `list_for_each_entry(cursor, list, member) body`, and macros that nothing is known of. */
function iteration(macro: string, node: CNode, context: Context): void {
  const known = context.names.redefined.has(macro) ? undefined : context.names.bindings.iterations.get(macro);
  if (known === undefined) return context.fail(macro, 'is a macro with a block that is not modelled', node);
  const args = commaParts(part(node, 'condition', context));
  const body = part(node, 'body', context);
  const cursor = lowerExpr(args[known.cursor] ?? context.fail(macro, 'has no cursor', node), context);
  const following = known.next === null ? null : lowerExpr(args[known.next] ?? context.fail(macro, 'has no second cursor', node), context);
  if (cursor.kind !== 'local' || (following !== null && following.kind !== 'local'))
    return context.fail(macro, 'steps something that is no local', node);
  const { place, element } = listPlace(args[known.list] ?? node, context);
  const forward = known.direction === 'forward';
  const step = (to: Value): void => {
    const temporary = context.temporary(element);
    context.emit(
      {
        kind: 'list',
        operator: forward ? 'next' : 'previous',
        list: place,
        element: toScalar(cursor, node, context),
        dst: temporary.name,
        exclusive: false,
      },
      node,
    );
    assign(to, temporary.expr, node, context);
  };
  const first = context.temporary(element);
  context.emit({ kind: 'list', operator: forward ? 'first' : 'last', list: place, element: null, dst: first.name, exclusive: false }, node);
  assign(cursor, first.expr, node, context);
  const label = context.label('loop_');
  const round = context.label('round_');
  const stmts = context.collect(() => {
    const here = localExpr(cursor.name, cursor.type);
    const some = { op: 'binary', type: boolType, operator: '!=', a: here, b: nullOf(cursor.type) } as const;
    context.emit(
      { kind: 'if', cond: some, then: [], else: context.collect(() => context.emit({ kind: 'leave', label }, node)), condition: true },
      node,
    );
    if (following !== null) step(following);
    const inner = context.collect(() =>
      context.inTarget({ leave: label, again: { kind: 'leave', label: round } }, () => lowerStatement(body, context)),
    );
    if (usesLabel(inner, round)) context.emit({ kind: 'block', label: round, body: inner }, body);
    else for (const stmt of inner) context.keep(stmt);
    if (following === null) step(cursor);
    else assign(cursor, toScalar(following, node, context), node, context);
  });
  context.emit({ kind: 'loop', label, body: stmts, bounded: false }, node);
}

function commaParts(node: CNode): CNode[] {
  const inner = node.type === 'parenthesized_expression' ? (named(node)[0] ?? node) : node;
  if (inner.type !== 'comma_expression') return [inner];
  return [...commaParts(child(inner, 'left') ?? inner), ...commaParts(child(inner, 'right') ?? inner)];
}

/** A switch whose cases do not fall through, except empty ones into the next. */
function switchStatement(node: CNode, context: Context): void {
  const condition = part(node, 'condition', context);
  const subject = toScalar(lowerExpr(condition, context), condition, context);
  if (subject.type.kind !== 'int') return context.fail('switch', 'is not over a number', node);
  const kept = context.temporary(subject.type);
  context.emit({ kind: 'assign', dst: kept.name, value: subject }, condition);
  const label = context.label('switch_');
  const matched = context.temporary(boolType);
  const cases = named(part(node, 'body', context));
  const body = context.collect(() => {
    let pending: CNode[] = [];
    let byDefault: CNode | null = null;
    for (const one of cases) {
      if (one.type !== 'case_statement') return context.fail('switch', 'holds statements before its first case', one);
      const value = child(one, 'value');
      const stmts = named(one).filter((inner) => inner !== value);
      if (value === null) {
        byDefault = one;
        if (one !== cases.at(-1) || pending.length > 0) return context.fail('default', 'is not the last case, or shares one', one);
        continue;
      }
      pending.push(value);
      if (stmts.length === 0) continue;
      if (!endsRound(stmts) && one !== cases.at(-1)) return context.fail('case', 'falls through', one);
      context.emit({ kind: 'assign', dst: matched.name, value: constant(0, boolType) }, one);
      for (const option of pending) {
        const equal = toType(lowerExpr(option, context), subject.type, option, context);
        const set = context.collect(() => context.emit({ kind: 'assign', dst: matched.name, value: constant(1, boolType) }, option));
        context.emit(
          {
            kind: 'if',
            cond: { op: 'binary', type: boolType, operator: '==', a: kept.expr, b: equal },
            then: set,
            else: [],
            condition: true,
          },
          option,
        );
      }
      pending = [];
      const then = context.collect(() =>
        context.inTarget({ leave: label, again: null }, () => {
          lowerBlock(stmts, context);
          context.emit({ kind: 'leave', label }, one);
        }),
      );
      context.emit({ kind: 'if', cond: matched.expr, then, else: [], condition: true }, one);
    }
    const last: CNode | null = byDefault;
    if (last !== null) context.inTarget({ leave: label, again: null }, () => lowerBlock(named(last), context));
  });
  context.emit({ kind: 'block', label, body }, node);
}

function endsRound(stmts: readonly CNode[]): boolean {
  const last = stmts.at(-1);
  if (last?.type === 'compound_statement') return endsRound(named(last));
  return last !== undefined && ['break_statement', 'return_statement', 'goto_statement', 'continue_statement'].includes(last.type);
}

function returnStatement(node: CNode, context: Context): void {
  const value = named(node)[0];
  if (context.result.kind !== 'scalar') {
    if (value !== undefined) lowerExpr(value, context);
    context.emit({ kind: 'return', value: null }, node);
    return;
  }
  if (value === undefined) return context.fail('return', 'gives no value', node);
  const { type } = context.result;
  const expr =
    type.kind === 'bool' ? toBool(lowerExpr(value, context), value, context) : toType(lowerExpr(value, context), type, value, context);
  context.emit({ kind: 'return', value: expr }, node);
}

function jump(node: CNode, kind: 'break' | 'continue', context: Context): void {
  const found = context.target(kind);
  if (found === null) return context.fail(kind, 'stands outside a loop', node);
  context.emit(found, node);
}

/** Whether a `leave` of that label is among the statements. */
export function usesLabel(stmts: readonly Stmt[], label: string): boolean {
  return stmts.some((stmt) => {
    switch (stmt.kind) {
      case 'leave':
      case 'continue':
        return stmt.label === label;
      case 'if':
        return usesLabel(stmt.then, label) || usesLabel(stmt.else, label);
      case 'loop':
      case 'block':
        return usesLabel(stmt.body, label);
      default:
        return false;
    }
  });
}
