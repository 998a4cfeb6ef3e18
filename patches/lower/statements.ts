/**
 * Statements of C. What a statement uses and the model has not is noted, and the next one is lowered, so
 * that a report names all of it.
 */
import { boolType, type Expr, type Stmt } from '../../compiler/ir/types.ts';
import { type CNode, child, childrenOf, named, walk } from '../c/node.ts';
import { alwaysIs } from './conditions.ts';
import type { Context } from './context.ts';
import { lowerExpr } from './expressions.ts';
import { swapParts } from './inRow.ts';
import { irName } from './irNames.ts';
import { forget } from './leftOut.ts';
import { doLoop, forLoop, iteration, loop } from './loops.ts';
import { isBody } from './macros.ts';
import { part } from './parts.ts';
import { NotModelled } from './problems.ts';
import { copyRecord, initialise, makeRecord } from './records.ts';
import { isRole } from './roleNames.ts';
import { copyRole } from './roles.ts';
import { assign, toBool, toScalar, toType } from './scalars.ts';
import { cType, declaredName, spelledType } from './types.ts';
import type { Value } from './values.ts';
import { constant, refTo, trueExpr } from './values.ts';

/** More labels than any function has; each costs a level of recursion. */
const labelLimit = 40;

/** Statements of a block, labels among them included. */
export function lowerBlock(nodes: readonly CNode[], context: Context): void {
  const depth = context.pending;
  context.scoped(() => lowerFrom(nodes, 0, context));
  // A guard's end cannot be seen from behind labels, which make blocks and loops of their own.
  if (context.pending > depth) context.endBlock(depth, endsRound(nodes));
}

/**
 * Statements from `start` on. A label among them makes those before it a block (a goto leaves it), and those
 * behind it a loop if a goto from there jumps back.
 */
function lowerFrom(nodes: readonly CNode[], start: number, context: Context): void {
  const at = labelToBeginWith(nodes, start);
  if (at < 0) {
    lowerInOrder(nodes.slice(start), context);
    return;
  }
  const labeled = nodes[at];
  if (labeled === undefined) return;
  if (start === 0 && nodes.filter((node) => node.type === 'labeled_statement').length > labelLimit) {
    context.unmodelled.push({
      name: context.functionName,
      why: `has more than ${labelLimit} labels in one block`,
      pos: context.position(labeled),
    });
    return;
  }
  const name = child(labeled, 'label')?.text ?? '';
  const rest = [...named(labeled).filter((one) => one.field !== 'label'), ...nodes.slice(at + 1)];
  const before = nodes.slice(start, at);
  if (jumpsTo(before, name)) {
    const label = context.label('to_');
    context.gotos.push({ name, label, again: false, cleanups: context.pending });
    const body = context.collect(() => lowerFrom(before, 0, context));
    context.gotos.pop();
    context.emit({ kind: 'block', label, body }, labeled);
  } else lowerFrom(before, 0, context);
  if (!jumpsTo(rest, name)) {
    lowerFrom(rest, 0, context);
    return;
  }
  const label = context.label('again_');
  context.gotos.push({ name, label, again: true, cleanups: context.pending });
  const body = context.collect(() => {
    lowerFrom(rest, 0, context);
    context.emit({ kind: 'leave', label }, labeled);
  });
  context.gotos.pop();
  context.emit({ kind: 'loop', label, body, bounded: false }, labeled);
}

/** One statement after the other. What stands behind one that never goes on is never done. */
function lowerInOrder(nodes: readonly CNode[], context: Context): void {
  let ended = false;
  for (const node of nodes) {
    const lacking = context.unmodelled.length;
    const stmts = context.collect(() => lowerStatement(node, context));
    if (ended && context.unmodelled.length > lacking) forget(lacking, node, context);
    else for (const stmt of stmts) context.keep(stmt);
    ended ||= neverGoesOn(stmts);
  }
}

/** Whether constants tell that nothing behind these statements is reached. */
function neverGoesOn(stmts: readonly Stmt[]): boolean {
  const last = stmts.at(-1);
  if (last === undefined) return false;
  if (last.kind === 'return' || last.kind === 'leave' || last.kind === 'continue') return true;
  if (last.kind !== 'if') return false;
  if (last.cond.op === 'const') return neverGoesOn(last.cond.value === 0 ? last.else : last.then);
  return neverGoesOn(last.then) && neverGoesOn(last.else);
}

/**
 * The last label, so that what stands before it may jump to it whatever labels lie between; the first one where something behind a later
 * label jumps back. -1: there is none.
 */
