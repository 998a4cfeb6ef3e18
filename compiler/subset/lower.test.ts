import { describe, expect, it } from 'vitest';
import { showProcedure } from '../ir/showForTests.ts';
import { parseOne, parseText, testConstants, testMachine } from './machineForTests.ts';
import { parseSubset } from './parse.ts';
import { formatRefusal } from './refusal.ts';

const body = (text: string): string => showProcedure(parseOne(text));

describe('shared reads', () => {
  it('are a statement each, in the order of the text', () => {
    expect(body("export function f(p: Ref<'pages'>): u32 { return pages[p].root_count + vm.generation * 2; }")).toMatchInlineSnapshot(`
      "$1 := load pages[p].root_count
      $2 := load vm.generation
      return ($1 + ($2 * 2))"
    `);
  });

  it('happen only where && and || and ?: evaluate them, each operand an if of its own', () => {
    expect(
      body("export function f(p: Ref<'pages'>, x: u32): bool { return pages[p].role.invalid || (x === 1 && vm.generation > 0); }"),
    ).toMatchInlineSnapshot(`
      "$1 := 1
      $2 := load pages[p].role.invalid
      if !$2
        block end
          if (x == 1)
            $3 := load vm.generation
            if ($3 > 0)
              leave end
          $1 := 0
      return $1"
    `);
    expect(body('export function f(x: u32): u32 { return x === 1 ? vm.generation : vm.used; }')).toMatchInlineSnapshot(`
      "if (x == 1)
        $3 := load vm.generation
      else
        $3 := load vm.used
      return $3"
    `);
  });

  it('branch without a statement twice', () => {
    expect(
      body("export function f(p: Ref<'pages'>, x: u32): void { if (pages[p].role.invalid && x > 1) mark('a'); else mark('b'); }"),
    ).toMatchInlineSnapshot(`
      "block end
        $1 := load pages[p].role.invalid
        if $1
          if (x > 1)
            mark
            leave end
        mark"
    `);
    expect(body("export function f(x: u32): void { if (x > 1 || vm.used > 0) mark('a'); }")).toMatchInlineSnapshot(`
      "block end
        if (x <= 1)
          $1 := load vm.used
          if ($1 <= 0)
            leave end
        mark"
    `);
    expect(
      body('export function f(x: u32): void { while (x > 1 && vm.used > 0) { if (x === 3 || x === 4) continue; x--; } }'),
    ).toMatchInlineSnapshot(`
      "loop loop
        if (x <= 1)
          leave loop
        $1 := load vm.used
        if ($1 <= 0)
          leave loop
        if (x == 3)
          continue loop
        if (x == 4)
          continue loop
        x := (x - 1)"
    `);
  });

  it('are kept where a later call writes the local', () => {
    expect(
      body(`export function f(n: Out<u32>): u32 { return n.value + step(n); }
            function step(n: Out<u32>): u32 { n.value += 1; return n.value; }`),
    ).toMatchInlineSnapshot(`
      "$2 := n.value
      $1 := call step(&n.value)
      return ($2 + $1)"
    `);
  });
});

describe('places', () => {
  it('go through aliases of rows and of elements', () => {
    expect(
      body(`export function f(m: Ref<'mmus'>): void {
        for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
          const prev = mmus[m].prev_roots[i];
          if (prev.pgd === 2) continue;
          prev.hpa = NULL;
        }
      }`),
    ).toMatchInlineSnapshot(`
      "i := 0
      bounded loop loop
        if (i >= KVM_MMU_NUM_PREV_ROOTS)
          leave loop
        block next
          $1 := load mmus[m].prev_roots.pgd[i]
          if ($1 == 2)
            leave next
          store mmus[m].prev_roots.hpa[i] <- NULL
        i := (i + 1)"
    `);
  });

  it('of an alias stay what they were when it was made', () => {
    expect(
      body("export function f(p: Ref<'pages'>, q: Ref<'pages'>): void { const sp = pages[p]; p = q; sp.root_count = 1; }"),
    ).toMatchInlineSnapshot(`
      "$1 := p
      p := q
      store pages[$1].root_count <- 1"
    `);
  });

  it('may be behind a pointer', () => {
    expect(
      body(`export function f(p: Ref<'pages'>): u32 {
        const sptep = pointerTo(pages, p, 'spt', 1);
        put(sptep, at(sptep) | 8);
        listAdd(pages[pointerRow(sptep)].parents, sptep);
        return compareExchange(at(sptep), 1, pointerIndex(sptep));
      }`),
    ).toMatchInlineSnapshot(`
      "sptep := pointerTo pages.spt(p, 1)
      $1 := load *sptep
      store *sptep <- cast 0..15(($1 | 8))
      list add pages[pointerRow Ref<'pages'>(sptep)].parents (sptep)
      $2 := compareExchange *sptep (1, pointerIndex u32(sptep))
      return $2"
    `);
  });

  it('are read and written by one statement each in x.f -= v, which meets the rule of its field', () => {
    expect(body('export function f(): void { vm.used--; vm.balance -= 2; vm.generation += 3; }')).toMatchInlineSnapshot(`
      "$1 := load vm.used
      store vm.used <- ($1 - 1):0..4
      $2 := load vm.balance
      store vm.balance <- ($2 - 2):-4..4
      $3 := load vm.generation
      store vm.generation <- cast 0..3(($3 + 3))"
    `);
  });
});

