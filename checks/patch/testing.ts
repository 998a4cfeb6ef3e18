/**
 * For tests: patches in the spellings of 5.8, written for these tests. The rule of 2020 in other words than any mail's,
 * whole, so that it is judged where no mail is at hand.
 */

/** A diff of one file; counts are made to fit. */
export function diffOf(hunks: readonly { readonly heading: string; readonly lines: readonly string[] }[]): string {
  const text = hunks.flatMap(({ heading, lines }, index) => {
    const count = (mark: string): number => lines.filter((line) => !line.startsWith(mark)).length;
    return [`@@ -${100 * (index + 1)},${count('+')} +${100 * (index + 1)},${count('-')} @@ ${heading}`, ...lines];
  });
  const path = 'arch/x86/kvm/mmu/mmu.c';
  return [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, ...text, '-- ', '2.34.1', ''].join('\n');
}

const plus = (text: string): string[] => text.split('\n').map((line) => `+${line}`);

/** Children that nothing links any more go with their parent if `doomed`, an expression on `child`, says so. */
export function orphansGo(doomed: string): string {
  return diffOf([
    {
      heading: '',
      lines: [
        '-static void kvm_mmu_page_unlink_children(struct kvm *kvm, struct kvm_mmu_page *sp)',
        '-{',
        '-\tunsigned n;',
        '-',
        '-\tfor (n = 0; n < PT64_ENT_PER_PAGE; n++)',
        '-\t\tmmu_page_zap_pte(kvm, sp, &sp->spt[n]);',
        '-}',
        ...plus(`static bool nobody_needs(struct kvm_mmu_page *child)
{
	return ${doomed};
}

static int kvm_mmu_page_unlink_children(struct kvm *kvm, struct kvm_mmu_page *sp, struct list_head *invalid_list)
{
	int slot, gone = 0;

	for (slot = 0; slot < PT64_ENT_PER_PAGE; slot++) {
		u64 *entry = &sp->spt[slot];
		u64 old = READ_ONCE(*entry);

		mmu_page_zap_pte(kvm, sp, entry);
		if (is_shadow_present_pte(old) && !is_last_spte(old, sp->role.level)) {
			struct kvm_mmu_page *child = page_header(old & PT64_BASE_ADDR_MASK);

			if (nobody_needs(child))
				gone += kvm_mmu_prepare_zap_page(kvm, child, invalid_list);
		}
	}
	return gone;
}`),
      ],
    },
    {
      heading: 'static bool __kvm_mmu_prepare_zap_page(struct kvm *kvm,',
      lines: [
        '-\tkvm_mmu_page_unlink_children(kvm, sp);',
        '+\t*nr_zapped += kvm_mmu_page_unlink_children(kvm, sp, invalid_list);',
        ' \tkvm_mmu_unlink_parents(kvm, sp);',
      ],
    },
  ]);
}

/** The predicate behind every look at a page that may be obsolete; `result` is what it gives at its end. */
export function obsoleteIf(result: string): string {
  const head = ['static bool is_obsolete_sp(struct kvm *kvm, struct kvm_mmu_page *sp)', '{'];
  return diffOf([
    { heading: '', lines: [...head.map((line) => ` ${line}`), '-\treturn 0;', ...plus(`\treturn sp->role.invalid || ${result};`), ' }'] },
  ]);
}

/** A function that both engines have. */
export function flushOfBoth(): string {
  return diffOf([
    {
      heading: '',
      lines: plus(`void kvm_flush_remote_tlbs(struct kvm *kvm)
{
	trace_no_flush_at_all(kvm);
}`),
    },
  ]);
}
