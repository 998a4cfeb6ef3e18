/**
 * The walker of a vCPU's hardware, step by step: the test switch against which the ghosts of what it may have cached are held.
 *
 * In place of `kvm_x86_vcpu_run()` and of the flushes, and one daemon a vCPU. Needs `steppingWalker` among the bounds.
 * Left out: translations, since no pfn is kept.
 */

import {
  acquire,
  at,
  choose,
  chooseBool,
  isDangling,
  NULL,
  pointerTo,
  type Ref,
  type Root,
  release,
  rowOf,
} from '../../compiler/subset/vocabulary.ts';
import { PAE_ROOTS, PT64_ENT_PER_PAGE } from '../machine/constants.ts';
import { mmus } from '../machine/mmus.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { is_last_spte, is_shadow_present_pte, spte_to_child_sp } from '../procedures/spte.ts';

/** The guest runs between the two halves; the second waits for the step of the walker that is under way. */
export function kvm_x86_vcpu_run(vcpu: Ref<'vcpus'>): void {
  acquire(vcpus[vcpu].hw_lock);
  vcpus[vcpu].hw_runs = true;
  release(vcpus[vcpu].hw_lock);
  acquire(vcpus[vcpu].hw_lock);
  vcpus[vcpu].hw_runs = false;
  release(vcpus[vcpu].hw_lock);
}

/** `static_call(kvm_x86_flush_tlb_current)()`: the vCPU's own thread, outside the guest. */
export function kvm_x86_flush_tlb_current(vcpu: Ref<'vcpus'>): void {
  acquire(vcpus[vcpu].hw_lock);
  vcpus[vcpu].hw_table = NULL;
  release(vcpus[vcpu].hw_lock);
}

/** `kvm_vcpu_flush_tlb_all()`: as above. */
export function kvm_vcpu_flush_tlb_all(vcpu: Ref<'vcpus'>): void {
  acquire(vcpus[vcpu].hw_lock);
  vcpus[vcpu].hw_table = NULL;
  release(vcpus[vcpu].hw_lock);
}

/** The table at which a walk begins: the hardware's root, or what an entry of a special one holds. */
export function walker_root(vcpu: Ref<'vcpus'>): Ref<'pages'> {
  const mmu: Ref<'mmus'> = vcpus[vcpu].mmu;
  const hpa: Root<'pages', 1> = mmus[mmu].hw_root;
  if (hpa === NULL || isDangling(hpa)) return NULL;
  const sp = rowOf(hpa);
  if (sp !== NULL) return sp;
  const entry: Root<'pages', 1> = mmus[mmu].pae_root[choose('entry of the special root', PAE_ROOTS)];
  if (entry === NULL || isDangling(entry)) return NULL;
  return rowOf(entry);
}

/** Reads one SPTE of the table that is cached: a link leads on. A table that was freed is not read; holding it is judged. */
export function walker_descends(vcpu: Ref<'vcpus'>): void {
  const sp: Ref<'pages'> = vcpus[vcpu].hw_table;
  if (sp === NULL || isDangling(sp)) return;
  const pte = at(pointerTo(pages, sp, 'spt', choose('entry', PT64_ENT_PER_PAGE)));
  if (is_shadow_present_pte(pte) && !is_last_spte(pte)) vcpus[vcpu].hw_table = spte_to_child_sp(pte);
}

/** The walker: begins at the root, or goes on from where it is, while the guest runs. */
export function hardware_walker(vcpu: Ref<'vcpus'>): void {
  while (true) {
    acquire(vcpus[vcpu].hw_lock);
    if (vcpus[vcpu].hw_runs) {
      if (chooseBool('walk from the root')) vcpus[vcpu].hw_table = walker_root(vcpu);
      else walker_descends(vcpu);
    }
    release(vcpus[vcpu].hw_lock);
  }
}
