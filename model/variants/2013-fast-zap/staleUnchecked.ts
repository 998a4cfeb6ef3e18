/** 3.11 to 5.15: faults look at the notifier's count only, never at the root. */
import { type bool, NULL, type Ref, WARN_ON } from '../../../compiler/subset/vocabulary.ts';

/** Stands for `mmu_notifier_retry()`: no host event is modelled, so a fault is never stale. */
export function is_page_fault_stale(vcpu: Ref<'vcpus'>): bool {
  WARN_ON(vcpu === NULL);
  return false;
}
