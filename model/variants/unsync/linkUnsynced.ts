/** Twin: a fault links a table whatever is out of date below it. */
import type { bool, Ref } from '../../../compiler/subset/vocabulary.ts';
import { NULL, WARN_ON } from '../../../compiler/subset/vocabulary.ts';

/** Nothing is read again. */
export function sync_before_link(vcpu: Ref<'vcpus'>, child: Ref<'pages'>): bool {
  return WARN_ON(child === NULL);
}
