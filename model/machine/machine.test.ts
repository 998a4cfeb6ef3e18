import { expect, test } from 'vitest';
import { constantsOf, machineOf } from './index.ts';

const bounds = {
  vcpus: 1,
  pages: 4,
  fanout: 1,
  levels: 2,
  prevRoots: 1,
  paeRoots: 1,
  pgds: 2,
  gfns: 6,
  parents: 1,
  budget: 3,
  flood: 3,
  batch: 0,
  quota: 4,
  generationBits: 1,
  mmuLock: 'rwlock',
} as const;

test('the tables of the smallest machine of 3.3', () => {
  expect(
    machineOf(bounds).tables.map((table) => `${table.name} ${table.rows}: ${table.fields.map((field) => field.path).join(' ')}`),
  ).toMatchInlineSnapshot(`
    [
      "vm 1: mmu_lock slots_lock mmu_valid_gen n_used_mmu_pages indirect_shadow_pages requestOwed freeRequested requestMissed zapDepth zapper zappedInHold recycleWanted recycleTaken recycleExcess",
      "vcpus 1: requests mode ipi mmu srcu guest.cr3 guest.eptp guest.budget inGuest mayCache staleCache tlbWritable walkable changedEntries guestFlushOwed emulatedEntry switchingRoot heldWanted inDropService heldObsolete dropForOneRoot validDropped",
      "mmus 2: root.hpa root.pgd prev_roots.hpa prev_roots.pgd pae_root root_role.level root_role.direct root_role.guest_mode hw_root usesPaeRoot beganObsolete",
      "pages 4: role.level role.direct role.guest_mode role.invalid gfn root_count mmu_valid_gen spt parent_ptes write_flooding_count unsync unsync_child_bitmap unsync_children hashed orphaned",
      "lists 3: entries",
      "frames 1: entries",
      "rmaps 1: sptes",
    ]
  `);
});
test('flags of requests are above their numbers, as in the kernel', () => {
  const constants = constantsOf(bounds, { tdp_enabled: false });
  const request = constants.get('KVM_REQ_MMU_FREE_OBSOLETE_ROOTS')?.value ?? 0;
  expect(request & (constants.get('KVM_REQUEST_MASK')?.value ?? 0)).toBe(2);
  expect(request >> 8).toBe(0b11);
});
