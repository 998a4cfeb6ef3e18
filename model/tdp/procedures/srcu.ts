/** SRCU of the VM: vCPUs read memslots inside a section; who changes them waits for the sections that there are. */
import { fetchOr, type Ref, rowAt, type u32, wait } from '../../../compiler/subset/vocabulary.ts';
import { SRCU_READING, SRCU_WAITED, VCPUS } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';

/** `kvm_vcpu_srcu_read_lock()`: no grace period that is under way waits for this section. */
export function kvm_vcpu_srcu_read_lock(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].srcu = SRCU_READING;
}
/** `kvm_vcpu_srcu_read_unlock()`. */
export function kvm_vcpu_srcu_read_unlock(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].srcu = 0;
}
/** `synchronize_srcu(&kvm->srcu)`. */
export function synchronize_srcu(): void {
  for (let i: u32 = 0; i < VCPUS; i++) fetchOr(vcpus[rowAt(vcpus, i)].srcu, SRCU_WAITED);
  for (let i: u32 = 0; i < VCPUS; i++) wait(vcpus[rowAt(vcpus, i)].srcu !== (SRCU_READING | SRCU_WAITED), 'SRCU grace period');
}
