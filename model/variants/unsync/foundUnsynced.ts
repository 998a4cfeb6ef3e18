/** Twin: an unsync page that is found is taken as it is. */
import { NULL, type Ref, WARN_ON } from '../../../compiler/subset/vocabulary.ts';

/** Nothing is read again. */
export function sync_found_page(sp: Ref<'pages'>): void {
  WARN_ON(sp === NULL);
}
