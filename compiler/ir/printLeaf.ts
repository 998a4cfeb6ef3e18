/**
 * Single statements as text: what is on the right of an assignment, or stands alone.
 *
 * In: a statement without statements inside. Out: text, and the local that gets the value. Never: a semicolon.
 */
import { negate } from './fold.ts';
import { type ExprPrinter, printConverted, printExpr, printPlace, printStep } from './printExpr.ts';
import type { Names, RecordShape } from './printNames.ts';
import { intTypes, type ScalarType, type Stmt } from './types.ts';

type Of<K extends Stmt['kind']> = Extract<Stmt, { kind: K }>;
export interface LeafPrinter extends ExprPrinter {
  readonly names: Names;
}
export interface LeafText {
  readonly dst: string | null;
  readonly text: string;
}

export function leafText(printer: LeafPrinter, stmt: Stmt): LeafText {
  const effect = (text: string): LeafText => ({ dst: null, text });
  switch (stmt.kind) {
    case 'assign':
      return { dst: stmt.dst, text: printConverted(printer, stmt.value, printer.names.types.get(stmt.dst) ?? stmt.value.type) };
    case 'load':
      return { dst: stmt.dst, text: printPlace(printer, stmt.place) };
    case 'store': {
      // A store converts to the field's type, which the outermost conversion is.
      const value = printConverted(printer, stmt.value, stmt.value.type);
      if (stmt.place.kind === 'pointer') return effect(`put(${printExpr(printer, stmt.place.pointer)}, ${value})`);
      const target = printPlace(printer, stmt.place);
      const step = printStep(printer, stmt.value, target);
      return effect(step === null ? `${target} = ${value}` : `${target} ${step}`);
    }
    case 'atomic':
      return atomicText(printer, stmt);
    case 'call':
      return { dst: stmt.dst, text: callText(printer, stmt) };
    case 'return':
      return effect(stmt.value === null ? 'return' : `return ${printConverted(printer, stmt.value, stmt.value.type)}`);
    case 'acquire':
    case 'release':
      return effect(`${stmt.kind}${stmt.mode === 'shared' ? 'Shared' : ''}(${printPlace(printer, stmt.lock)})`);
    case 'tryAcquire':
      return { dst: stmt.dst, text: `tryAcquire${stmt.mode === 'shared' ? 'Shared' : ''}(${printPlace(printer, stmt.lock)})` };
    case 'lockQuery': {
      const words = { contended: 'isContended', heldExclusive: 'holdsExclusive', heldShared: 'holdsShared', held: 'holds' };
      return { dst: stmt.dst, text: `${words[stmt.query]}(${printPlace(printer, stmt.lock)})` };
    }
    case 'list': {
      const word = `list${stmt.operator.charAt(0).toUpperCase()}${stmt.operator.slice(1)}${stmt.exclusive ? 'Exclusive' : ''}`;
      const element = stmt.element === null ? '' : `, ${printExpr(printer, stmt.element)}`;
      return { dst: stmt.dst, text: `${word}(${printPlace(printer, stmt.list)}${element})` };
    }
    case 'alloc':
      return { dst: stmt.dst, text: `alloc(${stmt.table})` };
    case 'free':
      return effect(`free(${printExpr(printer, stmt.ref)})`);
    case 'rowQuery':
      return { dst: stmt.dst, text: `isAllocated(${printExpr(printer, stmt.ref)})` };
    case 'choose': {
      const isBool = printer.names.types.get(stmt.dst)?.kind === 'bool';
      const label = quoted(stmt.label);
      return {
        dst: stmt.dst,
        text: isBool ? `${stmt.forEver ? 'chooseBool' : 'chooseFair'}(${label})` : `choose(${label}, ${stmt.count})`,
      };
    }
    case 'assume':
      return effect(`assume(${printExpr(printer, stmt.cond)})`);
    case 'assert': {
      const property = stmt.property === null ? '' : `, ${quoted(stmt.property)}`;
      return effect(`${stmt.severity === 'bug' ? 'BUG_ON' : 'WARN_ON'}(${printExpr(printer, negate(stmt.cond))}${property})`);
    }
    case 'monitor':
      return effect(`// ${stmt.property ?? 'hook'}: ${stmt.procedure}(${stmt.args.map((arg) => printExpr(printer, arg)).join(', ')})`);
    case 'mark':
      return effect(`mark(${quoted(stmt.name)})`);
    case 'preempt':
      return effect('preempt()');
    case 'if':
    case 'loop':
    case 'block':
    case 'leave':
    case 'continue':
    case 'wait':
    case 'ghost':
      throw new TypeError(`${stmt.kind} is no leaf`);
  }
}

/** A literal text. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, ' ')}'`;
}

function atomicText(printer: LeafPrinter, stmt: Of<'atomic'>): LeafText {
  const operands = stmt.operands.map((operand) => printConverted(printer, operand, readType(operand.type)));
  const text = `${stmt.operator}(${[printPlace(printer, stmt.place), ...operands].join(', ')})`;
  // Whether it was exchanged is whether the value before was the expected one.
  if (stmt.success !== null && stmt.dst === null) return { dst: stmt.success, text: `${text} === ${operands[0]}` };
  return { dst: stmt.dst, text };
}
function readType(type: ScalarType): ScalarType {
  return type.kind === 'int' ? (type.min < 0 ? intTypes.s32 : intTypes.u32) : type;
}

/** In-out arguments that are all the members of a record are that record. */
function callText(printer: LeafPrinter, stmt: Of<'call'>): string {
  const args: string[] = [];
  for (let i = 0; i < stmt.args.length; i++) {
    const arg = stmt.args[i];
    if (arg === undefined) continue;
    if (arg.mode === 'in') {
      args.push(printConverted(printer, arg.value, arg.value.type));
      continue;
    }
    const record: RecordShape | null = printer.names.recordOf(arg.local);
    args.push(record?.name ?? printer.names.spell(arg.local));
    i += Math.max(0, (record?.members.length ?? 1) - 1);
  }
  return `${stmt.callee}(${args.join(', ')})`;
}
