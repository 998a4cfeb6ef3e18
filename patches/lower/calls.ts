/**
 * Calls of C: functions of the patch, procedures of the model, primitives, macros, and what is ignorable.
 */
import { mapStmts } from '../../compiler/index.ts';
import type { Argument, Place, Position, Stmt } from '../../compiler/ir/types.ts';
import { boolType, intTypes } from '../../compiler/ir/types.ts';
import { usualConfiguration } from '../bindings/configuration.ts';
import type { CallMeaning, Meaning } from '../bindings/schema.ts';
import { type CNode, child, named, walk } from '../c/node.ts';
import { atomic, tryCompareExchange } from './atomics.ts';
import type { Context } from './context.ts';
import type { ProcedureFace, Signature } from './environment.ts';
import { callInside, passesPartOfRow, takesMore } from './inside.ts';
import { listPlace, listPrimitive } from './lists.ts';
import { expandExpression } from './macros.ts';
import { target } from './places.ts';
import { procedureName } from './procedureName.ts';
import { howItIs, makeRecord, recordArguments } from './records.ts';
import { isRole } from './roleNames.ts';
import { copyRole } from './roles.ts';
import { assign, freeChoice, toCType, toScalar, toType } from './scalars.ts';
import { cType } from './types.ts';
import { isUnread } from './unread.ts';
import type { CType, Value } from './values.ts';
import { constant, isWord, not, nullOf, refTo, sameType } from './values.ts';

/** Lowers a call. What the name means is looked for from the patch itself to what is ignorable. */
export function lowerCall(node: CNode, context: Context): Value {
  const callee = child(node, 'function');
  const list = child(node, 'arguments');
  const name = callee === null ? null : calledName(callee, context);
  if (name === null || list === null)
    return context.fail(callee?.text ?? node.text, 'is called through something that is not modelled', node);
  const args = named(list);
  const { names } = context;
  // Not one that is handed in: that has another name already.
  if (callee?.type === 'identifier' && callee.text === name && context.lookup(name) !== null)
    return context.fail(name, 'is a local that is called', node);
  const before = names.bindings.meanings.get(name);
  if (before?.first === true && before.params.length === args.length && !context.isInside(name))
    return expand(name, before, args, node, context);
  const meaning = names.bindings.calls.get(name);
  // What works on places of the machine takes no detour through a function of that name.
  if (meaning !== undefined && ('rowTo' in meaning || 'listOp' in meaning)) return primitive(name, meaning, args, node, context);
  const imported = names.imported.get(name) ?? (name === context.ownName ? names.declared.get(name) : undefined);
  // What a binding calls with other arguments than the tree's function has is the model's.
  const ofBinding = imported !== undefined && context.depth > 0 && imported.params.length !== args.length;
  const body = names.bodies.get(name);
  if (imported !== undefined && !ofBinding)
    return body !== undefined && passesPartOfRow(imported, args, context)
      ? callInside(name, body, args, node, context)
      : callImported(imported, args, node, context);
  if (names.redefined.has(name)) return context.fail(name, 'is a macro that the patch defines', node);
  const known = callProcedure(meaning !== undefined && 'procedure' in meaning ? meaning.procedure : name, args, node, context);
  if (known !== null) return known;
  if (meaning !== undefined) return primitive(name, meaning, args, node, context);
  const macro = names.bindings.meanings.get(name);
  if (macro !== undefined) return expand(name, macro, args, node, context);
  if (names.bindings.isIgnorableCall(name)) return ignorable(name, args, node, context);
  const expanded = expandExpression(name, args, node, context);
  if (expanded !== null) return expanded;
  // Without a procedure of its own, for it takes what no procedure can: each caller has its text.
  if (body !== undefined && imported === undefined && takesMore(body, context)) return callInside(name, body, args, node, context);
  return context.fail(name, 'is no function that the model has', node);
}

