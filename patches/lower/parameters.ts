/**
 * Parameters of a function of C as those of a procedure.
 */
import { boolType } from '../../compiler/ir/types.ts';
import type { Context } from './context.ts';
import type { Signature } from './environment.ts';
import { irName } from './irNames.ts';
import { makeRecord } from './records.ts';
import type { CType, RecordType, RecordValue, Value } from './values.ts';

/** A structure whose members are parameters. */
export function parameterRecord(name: string, type: RecordType, mode: 'in' | 'inout', context: Context): RecordValue {
  return makeRecord(context.fresh(irName(name)), type, (local, member) => {
    const own = context.fresh(local);
    context.params.push({ name: own, type: member, mode });
    return own;
  });
}

/** What there is one of: as it was when the caller found it, if that matters. */
function parameterUnit(name: string, { table, now }: Extract<CType, { kind: 'unit' }>, context: Context): Value {
  if (now === undefined) return { kind: 'unit', table };
  const local = context.fresh(irName(name));
  context.params.push({ name: local, type: boolType, mode: 'in' });
  return { kind: 'unit', table, seen: { local, type: boolType, now } };
}

/** Parameters with a value become the procedure's; the VM is known without one. */
export function declareParameters(signature: Signature, context: Context): void {
  for (const { name, type } of signature.params) {
    if (type.kind === 'unit') context.declare(name, parameterUnit(name, type, context));
    if (type.kind === 'record') {
      context.declare(name, parameterRecord(name, type.record, type.pointer ? 'inout' : 'in', context));
    }
    if (type.kind !== 'scalar' && type.kind !== 'inout') continue;
    const own = context.fresh(irName(name));
    context.params.push({ name: own, type: type.type, mode: type.kind === 'inout' ? 'inout' : 'in' });
    context.declare(
      name,
      type.kind === 'inout' ? { kind: 'inout', name: own, type: type.type } : { kind: 'local', name: own, type: type.type },
    );
  }
}
