/**
 * Memslots that come and go, and what guards their readers. Only in scenarios that change memslots; in the others there is one slot,
 * which nobody names.
 *
 * In: bounds. Out: schemas, and the names of the tables for procedures. Never: rmaps or dirty bitmaps; freeing a slot stands for all its arrays.
 */
import type { z } from 'zod';
import { bits, counter, dynamicTable, flag, mutex, ref, singletonTable, staticTable, uint } from '../../../compiler/machine/schema.ts';
import { rows, singleton } from '../../../compiler/subset/vocabulary.ts';
import type { Bounds } from '../../machine/bounds.ts';
import { slotCopies, taskCount } from './constants.ts';

/** `struct kvm_memory_slot` of one page. */
export function memslotsTable(bounds: Bounds) {
  return dynamicTable(slotCopies, {
    base_gfn: uint(bounds.gfns - 1),
    /** KVM_MEMSLOT_INVALID. */
    invalid: flag(),
  });
}
/** What `struct kvm` has about memslots. */
export function slotsTable() {
  return singletonTable({
    /** The published slots: the one slot there is, or none. */
    memslots: ref('memslots'),
    mn_invalidate_lock: mutex(),
    mn_active_invalidate_count: counter(3),
  });
}
/** SRCU read sections of threads that are no vCPU's: SRCU_READING, SRCU_WAITED. */
export function srcuReadersTable() {
  return staticTable(taskCount, { srcu: bits(2) });
}
/** `fault->slot` of the fault that a vCPU is at. */
export function faultsTable(bounds: Bounds) {
  return staticTable(bounds.vcpus, { slot: ref('memslots') });
}
/** All of these tables. */
export function memslotTables(bounds: Bounds) {
  return { memslots: memslotsTable(bounds), slots: slotsTable(), srcuReaders: srcuReadersTable(), faults: faultsTable(bounds) };
}

export const memslots = rows<'memslots', z.infer<ReturnType<typeof memslotsTable>>>('memslots');
export const slots = singleton<z.infer<ReturnType<typeof slotsTable>>>('slots');
export const srcuReaders = rows<'srcuReaders', z.infer<ReturnType<typeof srcuReadersTable>>>('srcuReaders');
export const faults = rows<'faults', z.infer<ReturnType<typeof faultsTable>>>('faults');