function labelToBeginWith(nodes: readonly CNode[], start: number): number {
  const places = nodes.flatMap((node, index) => (index >= start && node.type === 'labeled_statement' ? [index] : []));
  const [first = -1] = places;
  const last = places.at(-1) ?? -1;
  const jumpsBack = places.some((place) => {
    const node = nodes[place];
    const following = places.find((other) => other > place);
    return node !== undefined && following !== undefined && jumpsTo(nodes.slice(following), child(node, 'label')?.text ?? '');
  });
  return jumpsBack ? first : last;
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
    context.unmodelled.push({ ...error.what, statement: { from: context.position(node).line, to: context.lastLine(node) } });
  }
}

function statement(node: CNode, context: Context): void {
  const macro = context.macroAt(node);
  if (macro !== null) {
    iteration(macro, node, context);
    return;
  }
  switch (node.type) {
    case 'comment':
      return;
    case 'compound_statement':
      lowerBlock(named(node), context);
      return;
    case 'expression_statement': {
      if (isBody(node) && context.macroBody()) return;
      const inner = named(node)[0];
      if (inner !== undefined) expressionStatement(inner, context);
      return;
    }
    case 'declaration':
      declaration(node, context);
      return;
    case 'if_statement':
      ifStatement(node, context);
      return;
    case 'while_statement':
      loop(node, null, child(node, 'condition'), null, part(node, 'body', context), false, context);
      return;
    case 'do_statement':
      doLoop(node, context);
      return;
    case 'for_statement':
      forLoop(node, context);
      return;
    case 'switch_statement':
      switchStatement(node, context);
      return;
    case 'return_statement':
      returnStatement(node, context);
      return;
    case 'break_statement':
      jump(node, 'break', context);
      return;
    case 'continue_statement':
      jump(node, 'continue', context);
      return;
    case 'goto_statement': {
      const name = part(node, 'label', context).text;
      const target = context.gotos.findLast((one) => one.name === name);
      if (target === undefined) context.fail(`goto ${name}`, 'jumps into a block', node);
      context.cleanUp(target.cleanups);
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
      if (number === undefined) {
        // On a machine without lists nothing is ever put on one.
        context.declare(name.text, { kind: 'unit', table: 'emptyList' });
        return;
      }
      context.declare(name.text, {
        kind: 'object',
        table: declarator.row,
        row: { op: 'rowAt', type: refTo(declarator.row), a: constant(number.value, number.type, declarator.number) },
      });
      return;
    }
  }
  if (guard(node, context) || swap(node, context)) return;
  context.effect(node);
}

/** `guard(mutex)(&lock);`: taken now, and let go of on every way out of the block. */
function guard(node: CNode, context: Context): boolean {
  const callee = node.type === 'call_expression' ? child(node, 'function') : null;
  if (callee?.type !== 'call_expression' || child(callee, 'function')?.text !== 'guard') return false;
  const [kind, list] = [child(callee, 'arguments'), child(node, 'arguments')];
  const name = kind === null ? '' : (named(kind)[0]?.text ?? '');
  const meaning = context.names.bindings.guards.get(name);
  if (meaning === undefined) context.fail(`guard(${name})`, 'is no guard that the model has', node);
  if (context.gotos.length > context.frame.gotos) context.fail(`guard(${name})`, 'stands among labels', node);
  const [argument] = list === null ? [] : named(list);
  const values = new Map<string, Value>(argument === undefined ? [] : [['x', lowerExpr(argument, context)]]);
  const run = (text: string): void =>
    context.at(node, () => context.isolated(values, () => void context.expression(context.names.meaning(text))));
  run(meaning.enter);
  context.atEnd(() => run(meaning.leave));
  return true;
}

/** `swap(a, b);` of structures that lie in rows, or of two places. */
function swap(node: CNode, context: Context): boolean {
  const list = node.type === 'call_expression' && child(node, 'function')?.text === 'swap' ? child(node, 'arguments') : null;
  const [one, other] = list === null ? [] : named(list);
  if (one === undefined || other === undefined) return false;
  const [a, b] = [lowerExpr(one, context), lowerExpr(other, context)];
  if (a.kind === 'member' && b.kind === 'member') {
    swapParts(a, b, node, context);
    return true;
  }
  const [x, y] = [toScalar(a, one, context), toScalar(b, other, context)].map((expr) => {
    const kept = context.temporary(expr.type);
    context.emit({ kind: 'assign', dst: kept.name, value: expr }, node);
    return kept.expr;
  });
  if (x !== undefined && y !== undefined) {
    assign(a, y, node, context);
    assign(b, x, node, context);
  }
  return true;
}

