/** Roots of a vCPU and the MMU contexts that hold them: facts 1.3, 2.10, 5.1. */
import type { BindingPart } from './schema.ts';

/** Not with the machine of the TDP MMU, whose vCPUs have one MMU each. */
const twoMmus = { lacks: 'pages.tdp_mmu_root_count' } as const;
const oneMmu = { has: 'pages.tdp_mmu_root_count' } as const;

export const roots: BindingPart = {
  subsystem: 'roots',
  records: ['struct kvm_mmu_root_info'],
  objects: [
    { of: 'vcpus', c: ['kvm'], is: { the: 'vm' } },
    { of: 'vcpus', c: ['arch.root_mmu'], is: { row: 'mmus', stride: 2, offset: 0 }, when: twoMmus },
    { of: 'vcpus', c: ['arch.guest_mmu'], is: { row: 'mmus', stride: 2, offset: 1 }, when: twoMmus },
    { of: 'vcpus', c: ['arch.mmu'], is: { load: 'mmu' }, when: twoMmus },
    { of: 'vcpus', c: ['pae_root'], is: { means: '0' }, when: oneMmu },
  ],
  fields: [
    { of: 'mmus', field: 'root.hpa', c: ['root.hpa', 'root_hpa'] },
    { of: 'mmus', field: 'root.pgd', c: ['root.pgd', 'root_pgd', 'root_cr3'] },
    { of: 'mmus', field: 'prev_roots.hpa', c: ['prev_roots[].hpa'] },
    { of: 'mmus', field: 'prev_roots.pgd', c: ['prev_roots[].pgd', 'prev_roots[].cr3'] },
    { of: 'mmus', field: 'pae_root', c: ['pae_root[]', 'pae_root'] },
    { of: 'mmus', field: 'root_role.level', c: ['root_role.level', 'shadow_root_level', 'mmu_role.base.level'] },
    { of: 'mmus', field: 'root_role.direct', c: ['root_role.direct', 'direct_map', 'mmu_role.base.direct'] },
    { of: 'mmus', field: 'root_role.guest_mode', c: ['root_role.guest_mode', 'mmu_role.base.guest_mode'] },
    { of: 'vcpus', field: 'mode', c: ['mode'] },
  ],
  contracts: [
    {
      c: ['kvm_mmu_free_roots'],
      era: 'until 5.17',
      params: ['struct kvm_vcpu *', 'struct kvm_mmu *', 'unsigned long'],
      pass: [1, 2],
    },
    {
      c: ['kvm_mmu_free_roots'],
      era: 'from 5.18',
      params: ['struct kvm *', 'struct kvm_mmu *', 'unsigned long'],
      pass: [1, 2],
    },
    // The model's callers mean the one root that there is.
    {
      when: oneMmu,
      c: ['kvm_mmu_free_roots'],
      era: 'from 5.18',
      params: ['struct kvm *', 'struct kvm_mmu *', 'ulong'],
      pass: [1],
      give: { 2: 'KVM_MMU_ROOTS_ALL' },
    },
    { c: ['is_obsolete_root'], era: 'December 2021', params: ['struct kvm_vcpu *', 'hpa_t'], pass: [1] },
    { c: ['is_obsolete_root'], era: 'from 5.18', params: ['struct kvm *', 'hpa_t'], pass: [1] },
    { c: ['__kvm_mmu_free_obsolete_roots'], era: 'December 2021', params: ['struct kvm_vcpu *', 'struct kvm_mmu *'], pass: [1] },
    { c: ['__kvm_mmu_free_obsolete_roots'], era: 'from 5.18', params: ['struct kvm *', 'struct kvm_mmu *'], pass: [1] },
    { c: ['child_sp_of_number'], era: 'all', params: ['u64'], pass: [0], procedure: 'spte_to_child_sp' },
  ],
  // The mode of mmu_lock is theirs: until 6.8 another than the model's, and the model does not ask for it.
  together: [{ when: oneMmu, c: ['mmu_free_root_page', 'kvm_mmu_free_roots'] }],
  scaledMacros: [
    {
      c: ['KVM_MMU_NUM_PREV_ROOTS'],
      constant: 'KVM_MMU_NUM_PREV_ROOTS',
      decides: 'how many roots a vCPU keeps beside its current one: fewer cost roots that are built again, more cost memory',
    },
  ],
  meanings: [
    { c: ['INVALID_PAGE'], means: '(hpa_t)0' },
    { c: ['VALID_PAGE'], params: ['x'], means: '(x) != (hpa_t)0' },
    // A vCPU keeps its one root there, and no special one.
    { c: ['KVM_MMU_NUM_PREV_ROOTS'], means: '0', when: oneMmu },
    { c: ['KVM_MMU_ROOT_CURRENT'], means: '1UL', when: oneMmu },
    { c: ['KVM_MMU_ROOTS_ALL'], means: '(~0UL)', when: oneMmu },
    { c: ['KVM_MMU_ROOT_PREVIOUS'], params: ['i'], means: '(1UL << (1 + (i)))' },
    { c: ['root_to_sp'], params: ['root'], means: '(struct kvm_mmu_page *)(hpa_t)(root)' },
    // Of a root, which is a row or none, and of the address in an SPTE, which is a number.
    {
      c: ['to_shadow_page', 'page_header'],
      params: ['address'],
      means: '(struct kvm_mmu_page *)(hpa_t)(address)',
      ofNumber: 'spte_to_child_sp(address)',
    },
    // An entry of a PAE root is a root here, the entry of a table a number.
    {
      c: ['spte_to_child_sp'],
      params: ['spte'],
      means: 'root_to_sp(spte)',
      ofNumber: 'child_sp_of_number(spte)',
      first: true,
      when: { has: 'mmus.pae_root' },
    },
    { c: ['root_to_kvm'], params: ['x'], means: '(x)->kvm' },
  ],
};
