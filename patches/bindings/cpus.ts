/**
 * vCPUs, the CPUs that they run on, and interrupts between these: facts 1.8, 5.2. Each vCPU runs on the CPU of its number, and who makes requests on one of
 * its own; a vCPU that makes them is outside the guest anyway. None is halted.
 */
import type { BindingPart } from './schema.ts';

const when = { has: 'vcpus.requests' } as const;

export const cpus: BindingPart = {
  subsystem: 'CPUs',
  types: [{ c: ['struct cpumask'], is: { int: 'u32' } }],
  ownPointers: ['struct cpumask *'],
  objects: [{ of: 'vcpus', c: ['cpu'], is: { means: 'vcpu_number(self)' } }],
  meanings: [
    { c: ['get_cpu'], params: [], means: 'VCPUS' },
    { c: ['put_cpu'], params: [], means: '(void)0' },
    { c: ['cpu_kick_mask'], means: '0' },
    { c: ['KVM_MAX_VCPUS'], means: 'VCPUS' },
    { c: ['cpumask_clear'], params: ['cpus'], means: '(*(cpus) = 0)' },
    { c: ['__cpumask_set_cpu'], params: ['cpu', 'cpus'], means: '(*(cpus) |= 1UL << (cpu))' },
    { c: ['cpumask_empty'], params: ['cpus'], means: '(*(cpus) == 0)' },
    {
      c: ['kvm_kick_many_cpus'],
      params: ['cpus', 'waiting'],
      means: '(*(cpus) == 0 ? (bool)0 : (send_ipis(*(cpus), waiting), (bool)1))',
      first: true,
      when,
    },
    // Where vCPUs have no requests nobody makes one.
    { c: ['kvm_test_request'], params: ['_request', '_vcpu'], means: '(bool)0', first: true, when: { lacks: 'vcpus.requests' } },
    { c: ['kvm_vcpu_wake_up'], params: ['_vcpu'], means: '(bool)0', first: true },
    {
      c: ['kvm_vcpu_kick'],
      params: ['vcpu'],
      means: '(kvm_vcpu_exiting_guest_mode(vcpu) == IN_GUEST_MODE ? (send_ipis(1UL << vcpu_number(vcpu), (bool)0), (void)0) : (void)0)',
      first: true,
      when,
    },
    { c: ['kvm_get_vcpu'], params: ['_kvm', 'number'], means: 'vcpu_at(number)', first: true },
    { c: ['kvm_arch_flush_remote_tlbs'], params: ['_kvm'], means: '(-EOPNOTSUPP)', first: true },
    { c: ['kvm_arch_flush_remote_tlb'], params: ['_kvm'], means: '(-ENOTSUPP)', first: true },
  ],
  calls: [
    { c: ['vcpu_at'], is: { rowAt: 'vcpus' } },
    { c: ['vcpu_number'], is: { rowNumber: true } },
    { c: ['this_cpu_cpumask_var_ptr'], is: { only: 'own' } },
    { c: ['send_ipis'], is: { procedure: 'kvm_kick_many_cpus' }, when },
    { c: ['__kvm_make_request'], is: { procedure: 'kvm_make_request' }, when },
  ],
  macros: [
    {
      c: ['kvm_for_each_vcpu'],
      params: ['number', 'vcpu', 'kvm'],
      body: 'for ((number) = 0; (number) < VCPUS && ((vcpu) = vcpu_at(number), 1); (number)++)',
    },
  ],
};