/** The function that is called, also through a table of functions whose members have names. */
function calledName(callee: CNode, context: Context): string | null {
  if (callee.type === 'identifier') {
    const local = context.lookup(callee.text);
    return local?.kind === 'function' ? local.name : callee.text;
  }
  if (callee.type === 'field_expression' || callee.type === 'parenthesized_expression') {
    const value = context.expression(callee);
    return value.kind === 'function' ? value.name : null;
  }
  const list = callee.type === 'call_expression' ? child(callee, 'arguments') : null;
  const prefix = context.names.bindings.indirect.get(child(callee, 'function')?.text ?? '');
  const [only, ...others] = list === null ? [] : named(list);
  return prefix === undefined || only?.type !== 'identifier' || others.length > 0 ? null : `${prefix}${only.text}`;
}

function callImported(signature: Signature, args: readonly CNode[], node: CNode, context: Context): Value {
  if (args.length !== signature.params.length)
    return context.fail(signature.name, `takes ${signature.params.length} arguments, not ${args.length}`, node);
  const { passed, after } = argumentsOf(
    args,
    signature.params.map((param) => param.type),
    node,
    context,
  );
  const { result } = signature;
  const name = procedureName(signature, context.names);
  if (result.kind === 'record') {
    const given = makeRecord(context.fresh('result'), result.record, (local, member) => context.newLocal(local, member, true));
    emitCall(name, [...passed, ...recordArguments(given, 'inout')], after, { kind: 'void' }, node, context);
    return given;
  }
  const own = context.names.environment.procedures.get(name)?.result;
  // It gives what the model's gives, which is the same word: see `resultOf`.
  if (own === undefined || result.kind !== 'scalar' || !isWord(result.type) || !isWord(own)) {
    return emitCall(name, passed, after, result, node, context);
  }
  const given = emitCall(name, passed, after, { kind: 'scalar', type: own }, node, context);
  return { kind: 'scalar', expr: toType(given, result.type, node, context) };
}

/** A model procedure takes the C arguments that carry a value, in C's order; or those that a contract says. */
function callProcedure(name: string, args: readonly CNode[], node: CNode, context: Context): Value | null {
  const { bindings, environment } = context.names;
  const contracts = bindings.contracts.get(name) ?? [];
  const plain = environment.procedures.get(name);
  if (contracts.length === 0 && plain === undefined) return null;
  const values = args.map((arg) => ({ arg, value: context.expression(arg) }));
  for (const contract of contracts) {
    const procedure = environment.procedures.get(contract.procedure ?? name);
    if (procedure === undefined || contract.params.length !== values.length) continue;
    if (!contract.params.every((spelled, index) => accepts(cType(spelled, context.names), values[index]?.value))) continue;
    // A variant of the model may keep the parameters as C has them.
    const chosen = [
      ...(contract.fromC ? [contract.pass.flatMap((from) => passedBy(from, values, node, context))] : []),
      values.filter(({ value }) => value.kind !== 'unit'),
    ];
    const fitting = chosen.find((some) => takes(procedure, some));
    if (fitting !== undefined) return passTo(procedure, fitting, node, context);
  }
  const valued = values.filter(({ value }) => value.kind !== 'unit');
  if (plain === undefined || (contracts.length > 0 && !takes(plain, values))) {
    return context.fail(name, `fits no contract: ${contracts.map((one) => `${one.era}: (${one.params.join(', ')})`).join('; ')}`, node);
  }
  if (valued.length !== plain.params.length) {
    const why = `fits no contract: ${valued.length} arguments that carry a value, and the model's takes ${plain.params.length}`;
    return context.fail(plain.name, why, node);
  }
  return passTo(plain, valued, node, context);
}

/** What a contract passes of the arguments. */
function passedBy(
  from: number | string,
  values: readonly { arg: CNode; value: Value }[],
  node: CNode,
  context: Context,
): Passed | readonly Passed[] {
  if (typeof from === 'number') return values[from] ?? [];
  const named = new Map(values.map(({ value }, index) => [`a${index}`, value]));
  const value = context.at(node, () => context.isolated(named, () => context.expression(context.names.meaning(from))));
  return { arg: node, value, copied: true };
}

