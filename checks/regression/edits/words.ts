/** What is said in most edits. */
import type { Expected } from '../treeEdit.ts';

/** Versions of the trees that an edit is for. */
export const both = ['6.1', '6.12'] as const;
/** 6.1 has the function in another form, or not at all. */
export const later = ['6.12'] as const;
/** The form of 6.1, where 6.12 has another. */
export const earlier = ['6.1'] as const;

/** Properties that must be among those that the edit breaks. */
export function violates(...breaks: readonly [string, ...string[]]): Expected {
  return { verdict: 'violated', breaks };
}
