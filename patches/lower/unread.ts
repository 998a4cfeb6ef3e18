/**
 * Parameters that a procedure never reads: kept for the callers of another version.
 */
import { exprsOf, localsOfExpr, type Param, visitStmts } from '../../compiler/index.ts';
import type { ProcedureFace } from './context.ts';

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
