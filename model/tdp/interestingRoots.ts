/** States that make scenarios what they are in which vCPUs load and drop roots. */
import { type bool, isAllocated, isDangling, listContains, NULL, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { IN_GUEST_MODE } from '../machine/constants.ts';
import { PAGES, TASKS, VCPUS } from './machine/constants.ts';
import { pages } from './machine/pages.ts';
import { tasks } from './machine/tasks.ts';
import { vcpus } from './machine/vcpus.ts';
import { vm } from './machine/vm.ts';

/** A vCPU holds a root that was invalidated. */
export function interesting_invalid_root_held(): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const root = vcpus[rowAt(vcpus, v)].root;
    if (root !== NULL && !isDangling(root) && pages[root].role.invalid) return true;
  }
  return false;
}
/** An invalid root has lost its last reference and is not freed yet. */
export function interesting_root_put(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const root = rowAt(pages, p);
    if (isAllocated(root) && pages[root].role.invalid && pages[root].tdp_mmu_root_count === 0) return true;
  }
  return false;
}
/** A fault has looked its page up, and the root that it is to install it in was invalidated since. */
export function interesting_fault_on_invalid_root(): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    const root = vcpus[vcpu].root;
    if (vcpus[vcpu].faulting !== 0 && root !== NULL && !isDangling(root) && pages[root].role.invalid) return true;
  }
  return false;
}
/** The host has freed a page while a root that is invalid waits to be zapped, by whomever. */
export function interesting_freed_before_zap(): bool {
  if (vm.host_freed === 0) return false;
  for (let p: u32 = 0; p < PAGES; p++) {
    const root = rowAt(pages, p);
    if (isAllocated(root) && (pages[root].tdp_mmu_scheduled_root_to_zap || listContains(vm.tdp_mmu_zap_wq, root))) return true;
  }
  return false;
}
/** An invalid root without references is on the list still, while somebody walks that. */
export function interesting_root_put_under_walker(): bool {
  let readers: bool = false;
  for (let t: u32 = 0; t < TASKS; t++) readers = readers || tasks[rowAt(tasks, t)].rcu;
  for (let p: u32 = 0; p < PAGES; p++) {
    const root = rowAt(pages, p);
    if (
      readers &&
      isAllocated(root) &&
      pages[root].role.invalid &&
      pages[root].tdp_mmu_root_count === 0 &&
      listContains(vm.tdp_mmu_roots, root)
    )
      return true;
  }
  return false;
}
/** A guest runs. */
export function interesting_guest_runs(): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    if (vcpus[rowAt(vcpus, v)].mode === IN_GUEST_MODE && !vcpus[rowAt(vcpus, v)].outside) return true;
  }
  return false;
}
