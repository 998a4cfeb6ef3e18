/**
 * The configuration for which a tree is read: a usual x86-64 kernel, as distributions build it, with the checks of a debugging kernel.
 *
 * In: nothing. Out: values of macros that conditions of the preprocessor ask for. Never: a choice that is not named here; a macro that
 * neither this list nor the file itself defines is 0, as in C.
 */

/** Each with its reason where there is a choice. */
export const usualConfiguration: ReadonlyMap<string, string> = new Map([
  ['CONFIG_X86_64', '1'],
  ['CONFIG_X86', '1'],
  ['CONFIG_64BIT', '1'],
  ['CONFIG_SMP', '1'],
  ['CONFIG_KVM', '1'],
  ['CONFIG_KVM_INTEL', '1'],
  ['CONFIG_KVM_AMD', '1'],
  ['CONFIG_HAVE_KVM_IRQCHIP', '1'],
  ['CONFIG_MMU_NOTIFIER', '1'],
  ['CONFIG_KVM_GENERIC_MMU_NOTIFIER', '1'],
  ['CONFIG_KVM_GENERIC_DIRTYLOG_READ_PROTECT', '1'],
  // A thread that holds a lock may be preempted: the model's scheduler does not need it, since every interleaving is looked at anyway.
  ['CONFIG_PREEMPTION', '1'],
  // Assertions of locks are claims that the model checks.
  ['CONFIG_LOCKDEP', '1'],
  ['CONFIG_PROVE_LOCKING', '1'],
  // CONFIG_KVM_PROVE_MMU is left undefined: no distribution sets it, and with it tdp_mmu_zap_root() would leave out the passes over lower
  // levels. What it would make of KVM_MMU_WARN_ON() is bound all the same.
  ['KVM_ARCH_WANT_MMU_NOTIFIER', '1'],
  ['KVM_HAVE_MMU_RWLOCK', '1'],
  ['__KVM_HAVE_ARCH_FLUSH_REMOTE_TLBS', '1'],
  ['__KVM_HAVE_ARCH_FLUSH_REMOTE_TLBS_RANGE', '1'],
  // Of the three instances of the walker of guest page tables, that of 64-bit guests.
  ['PTTYPE', '64'],
  ['__KERNEL__', '1'],
  // Left undefined on purpose: CONFIG_HYPERV, CONFIG_KVM_XEN, CONFIG_KVM_SMM's second address space, CONFIG_KVM_GENERIC_MEMORY_ATTRIBUTES,
  // CONFIG_KVM_PRIVATE_MEM, CONFIG_KVM_EXTERNAL_WRITE_TRACKING, CONFIG_PREEMPT_RT: the model has no guest that needs them.
]);