/** Whether the model's procedure takes these values. Behind them it may have parameters that it never reads, as another version's callers pass them. */
function takes(procedure: ProcedureFace, values: readonly { value: Value }[]): boolean {
  return (
    values.length <= procedure.params.length &&
    procedure.params.every((param, index) =>
      index < values.length ? accepts({ kind: 'scalar', type: param.type }, values[index]?.value) : isUnread(procedure, param),
    )
  );
}

/** Whether a value can be an argument of the type, as far as rows of tables tell them apart. */
function accepts(type: CType | null, value: Value | undefined): boolean {
  if (type === null || value === undefined) return false;
  if (type.kind === 'unit') return value.kind === 'unit' && value.table === type.table;
  if (value.kind === 'unit') return false;
  const own = value.kind === 'scalar' ? value.expr.type : value.kind === 'local' || value.kind === 'place' ? value.type : null;
  if (type.kind !== 'scalar' || own === null || own.kind !== 'ref') return true;
  return type.type.kind === 'ref' && type.type.table === own.table;
}

/** `copied`: what a contract says instead of C's argument, which a procedure that writes to its parameter would change. */
type Passed = { readonly arg: CNode; readonly value: Value; readonly copied?: boolean };

function passTo(procedure: ProcedureFace, values: readonly Passed[], node: CNode, context: Context): Value {
  const passed: Argument[] = [];
  const after: (() => void)[] = [];
  procedure.params.forEach((param, index) => {
    const one = values[index];
    if (one === undefined) {
      // Never read: see `takes`.
      passed.push({ mode: 'in', value: nullOf(param.type) });
      return;
    }
    if (one.copied === true && param.mode === 'inout' && one.value.kind !== 'address') {
      const copy = context.temporary(param.type);
      context.emit({ kind: 'assign', dst: copy.name, value: toType(one.value, param.type, one.arg, context) }, node);
      passed.push({ mode: 'inout', local: copy.name });
      return;
    }
    passed.push(
      argument(
        one.value,
        param.mode === 'inout' ? { kind: 'inout', type: param.type } : { kind: 'scalar', type: param.type },
        one.arg,
        after,
        context,
      ),
    );
  });
  const result: CType = procedure.result.kind === 'void' ? { kind: 'void' } : { kind: 'scalar', type: procedure.result };
  return emitCall(procedure.name, passed, after, result, node, context);
}

function argumentsOf(
  args: readonly CNode[],
  types: readonly CType[],
  node: CNode,
  context: Context,
): { passed: Argument[]; after: (() => void)[] } {
  const passed: Argument[] = [];
  const after: (() => void)[] = [];
  for (const [index, arg] of args.entries()) {
    const type = types[index];
    if (type === undefined) context.fail(arg.text, 'is one argument too many', node);
    const value = context.expression(arg);
    if (type.kind === 'unit') {
      toCType(value, type, arg, context);
      if (type.now !== undefined) passed.push({ mode: 'in', value: howItIs(value, type.now, arg, context) });
    } else if (type.kind === 'record') {
      if (!type.pointer && value.kind === 'member' && isRole(value)) {
        const copy = makeRecord(context.fresh('role'), type.record, (local, member) => context.newLocal(local, member, true));
        copyRole(copy, value, arg, context);
        passed.push(...recordArguments(copy, 'in'));
        continue;
      }
      if (value.kind !== 'record' || value.type.name !== type.record.name) return context.fail(arg.text, `is no ${type.record.name}`, arg);
      passed.push(...recordArguments(value, type.pointer ? 'inout' : 'in'));
    } else passed.push(argument(value, type, arg, after, context));
  }
  return { passed, after };
}

function argument(value: Value, type: CType, node: CNode, after: (() => void)[], context: Context): Argument {
  if (type.kind === 'scalar') return { mode: 'in', value: toType(value, type.type, node, context) };
  if (type.kind !== 'inout') return context.fail(node.text, 'is no argument that is modelled', node);
  const local =
    value.kind === 'inout' ? value : value.kind === 'address' && (value.of.kind === 'local' || value.of.kind === 'place') ? value.of : null;
  if (local === null) return context.fail(node.text, 'is no pointer to a number that is modelled', node);
  if (local.kind !== 'place' && sameType(local.type, type.type)) return { mode: 'inout', local: local.name };
  // Through a local of the callee's type: in and back.
  const temporary = context.temporary(type.type);
  const to: Value = local.kind === 'place' ? local : { kind: 'local', name: local.name, type: local.type };
  context.emit({ kind: 'assign', dst: temporary.name, value: toType(to, type.type, node, context) }, node);
  after.push(() => assign(to, temporary.expr, node, context));
  return { mode: 'inout', local: temporary.name };
}

