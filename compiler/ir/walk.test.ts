import { describe, expect, it } from 'vitest';
import { parseOne } from '../subset/machineForTests.ts';
import { showProcedure } from './showForTests.ts';
import type { Stmt } from './types.ts';
import { calleesOf, exprsOf, localsRead, localsWritten, mapExprs, mapStmts, renameLocals, replaceStmt, visitStmts } from './walk.ts';

const procedure = parseOne(`
export function f(p: Ref<'pages'>, n: Out<u32>): u32 {
  for (let i: u32 = 0; i < 2; i++) {
    if (pages[p].spt[i] === 0) g(n, i);
    ghost: { vm.zapCount = h(); }
  }
  wait(vm.used === 0);
  const old = compareExchange(pages[p].spt[0], n.value, 2);
  listAdd(lists[rowAt(lists, old)].entries, p);
  return old + 1;
}
function g(n: Out<u32>, i: u32): void { n.value = i; }
function h(): u32 { return 1; }
`);
const all: Stmt[] = [];
visitStmts(procedure.body, (stmt) => void all.push(stmt));

describe('walking IR', () => {
  it('visits a statement before those inside it, with what is around', () => {
    const depths: string[] = [];
    visitStmts(procedure.body, (stmt, parents) => void depths.push(`${'.'.repeat(parents.length)}${stmt.kind}`));
    expect(depths.slice(0, 9)).toEqual(['assign', 'loop', '.if', '..leave', '.load', '.if', '..call', '.ghost', '..call']);
  });

  it('rebuilds equal statements when nothing is mapped to itself', () => {
    expect(mapStmts(procedure.body, (stmt) => [mapExprs(stmt, (expr) => expr)])).toEqual(procedure.body);
    expect(all.map((stmt) => renameLocals(stmt, (name) => name))).toEqual(all);
  });

  it('renames every local that is read or written, and nothing else', () => {
    const renamed = all.map((stmt) => renameLocals(stmt, (name) => `${name}'`));
    renamed.forEach((stmt, i) => {
      const before = all[i];
      if (before === undefined) throw new Error('as many as before');
      expect(localsRead(stmt)).toEqual(localsRead(before).map((name) => `${name}'`));
      expect(localsWritten(stmt)).toEqual(localsWritten(before).map((name) => `${name}'`));
    });
  });

  it('lists the expressions that it maps', () => {
    for (const stmt of all) {
      const mapped: unknown[] = [];
      mapExprs(stmt, (expr) => {
        mapped.push(expr);
        return expr;
      });
      expect(mapped).toEqual(exprsOf(stmt));
    }
  });

  it('deletes and replaces by id', () => {
    const call = all.find((stmt) => stmt.kind === 'call' && stmt.callee === 'g');
    const without = { ...procedure, body: replaceStmt(procedure.body, call?.id ?? '', () => []) };
    expect(showProcedure(without)).not.toContain('call g');
    expect(calleesOf(procedure.body)).toEqual(['g', 'h']);
    expect(calleesOf(without.body)).toEqual(['h']);
  });
});
