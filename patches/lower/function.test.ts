import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { printProcedure } from '../../compiler/index.ts';
import { type LoweredPatch, lowerPatch, readPatch, type Surroundings, UnreadableInput } from '../index.ts';
import { addingDiff, proceduresFrom, surroundings } from '../testing/world.ts';

let around: Surroundings;
beforeAll(async () => {
  around = await surroundings();
});
async function lowered(text: string): Promise<LoweredPatch> {
  return lowerPatch(await readPatch('m.patch', addingDiff(text)), around);
}
/** The body of the last function, printed as model text. */
async function body(text: string): Promise<string> {
  const patch = await lowered(text);
  expect(patch.unmodelled).toEqual([]);
  const last = patch.procedures.at(-1);
  if (last === undefined) throw new Error('nothing was lowered');
  return printProcedure(last).split('\n').slice(2, -1).join('\n').trimEnd();
}
const inVcpu = (statements: string, result = 'void') =>
  `static ${result} f(struct kvm_vcpu *vcpu, struct kvm_mmu *mmu, struct kvm_mmu_page *sp, int n)\n{\n${statements}\n}`;
const reasons = async (statements: string): Promise<string[]> =>
  (await lowered(inVcpu(statements))).unmodelled.map((one) => `${one.name} ${one.why}`.replace(' (in f())', ''));

