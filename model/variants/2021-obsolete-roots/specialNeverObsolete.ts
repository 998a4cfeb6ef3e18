/** Twin of the fixed form: a root without a shadow page is never obsolete. */
import { type bool, NULL, type Root, rowOf } from '../../../compiler/subset/vocabulary.ts';
import { VALID_PAGE } from '../../procedures/roots.ts';
import { is_obsolete_sp } from '../../procedures/zap.ts';

/** `is_obsolete_root()`: the special root stays, whatever is below it. */
export function is_obsolete_root(root_hpa: Root<'pages', 1>): bool {
  if (!VALID_PAGE(root_hpa)) return false;
  const sp = rowOf(root_hpa);
  return sp !== NULL && is_obsolete_sp(sp);
}
