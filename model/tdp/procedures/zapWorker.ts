/** The workqueue that zaps roots (arch/x86/kvm/mmu/tdp_mmu.c, 5.18 to 6.3). In other versions nobody queues anything. */
import {
  acquireShared,
  idleUntil,
  listAddTail,
  listFirst,
  listIsEmpty,
  listRemove,
  type Ref,
  releaseShared,
} from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { kvm_tdp_mmu_put_root } from './roots.ts';
import { tdp_mmu_zap_root } from './zapRoots.ts';

/** `queue_work()`. */
export function tdp_mmu_queue_work(root: Ref<'pages'>): void {
  listAddTail(vm.tdp_mmu_zap_wq, root);
}
/** `tdp_mmu_zap_root_work()`, one root after the other: zaps it and puts the reference that was taken for the work. */
export function tdp_mmu_zap_wq(): void {
  while (true) {
    idleUntil(!listIsEmpty(vm.tdp_mmu_zap_wq));
    const root = listFirst(vm.tdp_mmu_zap_wq);
    acquireShared(vm.mmu_lock);
    tdp_mmu_zap_root(root, true);
    listRemove(vm.tdp_mmu_zap_wq, root);
    kvm_tdp_mmu_put_root(root);
    releaseShared(vm.mmu_lock);
  }
}
