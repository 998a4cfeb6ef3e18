/**
 * The hardware of a guest on the TDP MMU at true scale: it walks the SPTEs as they are.
 *
 * In: the memory of a run. Out: whether a write goes through, and counts of leaves. Never: a change; a TLB, from which
 * the CPU may drop what it likes.
 */
import type { ScaleSystem } from '../../compiler/index.ts';
import { type Bounds, type ModelOptions, tdpConstantsOf } from '../../model/index.ts';

export interface TdpHardware {
  /** Whether the tables let the guest write to a gfn. */
  mayWrite(gfn: number): boolean;
  /** Leaves of level 1 in all tables, linked or not; those of them that have D. */
  leaves(): number;
  dirty(): number;
}

/** All vCPUs are on one root. */
export function tdpHardware(memory: ScaleSystem['memory'], bounds: Bounds, options: ModelOptions): TdpHardware {
  const constants = tdpConstantsOf(bounds, options);
  const value = (name: string) => {
    const constant = constants.get(name);
    if (constant === undefined) throw new Error(`no constant ${name}`);
    return constant.value;
  };
  const [present, last, dirtyBit] = [value('SPTE_MMU_PRESENT_MASK'), value('SPTE_LAST_MASK'), value('PT_DIRTY_MASK')];
  const needed = present | value('PT_WRITABLE_MASK');
  const shift = value('SPTE_ADDR_SHIFT');
  const { fanout, levels } = bounds;
  const spt = memory.column('pages', 'spt');
  const level = memory.column('pages', 'role.level');
  const root = memory.column('vcpus', 'root');
  const gfnsOfEntry = Array.from({ length: levels }, (_, below) => fanout ** below);

  const mayWrite = (gfn: number): boolean => {
    let table = (root[0] ?? 0) - 1;
    for (let below = levels - 1; below >= 0; below--) {
      const k = table * fanout + (Math.floor(gfn / (gfnsOfEntry[below] ?? 1)) % fanout);
      const spte = spt[k] ?? 0;
      if ((spte & needed) !== needed) return false;
      if ((spte & last) !== 0) return true;
      table = spte >>> shift;
    }
    return false;
  };
  const leavesWith = (bits: number): number => {
    let found = 0;
    level.forEach((of, row) => {
      if (of !== 1) return;
      for (let k = row * fanout; k < (row + 1) * fanout; k++) if (((spt[k] ?? 0) & bits) === bits) found++;
    });
    return found;
  };
  return { mayWrite, leaves: () => leavesWith(present | last), dirty: () => leavesWith(present | last | dirtyBit) };
}
