/**
 * What is a role of a page, and its whole word.
 */
import type { Value } from './values.ts';

/** How C spells the type, and the member that is all others. */
export const roleType = 'union kvm_mmu_page_role';
export const wholeWord = 'word';
/** What a role is called where it is a member. */
const memberNames = new Set(['role', 'root_role']);

export function isRole(value: Value): boolean {
  return (value.kind === 'record' && value.type.name === roleType) || (value.kind === 'member' && memberNames.has(value.path));
}
/** `role.word`, or null if it is another member. */
export function wordOf(base: Value, name: string): Value | null {
  return name === wholeWord && isRole(base) ? { kind: 'word', of: base } : null;
}
