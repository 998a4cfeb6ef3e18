import { beforeAll, describe, expect, it } from 'vitest';
import type { Procedure } from '../../compiler/ir/types.ts';
import { proceduresFrom } from '../testing/world.ts';
import { sameBehaviour } from './lockstep.ts';

const head = 'static int f(struct kvm *kvm, struct kvm_mmu_page *sp, int n)';
let helpers: Map<string, Procedure>;
beforeAll(async () => {
  helpers = await proceduresFrom(
    'static int twice(struct kvm *kvm, int n)\n{\n\treturn n * 2;\n}\nstatic int count(struct kvm *kvm)\n{\n\treturn kvm->arch.n_used_mmu_pages;\n}',
  );
});
async function alike(left: string, right: string): Promise<boolean> {
  const [a, b] = [await proceduresFrom(`${head}\n{\n${left}\n}`, helpers), await proceduresFrom(`${head}\n{\n${right}\n}`, helpers)];
  const [one, other] = [a.get('f'), b.get('f')];
  if (one === undefined || other === undefined) throw new Error('no f');
  const [there, back] = [sameBehaviour(one, other, helpers), sameBehaviour(other, one, helpers)];
  expect(there === null).toBe(back === null);
  return there !== null;
}

describe('two pieces of code that do the same', () => {
  it.each([
    ['a condition turned round', 'if (sp->root_count == 0) return 1; return 2;', 'if (sp->root_count) return 2; else return 1;'],
    ['&& and nested ifs', 'if (sp->role.invalid && n > 3) return 1; return 0;', 'if (sp->role.invalid) { if (3 < n) return 1; } return 0;'],
    ['De Morgan', 'return !(sp->role.invalid || n == 2);', 'return !sp->role.invalid && n != 2;'],
    ['a value kept in a local', 'sp->root_count = n + 1; return n + 1;', 'int m = n + 1; sp->root_count = m; return m;'],
    ['a helper that only computes', 'return twice(kvm, n);', 'return 2 * n;'],
    ['?: and if', 'return n ? 1 : 2;', 'if (n) return 1; return 2;'],
    [
      'for and while',
      'int i; for (i = 0; i < n; i++) sp->root_count++; return 0;',
      'int i = 0; while (n > i) { sp->root_count += 1; ++i; } return 0;',
    ],
    ['goto and else', 'if (n) goto out; sp->root_count = 1; out: return 0;', 'if (n) {} else { sp->root_count = 1; } return 0;'],
  ])('are recognised: %s', async (_what, left, right) => {
    expect(await alike(left, right)).toBe(true);
  });

  it.each([
    [
      'two stores in another order',
      'sp->root_count = 1; sp->role.invalid = 1; return 0;',
      'sp->role.invalid = 1; sp->root_count = 1; return 0;',
    ],
    ['another value', 'sp->root_count = n; return 0;', 'sp->root_count = n + 1; return 0;'],
    ['another field', 'return sp->root_count;', 'return sp->role.level;'],
    ['a read more', 'return n;', 'n += sp->root_count; return n - n;'],
    ['a condition turned round', 'if (sp->role.invalid) return 1; return 2;', 'if (sp->role.invalid) return 2; return 1;'],
    ['an operand left out', 'if (sp->role.invalid && n) return 1; return 2;', 'if (sp->role.invalid) return 1; return 2;'],
    ['another result after the same', 'count(kvm); return 0;', 'return count(kvm);'],
    ['a call twice', 'return count(kvm);', 'count(kvm); return count(kvm);'],
    [
      'another bound of a loop',
      'int i; for (i = 0; i < n; i++) sp->root_count++; return 0;',
      'int i; for (i = 0; i <= n; i++) sp->root_count++; return 0;',
    ],
    [
      'a loop that counts otherwise',
      'int i; for (i = 0; i < n; i++) sp->root_count++; return 0;',
      'int i; for (i = 0; i < n; i += 2) sp->root_count++; return 0;',
    ],
    [
      'what a loop leaves behind',
      'int m = 0, i; for (i = 0; i < n; i++) m += 1; return m;',
      'int m = 0, i; for (i = 0; i < n; i++) m += 2; return m;',
    ],
    ['signed and unsigned comparison', 'return n < 3;', 'return (unsigned int)n < 3;'],
    ['an assertion that one has', 'WARN_ON(n); return 0;', 'return 0;'],
  ])('are told apart: %s', async (_what, left, right) => {
    expect(await alike(left, right)).toBe(false);
  });
});
