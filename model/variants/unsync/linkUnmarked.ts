/** Twin: linking an unsync page does not mark the path to it. */
import { type Pointer, put, type Ref } from '../../../compiler/subset/vocabulary.ts';
import { make_nonleaf_spte } from '../../procedures/spte.ts';
import { mmu_page_add_parent_pte } from '../../procedures/zap.ts';

/** `link_shadow_page()` without `mark_unsync()`. */
export function link_shadow_page(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, sp: Ref<'pages'>): void {
  put(sptep, make_nonleaf_spte(sp));
  mmu_page_add_parent_pte(sp, sptep);
}