describe('types', () => {
  it('of mixed integers meet as in C, and literals take the type that is asked for', () => {
    expect(
      body('export function f(a: s32, b: u32, c: u8, d: Small<4>): u32 { const e: s32 = a + c; d = d - 1; return (a & ~1) + b + d; }'),
    ).toMatchInlineSnapshot(`
      "e := (a + cast s32(c))
      d := (cast u32(d) - 1):Small<4>
      return ((cast u32((a & -2)) + b) + cast u32(d))"
    `);
  });

  it('of references are told apart', () => {
    expect(
      body(`export function f(m: Ref<'mmus'>, p: Ref<'pages'>): bool {
        mmus[m].root.hpa = rootOf(p);
        mmus[m].cached = tagOf(mmus[m].root.hpa);
        pages[p].shadowed = tagOf(p);
        mmus[m].root.hpa = specialRoot(0);
        return rowOf(mmus[m].root.hpa) === NULL || isDangling(p);
      }`),
    ).toMatchInlineSnapshot(`
      "store mmus[m].root.hpa <- refCast Root<'pages', 1>(p)
      $1 := load mmus[m].root.hpa
      store mmus[m].cached <- refCast Tag<'pages'> & Root<'pages', 1>($1)
      store pages[p].shadowed <- refCast Tag<'pages'>(p)
      store mmus[m].root.hpa <- special Root<'pages', 1>(0)
      $2 := 1
      $3 := load mmus[m].root.hpa
      if (refCast Ref<'pages'>($3) != NULL)
        if !isDangling bool(p)
          $2 := 0
      return $2"
    `);
  });

  it('of records are taken apart', () => {
    const procedures = parseText(`
      interface Range { start: u32; end: u32 }
      interface Iter { range: Range; level: Small<3> }
      export function f(): u32 {
        const it: Iter = { level: 2, range: { start: 0, end: 1 } };
        next(it);
        return it.range.start;
      }
      function next(it: Iter): void { it.range.start = it.range.end; it.level -= 1; }`);
    expect([...procedures.values()].map(showProcedure).join('\n---\n')).toMatchInlineSnapshot(`
      "it.level := 2
      it.range.start := 0
      it.range.end := 1
      call next(&it.range.start, &it.range.end, &it.level)
      return it.range.start
      ---
      it.range.start := it.range.end
      it.level := (cast u32(it.level) - 1):Small<3>"
    `);
    expect(procedures.get('next')?.params.map((param) => [param.name, param.mode])).toEqual([
      ['it.range.start', 'inout'],
      ['it.range.end', 'inout'],
      ['it.level', 'inout'],
    ]);
  });

  it('of constants of a scaled width are those that arithmetic has', () => {
    expect(
      body('const FLAG = 1 << 3; export function f(x: u32): u32 { return (x & ~FLAG) + SCALED + (tdp_enabled ? 1 : 0); }'),
    ).toMatchInlineSnapshot(`
      "$1 := 1
      return (((x & 4294967287) + SCALED) + $1)"
    `);
  });
});

