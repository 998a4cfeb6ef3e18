/** Twin of the fixed form: no test for a root without a shadow page. */
import { type bool, type Root, rowOf } from '../../../compiler/subset/vocabulary.ts';
import { VALID_PAGE } from '../../procedures/roots.ts';
import { is_obsolete_sp } from '../../procedures/zap.ts';

/** `is_obsolete_root()`: dereferences what is not there. */
export function is_obsolete_root(root_hpa: Root<'pages', 1>): bool {
  if (!VALID_PAGE(root_hpa)) return false;
  return is_obsolete_sp(rowOf(root_hpa));
}
