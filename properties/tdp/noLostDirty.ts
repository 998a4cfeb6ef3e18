/** I-17 no-lost-dirty. Judged when the last harvest returns: vCPUs have stopped by then. */
import type { bool } from '../../compiler/subset/vocabulary.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Property } from '../property.ts';
import { guestWrites } from './dirtyLog.ts';

export const I_17: Property = {
  id: 'I-17',
  name: 'no-lost-dirty',
  kind: 'event',
  statement: 'A write that the guest completed after logging was enabled, or after a harvest returned, is in a later harvest.',
  kernelExpression: 'none',
  hooks: [{ event: { on: 'return', procedure: 'last_harvest' }, procedure: 'I_17_atEnd' }],
  recorders: [...guestWrites],
  mutant: {
    scenario: '3.4 A',
    variant: 'v6.12',
    procedure: 'kvm_get_dirty_log_protect',
    statement: 'if (mask !== 0) kvm_flush_remote_tlbs();',
    operator: 'delete',
  },
  file: 'properties/tdp/noLostDirty.ts',
};

export function I_17_atEnd(): bool {
  return vm.writtenUnreported === 0;
}
