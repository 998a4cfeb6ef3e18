/**
 * Reverse maps and leaf SPTEs of the shadow MMU: facts 1.7, 5.4. Its SPTEs have no A, no D, and no bit that says that KVM may set W; those of a
 * machine without rmaps say nothing at all, and are on none.
 */
import type { BindingPart } from './schema.ts';

const shadow = { has: 'rmaps' } as const;
const notTdp = { lacks: 'pages.tdp_mmu_root_count' } as const;

export const rmaps: BindingPart = {
  subsystem: 'reverse maps',
  types: [{ c: ['struct page *'], is: { only: 'hostPage' } }],
  meanings: [
    {
      c: ['__ffs'],
      params: ['x'],
      means:
        '({ unsigned long bit = GFNS; unsigned long at; for (at = 0; at < GFNS; at++) if (bit == GFNS && ((x) & (1UL << at))) bit = at; bit; })',
      first: true,
    },
    {
      c: ['__fls'],
      params: ['x'],
      means: '({ unsigned long bit = 0; unsigned long at; for (at = 0; at < GFNS; at++) if ((x) & (1UL << at)) bit = at; bit; })',
      first: true,
    },
    // The rmap that holds it is that of the gfn which the kernel remembers for it.
    {
      c: ['rmap_remove'],
      params: ['_kvm', 'sptep'],
      means:
        '({ bool found = !RMAPS; unsigned long at; if (RMAPS) for (at = 0; at < GFNS; at++) if (rmap_has(sptep, rmap_of_gfn(at))) { pte_list_remove(sptep, rmap_of_gfn(at)); found = 1; } BUG_ON(!found); })',
      first: true,
      when: shadow,
    },
    // The rmap of a gfn and level; those of higher levels are empty, and not there.
    {
      c: ['gfn_to_rmap'],
      params: ['gfn', 'level', '_slot'],
      means: '(RMAPS && (level) == PG_LEVEL_4K ? rmap_of_gfn(gfn) : NULL)',
      first: true,
      when: shadow,
    },
    // How many there were before.
    {
      c: ['pte_list_add'],
      params: ['_cache', 'sptep', 'head'],
      means: '({ int many = 0; if (head) { many = many_on_list(head); add_to_list(sptep, head); } many; })',
      first: true,
    },
    // No rmap of the model ever becomes so long.
    { c: ['RMAP_RECYCLE_THRESHOLD'], means: '1000' },
    // What is remembered for the removal is what the SPTE says.
    {
      c: ['kvm_mmu_page_set_translation'],
      params: ['sp', 'index', 'gfn', '_access'],
      means: '(BUG_ON(RMAPS && (gfn) != spte_to_pfn((sp)->spt[index])), (void)0)',
      first: true,
      when: shadow,
    },
    {
      c: ['kvm_zap_all_rmap_sptes'],
      params: ['kvm', 'head'],
      means:
        '({ bool zapped = 0; while ((head)->val) { u64 *sptep = first_of_list(head); mmu_spte_clear_track_bits(kvm, sptep); pte_list_remove(sptep, head); zapped = 1; } zapped; })',
      first: true,
      when: shadow,
    },
    {
      c: ['make_spte'],
      params: ['_vcpu', '_sp', '_slot', 'access', 'gfn', '_pfn', 'old', '_prefetch', '_sync', 'writable', 'new_spte'],
      means:
        '(*(new_spte) = RMAPS ? make_spte(gfn, old, ((access) & ACC_WRITE_MASK) && (writable)) : SPTE_LAST_MASK, ((access) & ACC_WRITE_MASK) && !is_writable_pte(*(new_spte)))',
      first: true,
      when: shadow,
    },
    { c: ['spte_ad_need_write_protect'], params: ['_spte'], means: '(bool)1', first: true, when: notTdp },
    { c: ['spte_ad_enabled'], params: ['_spte'], means: '(bool)0', first: true, when: notTdp },
    { c: ['is_mmu_writable_spte'], params: ['spte'], means: 'is_writable_pte(spte)', first: true, when: shadow },
    { c: ['is_dirty_spte'], params: ['_spte'], means: '(bool)0', first: true, when: shadow },
    { c: ['spte_has_volatile_bits'], params: ['_spte'], means: '(bool)0', first: true, when: shadow },
    { c: ['check_spte_writable_invariants'], params: ['_spte'], means: '(void)0', first: true, when: shadow },
    { c: ['shadow_mmu_writable_mask'], means: '0', when: notTdp },
    // What may be written to now may stay so.
    { c: ['shadow_host_writable_mask'], means: 'PT_WRITABLE_MASK', when: notTdp },
    {
      c: ['kvm_mmu_page_get_gfn'],
      params: ['sp', 'index'],
      means:
        '({ gfn_t gfn = GFNS; unsigned long at; if (RMAPS) for (at = 0; at < GFNS; at++) if (rmap_has(&(sp)->spt[index], rmap_of_gfn(at))) gfn = at; gfn; })',
      first: true,
      when: shadow,
    },
    {
      c: ['spte_wrprot_for_clear_dirty'],
      params: ['sptep'],
      means: '(is_writable_pte(*(sptep)) ? (*(sptep) &= ~PT_WRITABLE_MASK, 1) : 0)',
      first: true,
      when: shadow,
    },
    {
      c: ['is_gfn_in_memslot'],
      params: ['slot', 'gfn'],
      means: '((gfn) >= (slot)->base_gfn && (gfn) < (slot)->base_gfn + (slot)->npages)',
      first: true,
    },
    // How large a page may be that maps a gfn: the host's pages say so.
    {
      c: ['kvm_mmu_max_mapping_level'],
      params: ['_kvm', '_slot', '_gfn', '_max'],
      means: '(HUGE_PAGES ? HUGE_LEVEL : PG_LEVEL_4K)',
      first: true,
      when: { has: 'pages.tdp_mmu_root_count' },
    },
    { c: ['kvm_mmu_max_mapping_level'], params: ['_kvm', '_slot', '_gfn', '_max'], means: 'PG_LEVEL_4K', first: true, when: notTdp },
  ],
  calls: [
    { c: ['many_on_list'], is: { listOp: { operator: 'length', element: null, list: 0 } } },
    { c: ['add_to_list'], is: { listOp: { operator: 'add', element: 0, list: 1 } } },
    { c: ['rmap_has'], is: { listOp: { operator: 'contains', element: 0, list: 1 } } },
    { c: ['kvm_pfn_to_refcounted_page', 'pfn_to_page'], is: { only: 'hostPage' } },
  ],
  ignorableCalls: ['page_count', 'kvm_mmu_page_set_access', 'kvm_update_page_stats'],
};
