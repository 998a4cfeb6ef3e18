/**
 * Hooks that keep count of who holds references on roots.
 *
 * In: events. Out: ghost fields. Never: a verdict.
 */
import { type bool, NULL, type Ref, rowAt, type s32, self, type u32 } from '../../compiler/subset/vocabulary.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { tasks } from '../../model/tdp/machine/tasks.ts';
import type { Hook } from '../property.ts';

export const rootReferencesFile = 'properties/tdp/rootReferences.ts';

/** Walkers, and the zapper's hold on what was the TDP MMU's own reference. Inside the calls below nobody can tell who holds what. */
export const rootReferences: readonly Hook[] = [
  { event: { on: 'call', procedure: 'tdp_mmu_next_root' }, procedure: 'record_walker_leaves' },
  { event: { on: 'return', procedure: 'tdp_mmu_next_root' }, procedure: 'record_walker_comes' },
  { event: { on: 'call', procedure: 'kvm_mmu_load' }, procedure: 'record_slot_changes' },
  { event: { on: 'return', procedure: 'kvm_mmu_load' }, procedure: 'record_slot_loaded' },
  { event: { on: 'call', procedure: 'mmu_free_root_page' }, procedure: 'record_slot_frees' },
  { event: { on: 'write', table: 'vcpus', field: 'root' }, procedure: 'record_slot_written' },
  { event: { on: 'write', table: 'pages', field: 'tdp_mmu_scheduled_root_to_zap' }, procedure: 'record_schedule' },
  { event: { on: 'return', procedure: 'tdp_mmu_zap_root' }, procedure: 'record_root_zapped' },
  { event: { on: 'call', procedure: 'kvm_tdp_mmu_put_root' }, procedure: 'record_put_begins' },
  { event: { on: 'return', procedure: 'kvm_tdp_mmu_put_root' }, procedure: 'record_put_ends' },
];
export function record_moving(what: u32): void {
  tasks[rowAt(tasks, self())].refsMoving = what;
}
/** A root that is found for a slot is no walker's, whatever finds it. */
export function record_walker_leaves(prev_root: Ref<'pages'>, only_valid: bool): void {
  if (tasks[rowAt(tasks, self())].refsMoving === 2) return;
  record_moving(1);
  if (prev_root !== NULL) pages[prev_root].walkers -= 1;
}
export function record_walker_comes(prev_root: Ref<'pages'>, only_valid: bool, next_root: Ref<'pages'>): void {
  if (tasks[rowAt(tasks, self())].refsMoving === 2) return;
  record_moving(0);
  if (next_root !== NULL) pages[next_root].walkers += 1;
}
export function record_slot_changes(vcpu: Ref<'vcpus'>): void {
  record_moving(2);
}
export function record_slot_loaded(vcpu: Ref<'vcpus'>, r: s32): void {
  record_moving(0);
}
/** Until the slot that held it is written to, which its caller does. */
export function record_slot_frees(root: Ref<'pages'>): void {
  record_moving(4);
}
export function record_slot_written(vcpu: Ref<'vcpus'>, before: Ref<'pages'>, after: Ref<'pages'>): void {
  if (tasks[rowAt(tasks, self())].refsMoving === 4) record_moving(0);
}
export function record_schedule(root: Ref<'pages'>, before: bool, after: bool): void {
  if (before && !after) pages[root].zapping = true;
}
/** The zapper puts that reference next. */
export function record_root_zapped(root: Ref<'pages'>, shared: bool): void {
  if (!pages[root].zapping) return;
  pages[root].zapping = false;
  record_moving(3);
}
/** A walker that leaves early. */
export function record_put_begins(root: Ref<'pages'>): void {
  if (tasks[rowAt(tasks, self())].refsMoving !== 0) return;
  record_moving(3);
  pages[root].walkers -= 1;
}
export function record_put_ends(root: Ref<'pages'>): void {
  if (tasks[rowAt(tasks, self())].refsMoving === 3) record_moving(0);
}
