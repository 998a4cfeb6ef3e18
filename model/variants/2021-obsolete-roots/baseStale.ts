/** 2021, before the patch (5.16 and 5.17): when a fault must be retried. */
import { type bool, NULL, type Ref, rowOf } from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_RELOAD } from '../../machine/constants.ts';
import { mmus } from '../../machine/mmus.ts';
import { vcpus } from '../../machine/vcpus.ts';
import { kvm_test_request } from '../../procedures/requests.ts';
import { is_obsolete_sp } from '../../procedures/zap.ts';

/** `is_page_fault_stale()`, 5.16 and 5.17. */
export function is_page_fault_stale(vcpu: Ref<'vcpus'>): bool {
  const sp = rowOf(mmus[vcpus[vcpu].mmu].root.hpa);
  if (sp !== NULL && is_obsolete_sp(sp)) return true;
  if (sp === NULL && kvm_test_request(KVM_REQ_MMU_RELOAD, vcpu)) return true;
  return false;
}
