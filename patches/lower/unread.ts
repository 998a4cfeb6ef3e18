/**
 * Parameters that a procedure never reads: kept for the callers of another version.
 */
import { exprsOf, localsOfExpr, type Param, visitStmts } from '../../compiler/index.ts';
import { type CNode, child, named } from '../c/node.ts';
import type { Names } from './context.ts';
import type { ProcedureFace, Signature } from './environment.ts';

/** Whether `param` is handed in and never looked at, so that it does not matter what it is. */
export function isUnread({ body }: ProcedureFace, { name, mode }: Param): boolean {
  if (mode !== 'in' || body === undefined) return false;
  let read = false;
  visitStmts(body, (stmt) => {
    if (exprsOf(stmt).some((expr) => localsOfExpr(expr).includes(name))) read = true;
    if (stmt.kind === 'call' && stmt.args.some((arg) => arg.mode === 'inout' && arg.local === name)) read = true;
  });
  return !read;
}

/**
 * The same of what is only handed on, to functions of the tree that never look at it either: arguments that a binding does not evaluate, and the VM
 * that a vCPU is of.
 */
export function isHandedOnOnly(procedure: ProcedureFace, { name, mode }: Param, names: Names): boolean {
  if (mode !== 'in' || procedure.body === undefined) return false;
  let read = false;
  visitStmts(procedure.body, (stmt) => {
    const isRead = exprsOf(stmt).some((expr) => localsOfExpr(expr).includes(name));
    if (!isRead) return;
    if (stmt.kind !== 'call') {
      read = true;
      return;
    }
    stmt.args.forEach((arg, index) => {
      if (arg.mode === 'inout' ? arg.local !== name : !localsOfExpr(arg.value).includes(name)) return;
      const whole = arg.mode === 'in' && arg.value.op === 'local';
      const signature = names.imported.get(stmt.callee);
      const body = names.bodies.get(stmt.callee);
      const own = signature === undefined ? null : cParamAt(signature, index);
      if (!whole || own === null || body === undefined || looksAt(child(body.definition, 'body'), own, names)) read = true;
    });
  });
  return !read;
}

/** Name of C's parameter that is the argument at `index`; null for a member of a structure. */
function cParamAt({ params }: Signature, index: number): string | null {
  let at = 0;
  for (const { name, type } of params) {
    if (type.kind === 'record') return null;
    if (type.kind === 'unit' && type.now === undefined) continue;
    if (at === index) return name;
    at += 1;
  }
  return null;
}

function looksAt(node: CNode | null, param: string, names: Names): boolean {
  if (node === null) return false;
  if (node.type === 'identifier') return node.text === param;
  if (node.type === 'field_expression' && child(node, 'argument')?.text === param) {
    const meant = names.bindings.objects.get('vcpus')?.get(child(node, 'field')?.text ?? '');
    return meant === undefined || !('the' in meant);
  }
  const called = node.type === 'call_expression' ? names.bindings.meanings.get(child(node, 'function')?.text ?? '') : undefined;
  const list = called?.first === true ? child(node, 'arguments') : null;
  if (called === undefined || list === null) return named(node).some((inner) => looksAt(inner, param, names));
  return named(list).some((arg, index) => called.params[index]?.startsWith('_') !== true && looksAt(arg, param, names));
}
