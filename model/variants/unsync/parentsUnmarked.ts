/** Twin: a page goes unsync, and nothing leads to it. */
import type { Ref } from '../../../compiler/subset/vocabulary.ts';
import { pages } from '../../machine/pages.ts';

/** `kvm_unsync_page()` without its parents. */
export function kvm_unsync_page(sp: Ref<'pages'>): void {
  pages[sp].unsync = true;
}