function declaration(node: CNode, context: Context): void {
  for (const declarator of childrenOf(node, 'declarator')) {
    const initial = declarator.type === 'init_declarator' ? child(declarator, 'value') : null;
    const own = declarator.type === 'init_declarator' ? child(declarator, 'declarator') : declarator;
    const name = declaredName(own);
    const spelled = spelledType(node, own);
    if (name === null) context.fail(declarator.text, 'is no declaration that is read', node);
    const type = cType(spelled, context.names);
    if (type === null || type.kind === 'void') context.fail(spelled, 'is no type of the model', node);
    if (type.kind === 'unit') {
      if (initial === null || (initial.type === 'initializer_list' && !context.isSingleton(type.table))) {
        context.declare(name, { kind: 'unit', table: type.table });
        continue;
      }
      const value = lowerExpr(initial, context);
      if (value.kind !== 'unit' || value.table !== type.table) context.fail(name, `is declared without being the ${type.table}`, node);
      context.declare(name, value);
      continue;
    }
    if (type.kind === 'inout') {
      if (!context.names.bindings.ownPointers.has(spelled) || initial !== null) context.fail(name, 'is a local pointer to a number', node);
      context.declare(name, { kind: 'inout', name: context.newLocal(irName(name), type.type, false), type: type.type });
      continue;
    }
    if (type.kind === 'record') {
      if (type.pointer) context.fail(name, 'is a local pointer to a structure', node);
      const record = makeRecord(context.fresh(irName(name)), type.record, (local, member) => context.newLocal(local, member, false));
      context.declare(name, record);
      if (initial?.type === 'initializer_list') initialise(record, initial, context);
      else if (initial !== null) {
        const value = lowerExpr(initial, context);
        if (isRole(record) && isRole(value)) {
          copyRole(record, value, declarator, context);
          continue;
        }
        if (value.kind !== 'record') context.fail(name, 'is a structure that is set to something else', node);
        copyRecord(record, value, declarator, context);
      }
      continue;
    }
    const declared = (): Value => {
      const local: Value = { kind: 'local', name: context.newLocal(irName(name), type.type, false), type: type.type };
      context.declare(name, local);
      return local;
    };
    let value: Expr | null = null;
    try {
      if (initial !== null) value = lowerInitial(initial, type.type, context);
    } catch (error) {
      // What its first value lacks is all that is lacking: the name is known from here on.
      declared();
      throw error;
    }
    // `bool is_tdp = is_tdp_mmu(mmu)`, where there is no other MMU: what hangs on it is decided.
    const decided = type.type.kind === 'bool' && initial !== null && isSetOnce(name, context) ? alwaysIs(initial, context) : null;
    if (decided !== null) {
      context.declare(name, { kind: 'scalar', expr: constant(decided ? 1 : 0, boolType) });
      continue;
    }
    const local = declared();
    if (value !== null) assign(local, value, declarator, context);
  }
}

/** Whether nothing in the function's text writes to the local, but its declaration there. Locals of bindings and of macros are others'. */
function isSetOnce(name: string, context: Context): boolean {
  const text = context.names.bodies.get(context.functionName)?.definition;
  if (text === undefined || context.depth > 0) return false;
  for (const node of walk(text)) {
    const { type, children } = node;
    // A macro may write to what it is given.
    const macro = type === 'call_expression' && context.names.macros.has(child(node, 'function')?.text ?? '');
    if (macro && [...walk(node)].some((one) => one.type === 'identifier' && one.text === name)) return false;
    const written =
      type === 'assignment_expression' ? 'left' : type === 'update_expression' || type === 'pointer_expression' ? 'argument' : null;
    if (written !== null && children.some((one) => one.field === written && one.text === name)) return false;
  }
  return true;
}

function lowerInitial(node: CNode, type: Parameters<typeof toType>[1], context: Context) {
  return type.kind === 'bool' ? toBool(lowerExpr(node, context), node, context) : toType(lowerExpr(node, context), type, node, context);
}

