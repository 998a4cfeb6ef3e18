/**
 * What is a role of a page, and its whole word.
 */
import type { Value } from './values.ts';

/** How C spells the type, and the member that is all others. */
export const roleType = 'union kvm_mmu_page_role';
export const wholeWord = 'word';
/**
 * Parts that are the same in all roles of a machine, or that its pages do without: how the guest pages, what it may do, SMM, special roots.
 * Any other one that a role lacks would make pages equal that are not: one that is new, say.
 */
export const partsOfNoConsequence: ReadonlySet<string> = new Set([
  ...[
    'quadrant',
    'has_4_byte_gpte',
    'gpte_is_8_bytes',
    'cr4_pae',
    'access',
    'efer_nx',
    'nxe',
    'cr0_wp',
    'smep_andnot_wp',
    'smap_andnot_wp',
  ],
  ...['ad_disabled', 'passthrough', 'smm', 'is_mirror'],
]);
/** What a role is called where it is a member. */
const memberNames = new Set(['role', 'root_role']);

export function isRole(value: Value): boolean {
  return (value.kind === 'record' && value.type.name === roleType) || (value.kind === 'member' && memberNames.has(value.path));
}
/** `role.word`, or null if it is another member. */
export function wordOf(base: Value, name: string): Value | null {
  return name === wholeWord && isRole(base) ? { kind: 'word', of: base } : null;
}