describe('statements of C', () => {
  it('conditions are split into their operands', async () => {
    expect(await body(inVcpu('\tif (!sp || (sp->role.invalid && n > 1))\n\t\tsp->root_count++;'))).toMatchInlineSnapshot(`
      "  let t0: bool;
        if (sp === NULL) {
          t0 = true;
        } else if (pages[sp].role.invalid) {
          if (n > 1) {
            t0 = true;
          } else {
            t0 = false;
          }
        } else {
          t0 = false;
        }
        if (t0) {
          pages[sp].root_count = (pages[sp].root_count as s32) + 1;
        }"
    `);
  });
  it('assignments, ++ and compound ones read and write once', async () => {
    expect(
      await body(inVcpu('\tint old = n++;\n\tsp->root_count -= 2;\n\tsp->mmu_valid_gen = vcpu->kvm->arch.mmu_valid_gen;\n\tn = old;')),
    ).toMatchInlineSnapshot(`
      "  const t0: s32 = n;
        n += 1;
        const old: s32 = t0;
        pages[sp].root_count = (pages[sp].root_count as s32) - 2;
        pages[sp].mmu_valid_gen = (vm.mmu_valid_gen as u32);
        n = old;"
    `);
  });
  it('goto to a label behind, and back to one before', async () => {
    expect(
      await body(
        inVcpu(
          'retry:\n\tif (n == 3)\n\t\tgoto out;\n\tn++;\n\tif (n < 5)\n\t\tgoto retry;\n\tsp->root_count = n;\nout:\n\tsp->role.invalid = 1;',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "  to_1: {
          while (true) {
            if (n === 3) {
              break to_1;
            }
            n += 1;
            if (n < 5) {
              continue;
            }
            pages[sp].root_count = n;
            break;
          }
        }
        pages[sp].role.invalid = true;"
    `);
  });
  it('loops with break and continue', async () => {
    expect(
      await body(
        inVcpu(
          '\tint i;\n\tfor (i = 0; i < 2; i++) {\n\t\tif (i == n)\n\t\t\tcontinue;\n\t\tif (n)\n\t\t\tbreak;\n\t\tmmu->prev_roots[i].hpa = INVALID_PAGE;\n\t}\n\tdo {\n\t\tn--;\n\t} while (n > 0);',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "  let i: s32 = 0;
        while (true) {
          if (i >= 2) {
            break;
          }
          round_2: {
            if (i === n) {
              break round_2;
            }
            if (n !== 0) {
              break;
            }
            mmus[mmu].prev_roots[i].hpa = NULL;
          }
          i += 1;
        }
        while (true) {
          n -= 1;
          if (n <= 0) {
            break;
          }
        }"
    `);
  });
  it('a switch without falling through', async () => {
    expect(
      await body(
        inVcpu(
          '\tswitch (n) {\n\tcase 1:\n\tcase 2:\n\t\treturn 5;\n\tcase 3:\n\t\tn = 4;\n\t\tbreak;\n\tdefault:\n\t\tn = -ENOMEM;\n\t}\n\treturn n ? n : ~0U;',
          'int',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "  const t0: s32 = n;
        switch_1: {
          let t1: bool = false;
          if (t0 === 1) {
            t1 = true;
          }
          if (t0 === 2) {
            t1 = true;
          }
          if (t1) {
            return 5;
          }
          t1 = false;
          if (t0 === 3) {
            t1 = true;
          }
          if (t1) {
            n = 4;
            break switch_1;
          }
          n = -12;
        }
        return n !== 0 ? (n as u32) : ~0;"
    `);
  });
  it('lists, locks, the addresses of embedded structures, SPTE pointers', async () => {
    expect(
      await body(
        inVcpu(
          '\tstruct kvm *kvm = vcpu->kvm;\n\tstruct kvm_mmu_page *node;\n\tu64 *sptep = sp->spt + n;\n\tLIST_HEAD(invalid_list);\n\twrite_lock(&kvm->mmu_lock);\n\tlist_for_each_entry_safe_reverse(sp, node, &kvm->arch.active_mmu_pages, link) {\n\t\tif (!sp->role.invalid)\n\t\t\tlist_add(&sp->link, &invalid_list);\n\t}\n\twrite_unlock(&kvm->mmu_lock);\n\tmmu = &vcpu->arch.guest_mmu;\n\tmmu->root.hpa = vcpu->arch.mmu->prev_roots[1].hpa;\n\t*sptep = 0;',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "  const sptep: Pointer<'pages', 'spt'> = pointerTo(pages, sp, 'spt', n);
        acquire(vm.mmu_lock);
        sp = listLast(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries);
        while (true) {
          if (sp === NULL) {
            break;
          }
          const node: Ref<'pages'> = listPrevious(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries, sp);
          if (!pages[sp].role.invalid) {
            listAddExclusive(lists[rowAt(lists, LIST_INVALID)].entries, sp);
          }
          sp = node;
        }
        release(vm.mmu_lock);
        mmu = rowAt(mmus, indexOf(vcpu) * 2 + 1);
        mmus[mmu].root.hpa = mmus[vcpus[vcpu].mmu].prev_roots[1].hpa;
        put(sptep, 0);"
    `);
  });
  it('value-result parameters, calls of functions of the patch', async () => {
    expect(
      await body(
        'static bool g(struct kvm *kvm, int *count)\n{\n\t*count += 2;\n\treturn *count > 3;\n}\nstatic int f(struct kvm_vcpu *vcpu)\n{\n\tint n = 1;\n\n\tif (unlikely(g(vcpu->kvm, &n)))\n\t\tn = 0;\n\treturn n;\n}',
      ),
    ).toMatchInlineSnapshot(`
      "  const n: Out<s32> = { value: 1 };
        if (g(n)) {
          n.value = 0;
        }
        return n.value;"
    `);
  });
  it('warnings are assertions with a value', async () => {
    expect(
      await body(inVcpu('\tif (WARN_ON_ONCE(!sp))\n\t\treturn;\n\tlockdep_assert_held_write(&vcpu->kvm->mmu_lock);')),
    ).toMatchInlineSnapshot(`
      "  WARN_ON(sp === NULL);
        if (sp === NULL) {
          return;
        }
        WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');"
    `);
  });
});

describe('what the model has not', () => {
  it.each([
    ['a function', 'kvm_frobnicate(vcpu);', 'kvm_frobnicate is no function that the model has'],
    ['a field', 'n = vcpu->arch.cr0;', 'arch.cr0 is no field of vcpus that the model has'],
    ['a field that is only written', 'vcpu->arch.cr0 = 1;', 'arch.cr0 is no field of vcpus that the model has'],
    ['a type', 'struct file *p;', 'struct file * is no type of the model'],
    ['a name', 'n = SOME_CONSTANT;', 'SOME_CONSTANT is no name that the model has'],
    ['a call through a pointer', 'mmu->get_pdptr(vcpu);', 'mmu->get_pdptr is called through something that is not modelled'],
    ['a wide number', 'n = 0x123456789ULL;', '0x123456789ULL is wider than the model (32 bits)'],
    ['a computation with a root', 'n = mmu->root.hpa + 1;', 'mmu->root.hpa + 1 computes with a reference to pages'],
    ['a structure as a value', 'f(vcpu->arch.root_mmu);', 'f takes 4 arguments, not 1'],
    ['a jump into a block', 'if (n) { inner: n = 1; }\n\tgoto inner;', 'goto inner jumps into a block'],
    ['a case that falls through', 'switch (n) { case 1: n = 2; case 2: n = 3; break; }', 'case falls through'],
    ['the use of something ignorable', 'n = vcpu->stat.pf_fixed;', 'stat.pf_fixed is left out of the model, and its value is used'],
    ['an effect inside something ignorable', 'trace_it(n++);', 'trace_it is ignorable, and an argument of it has an effect'],
    [
      'a call inside something ignorable',
      'trace_it(is_obsolete_sp(vcpu->kvm, sp));',
      'is_obsolete_sp is called in an argument of trace_it, which is ignorable',
    ],
    [
      'a call with other arguments',
      'kvm_mmu_free_roots(vcpu, sp, 1);',
      'kvm_mmu_free_roots fits no contract: until 5.17: (struct kvm_vcpu *, struct kvm_mmu *, unsigned long); from 5.18: (struct kvm *, struct kvm_mmu *, unsigned long)',
    ],
  ])('is named: %s', async (_what, statement, reason) => {
    expect(await reasons(`\t${statement}`)).toEqual([reason]);
  });
  it('is named once for each statement, with its line', async () => {
    const patch = await lowered(inVcpu('\tone();\n\tn = 1;\n\ttwo();'));
    expect(patch.unmodelled.map((one) => [one.name, one.line])).toEqual([
      ['one', 7],
      ['two', 9],
    ]);
    expect(patch.procedures).toEqual([]);
  });
  it('is a free choice where something ignorable is a condition', async () => {
    expect(
      await body(inVcpu('\tif (vcpu->stat.pf_fixed > 3 && need_resched())\n\t\tn = 2;\n\tif (vcpu->stat.pf_fixed)\n\t\ttrace_it(n);')),
    ).toMatchInlineSnapshot(`
      "  let t0: bool;
        if (chooseBool('stat.pf_fixed')) {
          if (chooseBool('need_resched')) {
            t0 = true;
          } else {
            t0 = false;
          }
        } else {
          t0 = false;
        }
        if (t0) {
          n = 2;
        }"
    `);
  });
  it('is not a function that the patch itself brings, whatever it is called', async () => {
    const patch = await lowered(
      'static void trace_it(struct kvm_mmu_page *sp)\n{\n\tsp->role.invalid = 1;\n}\nstatic void f(struct kvm_mmu_page *sp)\n{\n\ttrace_it(sp);\n}',
    );
    expect(patch.procedures.at(-1)?.body).toMatchObject([{ kind: 'call', callee: 'trace_it' }]);
  });
});

describe('the C front end', () => {
  const expression: fc.Arbitrary<string> = fc.letrec((tie) => ({
    expr: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(
        'n',
        'sp',
        'mmu->root_hpa',
        'sp->root_count',
        '1',
        '0UL',
        'INVALID_PAGE',
        'NULL',
        'vcpu->kvm',
        '`',
        '"',
        'constructor',
      ),
      fc
        .tuple(tie('expr'), fc.constantFrom('+', '&&', '||', '==', '|', '<<', '=', ',', '->', '?'), tie('expr'))
        .map((parts) => parts.join(' ')),
      tie('expr').map((inner) => `(${String(inner)})`),
      fc
        .tuple(fc.constantFrom('!', '-', '&', '*', '++', 'f', 'VALID_PAGE', 'to_shadow_page', 'WARN_ON'), tie('expr'))
        .map(([head, inner]) => `${head}(${String(inner)})`),
    ),
  })).expr as fc.Arbitrary<string>;
  const statement = fc.oneof(
    expression.map((text) => `${text};`),
    expression.map((text) => `if (${text}) return;`),
    expression.map((text) => `while (${text}) { break; }`),
    fc.constantFrom('goto out;', 'out:', '{', '}', 'case 1:', '#ifdef X', 'int i;', '*/', '/*', 'for_each_x(n) {', 'else'),
  );
  it('gives procedures, reasons or one refusal for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { maxLength: 8 }), async (statements) => {
        try {
          const patch = await lowered(inVcpu(statements.join('\n')));
          for (const one of patch.functions) expect(one.procedure === null).toBe(one.unmodelled.length > 0);
          for (const one of patch.unmodelled) expect(`${one.name} ${one.why}`).not.toMatch(/\n|undefined|\[object/);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableInput);
        }
      }),
      { numRuns: 250, seed: 42 },
    );
  });
  it('lowers what the model is made of', async () => {
    expect([...(await proceduresFrom('int f(struct kvm *kvm)\n{\n\treturn 1;\n}')).keys()]).toEqual(['f']);
  });
});
