/**
 * Ids of statements that survive unrelated edits: function, hash of the normalised statement, occurrence.
 *
 * In: a procedure. Out: the same with ids. Never: a line number, a temporary's name, a position in an id.
 */
import { createHash } from 'node:crypto';
import type { Expr, Procedure, Stmt } from './types.ts';
import { bodiesOf, localsRead, localsWritten, mapBodies, mapExpr, mapExprs, renameLocals } from './walk.ts';

/** Every statement gets its id, nested ones too. Ids are unique in the procedure. */
export function withIds(procedure: Procedure): Procedure {
  const temporaries = new Set(procedure.locals.filter((local) => local.temporary).map((local) => local.name));
  const meanings = new Map<string, string>();
  const seen = new Map<string, number>();
  const idOf = (stmt: Stmt): string => {
    const text = normalised(stmt, temporaries, meanings);
    for (const name of localsWritten(stmt)) if (temporaries.has(name) && !meanings.has(name)) meanings.set(name, `(${text})`);
    const hash = hashOf(text);
    const occurrence = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, occurrence);
    return `${procedure.name}:${hash}:${occurrence}`;
  };
  const go = (body: readonly Stmt[]): Stmt[] =>
    body.map((stmt) => {
      const id = idOf(stmt);
      return { ...mapBodies(stmt, go), id };
    });
  return { ...procedure, body: go(procedure.body) };
}

/** Of texts that were hashed before: the same procedures are compiled for one machine after another. */
const hashes = new Map<string, string>();
const hashesMax = 1 << 16;

function hashOf(text: string): string {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  if (hashes.size >= hashesMax) hashes.clear();
  hashes.set(text, hash);
  return hash;
}

/** The statement without bodies; a temporary is what it was given first, a label its kind. */
function normalised(stmt: Stmt, temporaries: ReadonlySet<string>, meanings: ReadonlyMap<string, string>): string {
  const rename = (name: string): string => (temporaries.has(name) ? (meanings.get(name) ?? '$') : name);
  const written = new Set(localsWritten(stmt));
  const read = new Set(localsRead(stmt));
  const plain = renameLocals(mapExprs(stmt, unnamed), (name) =>
    written.has(name) && !read.has(name) && temporaries.has(name) ? '$' : rename(name),
  );
  const { id: _id, pos: _pos, ...rest } = bodiesOf(plain).length > 0 ? mapBodies(plain, () => []) : plain;
  return JSON.stringify('label' in rest && rest.kind !== 'choose' ? { ...rest, label: rest.label.replace(/\d+$/, '') } : rest);
}
/** A constant is its value, however it is spelled. */
function unnamed(expr: Expr): Expr {
  return mapExpr(expr, (node) => (node.op === 'const' ? { op: 'const', type: node.type, value: node.value } : node));
}