describe('statements', () => {
  it('that spin on shared reads wait', () => {
    expect(body('export function f(): void { while (vm.generation !== 0 && vm.used > 1) {} }')).toMatchInlineSnapshot(`
      "wait "!(vm.generation !== 0 && vm.used > 1)"
        $1 := 0
        $2 := load vm.generation
        if ($2 != 0)
          $3 := load vm.used
          if ($3 > 1)
            $1 := 1
      until !$1"
    `);
    expect(
      body('export function f(): void { idleUntil(pending() || vm.used === 0); } function pending(): bool { return vm.generation > 1; }'),
    ).toMatchInlineSnapshot(`
      "idle "pending() || vm.used === 0"
        $1 := 1
        $2 := call pending()
        if !$2
          $3 := load vm.used
          if ($3 != 0)
            $1 := 0
      until $1"
    `);
  });

  it('of locks, lists, rows, choices, assertions', () => {
    expect(
      body(`export function f(l: Ref<'lists'>): void {
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
      }`),
    ).toMatchInlineSnapshot(`
      "acquire shared vm.mmu_lock
      block end
        $1 := contended vm.mmu_lock
        if !$1
          $2 := tryAcquire exclusive vm.slots_lock
          if $2
            leave end
        release shared vm.mmu_lock
      sp := alloc pages
      list add exclusive lists[l].entries (sp)
      $4 := list first lists[l].entries
      next := list next lists[l].entries ($4)
      $6 := choose "fails" 2 fair
      if $6
        $7 := choose "which" 3
        if ($7 == 2)
          free next
      warn unless (next != NULL) [I-10]
      if (next == NULL)
        return
      $8 := held vm.mmu_lock
      bug unless !$8
      fetchOr vm.generation (1)
      assume (self == 0)
      preempt"
    `);
  });

  it('jump to labels, and a for loop goes on with its step', () => {
    expect(
      body(`export function f(x: u32): u32 {
        out: {
          outer: for (let i: u32 = 0; i < 2; i++) {
            for (let j: u32 = i; j < x; j++) {
              if (j === 3) continue outer;
              if (j === 4) break out;
            }
          }
          return 1;
        }
        do { x -= 1; if (x === 7) continue; } while (x > 5);
        return 0;
      }`),
    ).toMatchInlineSnapshot(`
      "block out
        i := 0
        bounded loop outer
          if (i >= 2)
            leave outer
          block next
            j := i
            loop loop
              if (j >= x)
                leave loop
              if (j == 3)
                leave next
              if (j == 4)
                leave out
              j := (j + 1)
          i := (i + 1)
        return 1
      loop loop2
        block next2
          x := (x - 1)
          if (x == 7)
            leave next2
        if (x <= 5)
          leave loop2
      return 0"
    `);
  });

  it('of ghosts are kept together', () => {
    expect(
      body('export function f(): void { vm.generation = 1; ghost: { vm.zapSeen = true; if (vm.zapCount < 2) vm.zapCount++; } }'),
    ).toMatchInlineSnapshot(`
      "store vm.generation <- 1
      ghost
        store vm.zapSeen <- 1
        $1 := load vm.zapCount
        if ($1 < 2)
          $2 := load vm.zapCount
          store vm.zapCount <- ($2 + 1):Small<3>"
    `);
  });
});

describe('bounded loops', () => {
  const bounded = (head: string, inside = ''): boolean => /bounded/.test(body(`export function f(n: u32): void { ${head} { ${inside} } }`));
  it('have constant bounds and a variable that only the step writes', () => {
    expect(bounded('for (let i: u32 = 0; i < 3; i++)')).toBe(true);
    expect(bounded('for (let i: s32 = 3; i >= 0; i -= 2)')).toBe(true);
    expect(bounded('for (let i: u32 = 0; i < n; i++)')).toBe(false);
    expect(bounded('for (let i: u32 = 3; i >= 0; i--)')).toBe(false);
    expect(bounded('for (let i: u32 = 0; i !== 3; i += 2)')).toBe(false);
    expect(bounded('for (let i: u32 = 0; i < 3; i++)', 'i = 0;')).toBe(false);
  });
});

describe('procedures', () => {
  it('carry their docstring and the positions of the text', () => {
    const procedure = parseOne(
      '/**\n * kvm_zap() of 6.1.\n *\n * Without statistics.\n */\nexport function zap(x: u32): u32 {\n  return x + vm.used;\n}\n',
    );
    expect(procedure.doc).toBe('kvm_zap() of 6.1.\n\nWithout statistics.');
    expect(procedure.pos).toEqual({ file: 'test.ts', line: 6, column: 17, language: 'typescript' });
    expect(procedure.body.map((stmt) => [stmt.kind, stmt.pos.line, stmt.pos.column])).toEqual([
      ['load', 7, 14],
      ['return', 7, 3],
    ]);
  });

  it('of a replacing file take the place of others, and ordinary files give types only', () => {
    const files = [
      { path: 'base.ts', text: 'export function f(): Level { return 1; }\nexport function g(): u32 { return f(); }' },
      { path: 'fixed.ts', text: 'export function f(): Level { return 2; }', functions: 'replacing' as const },
      {
        path: 'machine.ts',
        text: 'export type Level = Small<3>;\nexport function describe(b: Bounds) { return z.object({}); }',
        functions: 'ordinary' as const,
      },
    ];
    const { procedures, diagnostics } = parseSubset(files, { machine: testMachine, constants: testConstants });
    expect(diagnostics.map(formatRefusal)).toEqual([]);
    expect([...procedures.keys()].sort()).toEqual(['f', 'g']);
    expect(procedures.get('f')?.pos.file).toBe('fixed.ts');
  });

  it('pass over what is not of the subset at the top level', () => {
    const text =
      "const schema = z.object({ a: z.string() });\ndefineProperty({ id: 'I-10' });\nexport class Helper {}\nexport function f(): void {}";
    expect([...parseText(text).keys()]).toEqual(['f']);
  });
});
