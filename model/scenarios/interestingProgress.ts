/**
 * States that make scenarios of progress what they are.
 */
import { type bool, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from '../machine/constants.ts';
import { mmus } from '../machine/mmus.ts';
import { vcpus } from '../machine/vcpus.ts';
import { interesting_is_old, interesting_is_zapped } from './interesting.ts';

/** An access is under way on a root that is obsolete. */
export function interesting_access_on_obsolete_root(): bool {
  for (let i: u32 = 0; i < VCPUS; i++) {
    const vcpu = rowAt(vcpus, i);
    const hpa = mmus[vcpus[vcpu].mmu].root.hpa;
    if (vcpus[vcpu].access !== 0 && (interesting_is_old(hpa) || interesting_is_zapped(hpa))) return true;
  }
  return false;
}
