import { describe, expect, it } from 'vitest';
import { parseOne } from '../subset/machineForTests.ts';
import type { Procedure, Stmt } from './types.ts';
import { visitStmts } from './walk.ts';

function idsOf(procedure: Procedure, wanted: (stmt: Stmt) => boolean = () => true): string[] {
  const ids: string[] = [];
  visitStmts(procedure.body, (stmt) => void (wanted(stmt) && ids.push(stmt.id)));
  return ids;
}
const text = (before: string, inside = ''): string => `export function f(p: Ref<'pages'>): void {
  ${before}
  if (pages[p].role.level > 1) { pages[p].root_count = 2; ${inside} }
  vm.generation = 1;
}`;
const kept = (stmt: Stmt): boolean => stmt.kind === 'if' || (stmt.kind === 'store' && stmt.place.field !== 'used');

describe('ids of statements', () => {
  it('name the function and are unique', () => {
    const ids = idsOf(parseOne(text('vm.used = 1; vm.used = 1;')));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^f:[0-9a-f]{10}:\d+$/.test(id))).toBe(true);
  });

  it('survive edits before, inside and of the spelling', () => {
    const plain = idsOf(parseOne(text('')), kept);
    expect(plain).toHaveLength(3);
    expect(idsOf(parseOne(text('vm.used = vm.used + 1;')), kept)).toEqual(plain);
    expect(idsOf(parseOne(text('', 'vm.used = 3;')), kept)).toEqual(plain);
    expect(idsOf(parseOne(text('\n\n// a comment\n')), kept)).toEqual(plain);
  });

  it('tell conditions on different reads apart', () => {
    const one = parseOne("export function f(p: Ref<'pages'>): void { if (pages[p].role.invalid) vm.used = 1; }");
    const other = parseOne("export function f(p: Ref<'pages'>): void { if (holds(vm.slots_lock)) vm.used = 1; }");
    const isIf = (stmt: Stmt): boolean => stmt.kind === 'if';
    expect(idsOf(one, isIf)).not.toEqual(idsOf(other, isIf));
  });
});
