/**
 * Procedures made comparable: without ids, positions, names of temporaries, labels and messages.
 *
 * In: a procedure. Out: plain data. Never: used outside tests.
 */
import type { Expr, Procedure, Stmt } from './types.ts';
import { bodiesOf, mapBodies, mapExpr, mapExprs, renameLocals } from './walk.ts';

/** Equal for procedures that differ in spelling only. */
export function normalised(procedure: Procedure): unknown {
  const locals = new Map(procedure.params.map((param, i) => [param.name, `p${i}`]));
  const labels = new Map<string, string>();
  const nameOf = (name: string): string => {
    if (!locals.has(name)) locals.set(name, `l${locals.size}`);
    return locals.get(name) ?? name;
  };
  const labelOf = (label: string): string => {
    if (!labels.has(label)) labels.set(label, `label${labels.size}`);
    return labels.get(label) ?? label;
  };
  const go = (stmt: Stmt): unknown => {
    // Names are numbered in the order of the text, statements before what is nested in them.
    const plain = renameLocals(mapExprs(stmt, unnamed), nameOf);
    const labelled =
      'label' in plain && plain.kind !== 'choose' && plain.kind !== 'wait' ? { ...plain, label: labelOf(plain.label) } : plain;
    const shallow = mapBodies(labelled, () => []);
    const { id: _id, pos: _pos, ...rest } = shallow;
    const bodies = bodiesOf(stmt).map((body) => body.map(go));
    return { ...rest, ...('message' in rest ? { message: '' } : {}), ...(rest.kind === 'wait' ? { label: '' } : {}), bodies };
  };
  const body = procedure.body.map(go);
  const types = Object.fromEntries(
    [...procedure.params, ...procedure.locals].filter(({ name }) => locals.has(name)).map(({ name, type }) => [locals.get(name), type]),
  );
  return {
    name: procedure.name,
    params: procedure.params.map(({ mode, type }) => ({ mode, type })),
    result: procedure.result,
    doc: procedure.doc,
    types,
    body,
  };
}
function unnamed(expr: Expr): Expr {
  return mapExpr(expr, (node) => (node.op === 'const' ? { op: 'const', type: node.type, value: node.value } : node));
}