function ifStatement(node: CNode, context: Context): void {
  const condition = part(node, 'condition', context);
  let cond: Expr = trueExpr;
  const before = context.collect(() => {
    cond = context.condition(condition);
  });
  const alternative = child(node, 'alternative');
  const plain = before.length === 0 && cond.op === 'const' ? cond.value !== 0 : null;
  const always = plain === null && !context.isProbing ? alwaysIs(condition, context) : plain;
  const never = always === null ? null : always ? 'alternative' : 'consequence';
  if (always !== null) cond = constant(always ? 1 : 0, boolType);
  const then = branch(part(node, 'consequence', context), never === 'consequence', context);
  const otherwise = alternative === null ? [] : branch(named(alternative)[0] ?? alternative, never === 'alternative', context);
  // Something ignorable decides whether something ignorable is done: nothing is left of it.
  if (then.length === 0 && otherwise.length === 0 && before.length > 0 && before.every((stmt) => stmt.kind === 'choose')) return;
  for (const stmt of before) context.keep(stmt);
  context.emit({ kind: 'if', cond, then, else: otherwise, condition: true }, condition);
}

/** One branch. Of one that the model never takes nothing need be modelled: then it is left out, which is said; the condition stays. */
function branch(node: CNode, never: boolean, context: Context): Stmt[] {
  const lacking = context.unmodelled.length;
  const stmts = context.collect(() => context.scoped(() => lowerStatement(node, context)));
  if (!never || context.unmodelled.length === lacking) return stmts;
  forget(lacking, node, context);
  return [];
}

/** A switch whose cases do not fall through, except empty ones into the next. */
function switchStatement(node: CNode, context: Context): void {
  const condition = part(node, 'condition', context);
  const subject = toScalar(lowerExpr(condition, context), condition, context);
  if (subject.type.kind !== 'int') context.fail('switch', 'is not over a number', node);
  const kept = context.temporary(subject.type);
  context.emit({ kind: 'assign', dst: kept.name, value: subject }, condition);
  const label = context.label('switch_');
  const matched = context.temporary(boolType);
  const cases = named(part(node, 'body', context));
  const body = context.collect(() => {
    let pending: CNode[] = [];
    let byDefault: CNode | null = null;
    for (const one of cases) {
      if (one.type !== 'case_statement') context.fail('switch', 'holds statements before its first case', one);
      const value = child(one, 'value');
      const stmts = named(one).filter((inner) => inner !== value);
      if (value === null) {
        byDefault = one;
        if (one !== cases.at(-1) || pending.length > 0) context.fail('default', 'is not the last case, or shares one', one);
        continue;
      }
      pending.push(value);
      if (stmts.length === 0) continue;
      if (!endsRound(stmts) && one !== cases.at(-1)) context.fail('case', 'falls through', one);
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
          if (!endsRound(stmts)) context.emit({ kind: 'leave', label }, one);
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
  const { result, record, inside } = context.frame;
  if (record !== null) {
    if (value === undefined) context.fail('return', 'gives no value', node);
    const given = lowerExpr(value, context);
    if (isRole(record) && isRole(given)) copyRole(record, given, node, context);
    else if (given.kind === 'record') copyRecord(record, given, node, context);
    else context.fail(value.text, 'is no structure', node);
    leaveFunction(null, node, context);
    return;
  }
  if (result.kind !== 'scalar') {
    const given = value === undefined ? null : lowerExpr(value, context);
    if (result.kind === 'unit' && inside !== null) {
      if (given?.kind !== 'unit' || given.table !== result.table) context.fail(node.text, `is not the ${result.table}`, node);
      inside.given = given;
    }
    leaveFunction(null, node, context);
    return;
  }
  if (value === undefined) context.fail('return', 'gives no value', node);
  const { type } = result;
  const expr =
    type.kind === 'bool' ? toBool(lowerExpr(value, context), value, context) : toType(lowerExpr(value, context), type, value, context);
  leaveFunction(expr, node, context);
}

/** Returns: from the function, or out of the text of one that is lowered inside it. */
function leaveFunction(value: Expr | null, node: CNode, context: Context): void {
  const { inside, cleanups } = context.frame;
  if (inside === null) {
    context.cleanUp(cleanups);
    context.emit({ kind: 'return', value }, node);
    return;
  }
  // Before what is left to do, which may change what the value is read from.
  if (value !== null && inside.dst !== null) context.emit({ kind: 'assign', dst: inside.dst, value }, node);
  context.cleanUp(cleanups);
  context.emit({ kind: 'leave', label: inside.label }, node);
}

function jump(node: CNode, kind: 'break' | 'continue', context: Context): void {
  const found = context.target(kind);
  if (found === null) context.fail(kind, 'stands outside a loop', node);
  context.emit(found, node);
}