function emitCall(
  callee: string,
  args: readonly Argument[],
  after: readonly (() => void)[],
  result: CType,
  node: CNode,
  context: Context,
): Value {
  const back = args.flatMap((arg) => (arg.mode === 'inout' ? [arg.local] : []));
  const twice = back.find((local, index) => back.indexOf(local) !== index);
  if (twice !== undefined) context.fail(twice, 'is passed twice, so that it would have two values', node);
  const temporary = result.kind === 'scalar' ? context.temporary(result.type) : null;
  context.emit({ kind: 'call', callee, args, dst: temporary?.name ?? null }, node);
  for (const step of after) step();
  return temporary === null ? { kind: 'void' } : { kind: 'scalar', expr: temporary.expr };
}

function expand(name: string, macro: Meaning, args: readonly CNode[], node: CNode, context: Context): Value {
  if (args.length !== macro.params.length) return context.fail(name, `takes ${macro.params.length} arguments, not ${args.length}`, node);
  const values = new Map<string, Value>();
  args.forEach((arg, index) => {
    // A type, or a member's name: nothing that has a value.
    const param = macro.params[index] ?? '';
    if (param.startsWith('_')) return;
    const value = context.expression(arg);
    // A place that the macro writes to.
    if (param.startsWith('&')) {
      values.set(param.slice(1), value);
      return;
    }
    values.set(
      param,
      value.kind === 'place' && value.type.kind !== 'lock' && value.type.kind !== 'list'
        ? { kind: 'scalar', expr: toScalar(value, arg, context) }
        : value,
    );
  });
  const first = values.get(macro.params[0] ?? '');
  const means = first !== undefined && isNumber(first) ? (macro.ofNumber ?? macro.means) : macro.means;
  let value: Value = { kind: 'void' };
  const stmts = context.collect(() => {
    value = context.inside(name, () =>
      context.at(node, () => context.isolated(values, () => context.expression(context.names.meaning(means)))),
    );
  });
  const branches = stmts.some(({ kind }) => kind === 'if' || kind === 'loop');
  // That a patch's call of it is run counts, and not which ways the binding's own text goes.
  if (branches) context.emit({ kind: 'assign', dst: context.temporary(intTypes.s32).name, value: constant(0, intTypes.s32) }, node);
  for (const stmt of branches ? ofNoPatch(stmts, context.position(node)) : stmts) context.keep(stmt);
  return value;
}

/** What stands at the place of the call is the binding's; a function that is lowered inside it keeps its own places. */
function ofNoPatch(stmts: readonly Stmt[], at: Position): readonly Stmt[] {
  const isHere = ({ file, line, column }: Position): boolean => file === at.file && line === at.line && column === at.column;
  return mapStmts(stmts, (stmt) => [isHere(stmt.pos) ? { ...stmt, pos: { ...stmt.pos, change: 'context' } } : stmt]);
}

function isNumber(value: Value): boolean {
  return value.kind === 'scalar' ? value.expr.type.kind === 'int' : value.kind === 'local' && value.type.kind === 'int';
}

/** Left out, if nothing in its arguments has an effect. */
function ignorable(name: string, args: readonly CNode[], node: CNode, context: Context): Value {
  for (const arg of args) {
    for (const inner of walk(arg)) {
      if (inner.type === 'assignment_expression' || inner.type === 'update_expression')
        return context.fail(name, 'is ignorable, and an argument of it has an effect', node);
      const called = inner.type === 'call_expression' ? (child(inner, 'function')?.text ?? '') : null;
      if (called === null) continue;
      const { names } = context;
      const macro = names.bindings.meanings.get(called);
      const value = names.bindings.calls.get(called);
      const harmless =
        names.pure.has(called) ||
        (value !== undefined && 'value' in value) ||
        (!names.imported.has(called) &&
          !names.environment.procedures.has(called) &&
          (names.bindings.isIgnorableCall(called) || (macro !== undefined && !macro.means.includes('_request'))));
      if (!harmless) return context.fail(called, `is called in an argument of ${name}, which is ignorable`, node);
    }
  }
  context.ignore(name, node);
  return { kind: 'any', name };
}

