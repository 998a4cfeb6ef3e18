import { describe, expect, it } from 'vitest';
import { parseOne, parseText, testConstants, testMachine } from '../subset/machineForTests.ts';
import { normalised } from './normaliseForTests.ts';
import { printProcedure, printProcedures } from './print.ts';
import { boolType, intTypes, type Procedure, type Stmt, voidType } from './types.ts';

const options = { machine: testMachine, constants: testConstants };

/** Texts of every construct; printed and read again they are the same IR. */
const texts: Record<string, string> = {
  loops: `export function f(m: Ref<'mmus'>, x: u32): u32 {
    let found: bool = false;
    outer: for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
      const prev = mmus[m].prev_roots[i];
      if (prev.pgd === 2) continue;
      for (let j: u32 = i; j < x; j++) { if (j === 3) continue outer; if (j === 2) break; }
      found = true;
    }
    while (x > 1 && vm.used > 0) { if (x === 4) continue; x--; }
    do { x -= 1; if (x === 7) continue; } while (x > 5);
    while (true) { if (found || vm.used === 0) break; x = x << 1; }
    return found ? x : vm.used;
  }`,
  conditions: `export function f(p: Ref<'pages'>, x: u32): bool {
    if (pages[p].role.invalid && x > 1) mark('a'); else mark('b');
    if (x > 1 || vm.used > 0) vm.generation = 1;
    if (x === 1) mark('one'); else if (x === 2) mark('two'); else { if (vm.used === 3) mark('three'); mark('last'); }
    const both = pages[p].role.invalid || (x === 1 && vm.generation > 0);
    if (!both) return vm.used === 2;
    return pages[p].role.level === 1 && vm.used !== 3;
  }`,
  records: `interface Iter { level: Small<3>; gfn: u32 }
  export function f(n: Out<u32>): u32 {
    const it: Iter = { gfn: vm.used, level: 2 };
    if (n.value > 2) { const out: Out<bool> = { value: false }; g(it, out); if (out.value) n.value += it.gfn; }
    g2(n);
    return it.level + (n.value & ~3) - h(it.gfn, vm.used);
  }
  export function g(it: Iter, out: Out<bool>): void { it.level -= 1; out.value = it.level === 0; }
  export function g2(n: Out<u32>): void { n.value++; }
  export function h(a: u32, b: s32): u32 { return (a + b) >> 1; }`,
  primitives: `export function f(l: Ref<'lists'>, p: Ref<'pages'>, m: Ref<'mmus'>): void {
    acquireShared(vm.mmu_lock);
    if (isContended(vm.mmu_lock) || !tryAcquire(vm.slots_lock)) releaseShared(vm.mmu_lock);
    const sp = alloc(pages);
    listAddExclusive(lists[l].entries, sp);
    const next = listNext(lists[l].entries, listFirst(lists[l].entries));
    if (chooseFair('fails') && choose('which', 3) === 2) free(next);
    if (WARN_ON(next === NULL, 'I-10')) return;
    BUG_ON(holds(vm.mmu_lock));
    fetchOr(vm.generation, 1);
    assume(self() === 0);
    preempt();
    const sptep = pointerTo(pages, p, 'spt', 1);
    put(sptep, at(sptep) | (1 << vm.used));
    listAdd(pages[pointerRow(sptep)].parents, sptep);
    if (compareExchange(at(sptep), 1, pointerIndex(sptep)) !== 1) mark('lost');
    mmus[m].root.hpa = rootOf(p);
    mmus[m].cached = tagOf(mmus[m].root.hpa);
    mmus[m].root.hpa = specialRoot(0);
    if (isAllocated(rowOf(mmus[m].root.hpa)) && !isDangling(p)) pages[p].shadowed = tagOf(p);
    ghost: { vm.zapSeen = true; if (vm.zapCount < 2) vm.zapCount++; }
    idleUntil(pages[p].role.invalid || (vm.used === 0 && tdp_enabled));
    wait(vm.used > 1, 'enough');
    vm.gfns = vm.gfns | (1 << vm.used);
    vm.gfns |= 1 << vm.generation;
    release(vm.mmu_lock);
  }`,
};

describe('printing', () => {
  it.each(Object.keys(texts))('gives text that is read back as the same IR: %s', (name) => {
    const procedures = parseText(texts[name] ?? '');
    const printed = printProcedures(procedures.values(), options);
    const again = parseText(printed);
    for (const [key, procedure] of procedures) expect(normalised(again.get(key) ?? procedure), printed).toEqual(normalised(procedure));
    expect([...again.keys()]).toEqual([...procedures.keys()]);
  });

  it('reads like what a person writes', () => {
    const procedure = parseOne(`/** kvm_mmu_free_obsolete_roots() of 5.18. */
    export function free_obsolete(vcpu: u32, m: Ref<'mmus'>): void {
      let roots_to_free: u32 = 0;
      if (is_obsolete(vcpu, mmus[m].root.hpa)) roots_to_free |= 1;
      for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
        if (is_obsolete(vcpu, mmus[m].prev_roots[i].hpa)) roots_to_free |= 1 << (1 + i);
      }
      if (roots_to_free !== 0 && vm.used > 0) vm.used -= roots_to_free;
    }
    export function is_obsolete(vcpu: u32, hpa: Root<'pages', 1>): bool { return hpa !== NULL && pages[rowOf(hpa)].role.invalid; }`);
    expect(printProcedure(procedure, options)).toMatchInlineSnapshot(`
      "/** kvm_mmu_free_obsolete_roots() of 5.18. */
      export function free_obsolete(vcpu: u32, m: Ref<'mmus'>): void {
        let roots_to_free: u32 = 0;
        if (is_obsolete(vcpu, mmus[m].root.hpa)) {
          roots_to_free |= 1;
        }
        for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
          if (is_obsolete(vcpu, mmus[m].prev_roots[i].hpa)) {
            roots_to_free |= 1 << (1 + i);
          }
        }
        if (roots_to_free !== 0 && vm.used > 0) {
          vm.used -= roots_to_free;
        }
      }"
    `);
  });

  it('spells what C has and the subset has not', () => {
    const base = { id: 'x', pos: procedurePosition } as const;
    const body: Stmt[] = [
      { ...base, kind: 'call', callee: 'get', args: [{ mode: 'inout', local: 'new' }], dst: null },
      {
        ...base,
        kind: 'atomic',
        operator: 'compareExchange',
        place: { kind: 'field', table: 'vm', field: 'used', row: null, index: null },
        operands: [
          { op: 'const', type: intTypes.u32, value: 1 },
          { op: 'local', type: intTypes.u32, local: 'new' },
        ],
        dst: null,
        success: 'ok',
      },
      {
        ...base,
        kind: 'if',
        cond: { op: 'local', type: boolType, local: 'ok' },
        then: [],
        else: [{ ...base, kind: 'return', value: null }],
        condition: true,
      },
    ];
    const procedure: Procedure = {
      name: 'from_c',
      params: [],
      result: voidType,
      locals: [
        { name: 'new', type: intTypes.u32 },
        { name: 'ok', type: boolType },
      ],
      body,
      pos: procedurePosition,
      doc: '',
    };
    expect(printProcedure(procedure, options)).toMatchInlineSnapshot(`
      "export function from_c(): void {
        let new_: Out<u32>;
        get(new_);
        const ok: bool = compareExchange(vm.used, 1, new_.value) === 1;
        if (!ok) {
          return;
        }
      }"
    `);
  });
});

const procedurePosition = { file: 'a.c', line: 1, column: 1, language: 'c' } as const;