function primitive(name: string, meaning: CallMeaning, args: readonly CNode[], node: CNode, context: Context): Value {
  const at = (index: number): CNode => args[index] ?? context.fail(name, `takes more than ${args.length} arguments`, node);
  if ('value' in meaning) return context.expression(at(0));
  if ('choose' in meaning) return { kind: 'scalar', expr: freeChoice(meaning.choose, node, context, meaning.forEver) };
  if ('write' in meaning) {
    const to = context.expression(at(0));
    return { kind: 'scalar', expr: assign(to, toScalar(context.expression(at(1)), at(1), context), node, context) };
  }
  if ('assert' in meaning) {
    const choices = context.freeChoices;
    let cond = constant(0, boolType);
    const before = context.collect(() => {
      cond = context.condition(at(0));
    });
    if (context.freeChoices > choices && !before.some(({ kind }) => kind === 'call' || kind === 'store')) {
      // Of what the model has not nothing can be asserted; it is taken to be as the kernel expects it.
      context.ignore(`${name}(${at(0).text.slice(0, 40)})`, node);
      return { kind: 'scalar', expr: constant(meaning.when ? 0 : 1, boolType) };
    }
    for (const stmt of before) context.keep(stmt);
    context.emit(
      {
        kind: 'assert',
        cond: meaning.when ? not(cond) : cond,
        severity: meaning.assert,
        message: `${name}(${at(0).text.slice(0, 60)})`,
        property: null,
      },
      node,
    );
    return { kind: 'scalar', expr: cond };
  }
  if ('lock' in meaning) {
    // One that is bound as ignorable is nobody else's in the model.
    if (isAny(at(0), context)) return context.expression(at(0));
    const lock = lockOf(at(0), node, context);
    context.emit({ kind: meaning.lock, lock, mode: meaning.mode }, node);
    return { kind: 'void' };
  }
  if ('tryLock' in meaning) {
    const lock = lockOf(at(0), node, context);
    const result = context.temporary(boolType);
    context.emit({ kind: 'tryAcquire', lock, mode: meaning.tryLock, dst: result.name }, node);
    return { kind: 'scalar', expr: result.expr };
  }
  if ('lockQuery' in meaning || 'assertHeld' in meaning) {
    const lock = lockOf(at(0), node, context);
    const result = context.temporary(boolType);
    context.emit(
      { kind: 'lockQuery', lock, query: 'lockQuery' in meaning ? meaning.lockQuery : meaning.assertHeld, dst: result.name },
      node,
    );
    if ('lockQuery' in meaning) return { kind: 'scalar', expr: result.expr };
    context.emit(
      {
        kind: 'assert',
        cond: result.expr,
        severity: 'warn',
        message: `${name}(${at(0).text.slice(0, 60)})`,
        property: meaning.property ?? null,
      },
      node,
    );
    return { kind: 'void' };
  }
  if ('list' in meaning) return listPrimitive(meaning.list, args, node, context);
  if ('atomic' in meaning) return atomic(name, meaning.atomic, meaning.place, args, node, context);
  if ('tryCompareExchange' in meaning) return tryCompareExchange(name, args, node, context);
  if ('pointer' in meaning) {
    const pointer = toScalar(context.expression(at(0)), at(0), context);
    if (pointer.type.kind !== 'pointer') return context.fail(at(0).text, 'is no pointer into a table', node);
    return {
      kind: 'scalar',
      expr:
        meaning.pointer === 'row'
          ? { op: 'pointerRow', type: refTo(pointer.type.table), a: pointer }
          : { op: 'pointerIndex', type: intTypes.u32, a: pointer },
    };
  }
  if ('only' in meaning) {
    for (const arg of args) context.expression(arg);
    return { kind: 'unit', table: meaning.only };
  }
  if ('asFound' in meaning) return { kind: 'scalar', expr: howItIs(context.expression(at(0)), meaning.asFound, node, context) };
  if ('rowAt' in meaning) {
    if (!context.names.environment.machine.tables.some((table) => table.name === meaning.rowAt))
      return context.fail(name, `is a row of ${meaning.rowAt}, which this machine has not`, node);
    return {
      kind: 'scalar',
      expr: { op: 'rowAt', type: refTo(meaning.rowAt), a: toType(context.expression(at(0)), intTypes.u32, at(0), context) },
    };
  }
  if ('rowNumber' in meaning) {
    const row = toScalar(context.expression(at(0)), at(0), context);
    if (row.type.kind !== 'ref') return context.fail(at(0).text, 'is no row', node);
    return { kind: 'scalar', expr: { op: 'indexOf', type: intTypes.u32, a: row } };
  }
  if ('configured' in meaning) {
    const set = usualConfiguration.get(at(0).text) ?? '0';
    return { kind: 'scalar', expr: constant(set === '0' ? 0 : 1, boolType) };
  }
  if ('listOp' in meaning) {
    const { operator, element: position, list } = meaning.listOp;
    const argument = (index: number): CNode => args.at(index) ?? context.fail(name, `takes more than ${args.length} arguments`, node);
    const { place, element } = listPlace(argument(list), context);
    const value = position === null ? null : toType(context.expression(argument(position)), element, node, context);
    const dst = operator === 'contains' ? context.temporary(boolType) : operator === 'length' ? context.temporary(intTypes.u32) : null;
    context.emit({ kind: 'list', operator, list: place, element: value, dst: dst?.name ?? null, exclusive: false }, node);
    return dst === null ? { kind: 'void' } : { kind: 'scalar', expr: dst.expr };
  }
  if ('rowTo' in meaning) {
    const place = target(context.expression(at(0)), node, context);
    const row = place.kind === 'place' && place.place.kind === 'field' ? place.place.row : place.kind === 'object' ? place.row : null;
    const procedure = context.names.environment.procedures.get(meaning.rowTo);
    if (row === null) return context.fail(at(0).text, 'is no member of a row', node);
    if (procedure === undefined) return context.fail(name, `stands for ${meaning.rowTo}(), which these surroundings do not have`, node);
    return passTo(procedure, [{ arg: at(0), value: { kind: 'scalar', expr: row } }], node, context);
  }
  if ('allocFrom' in meaning) {
    const from = context.expression(at(0));
    const table = from.kind === 'unit' ? meaning.allocFrom[from.table] : undefined;
    if (table === undefined) return { kind: 'any', name };
    const row = context.temporary(refTo(table));
    context.emit({ kind: 'alloc', table, dst: row.name }, node);
    return { kind: 'scalar', expr: row.expr };
  }
  if ('free' in meaning) {
    const value = context.expression(at(args.length - 1));
    if (value.kind === 'any') return value;
    context.emit({ kind: 'free', ref: toScalar(value, node, context) }, node);
    return { kind: 'void' };
  }
  return context.fail(name, `stands for ${meaning.procedure}, which these surroundings do not have`, node);
}

/** Whether it is something ignorable, or the opposite of it. */
function isAny(node: CNode, context: Context): boolean {
  const [only] = named(node);
  if (node.type === 'parenthesized_expression' && only !== undefined) return isAny(only, context);
  const operand = node.type === 'unary_expression' && child(node, 'operator')?.type === '!' ? child(node, 'argument') : null;
  if (operand !== null) return isAny(operand, context);
  return context.probe(() => context.expression(node))?.value.kind === 'any';
}

function lockOf(arg: CNode, node: CNode, context: Context): Place {
  const value = context.expression(arg);
  if (value.kind === 'address' && value.of.kind === 'place' && value.of.type.kind === 'lock') return value.of.place;
  return context.fail(arg.text, 'is no lock that the model has', node);
}
