/**
 * Every reason for which the front end refuses a text: one table for the compiler and for docs/refusals.md.
 *
 * In: nothing. Out: codes with a title and what to write instead. Never: a code that nothing provokes.
 */

export interface RefusalRule {
  readonly title: string;
  /** What the writer should do; whole sentences. */
  readonly instead: string;
}

export const refusalRules = {
  MM001: { title: 'not TypeScript', instead: 'Correct the syntax; the message is that of the TypeScript parser.' },
  MM101: {
    title: 'not in the subset',
    instead: 'Use what docs/subset.md lists: if, while, do, for, break, continue, return, assignments, calls, const aliases of rows.',
  },
  MM102: {
    title: 'unknown name',
    instead: 'Declare it, or give the compiler the file that declares it. Tables, constants and vocabulary are found by name.',
  },
  MM103: {
    title: 'declared twice',
    instead: 'Rename one of them: functions, types and constants are global to a system, locals to their block.',
  },
  MM104: {
    title: 'unknown type',
    instead: 'Use u8 … s32, Small<N>, bool, Ref, Tag, Root, Pointer, Out, an interface of those, or an alias of one of them.',
  },
  MM105: {
    title: 'a type is missing',
    instead: 'Write the type: every parameter and result needs one, and so does a local whose first value is a literal or missing.',
  },
  MM106: {
    title: 'types do not match',
    instead: 'Convert explicitly: x !== 0 makes a bool, b ? 1 : 0 an integer; tagOf, rootOf and rowOf convert references.',
  },
  MM107: { title: 'a condition must be a bool', instead: 'Compare: x !== 0 for integers, r !== NULL for references.' },
  MM108: { title: 'loose equality', instead: 'Write === or !==.' },
  MM109: { title: 'a side effect inside an expression', instead: 'Make the assignment a statement of its own.' },
  MM110: {
    title: 'cannot be assigned',
    instead: 'Assign to a let, a member of a record, or a field; aliases, const locals and tables stay what they are.',
  },
  MM111: { title: 'constant out of range', instead: 'Use a value that the type holds, or a wider type.' },
  MM112: { title: 'no such field', instead: 'Use a field of the machine, or a member of the record type.' },
  MM113: {
    title: 'a table is indexed by references',
    instead: 'Use a Ref to that table; rowAt(table, n) makes one of a number, rowOf(root) one of a root.',
  },
  MM114: {
    title: 'wrong index',
    instead: 'Give exactly one index to a field with an array dimension, inside its length, and none to others.',
  },
  MM115: { title: 'not a value', instead: 'Locks and lists are used by their primitives only, rows and records member by member.' },
  MM116: { title: 'wrong number of arguments', instead: 'Pass as many arguments as the function has parameters.' },
  MM117: {
    title: 'wrong kind of argument',
    instead: 'Pass what the primitive asks for: a field, a lock, a list, a table, or a literal text.',
  },
  MM118: { title: 'no value', instead: 'Call a function without a result as a statement of its own.' },
  MM119: { title: 'a path ends without a result', instead: 'Return a value on every path.' },
  MM120: {
    title: 'wrong use of a record',
    instead: 'Give every member a value once, pass records as variables, and no record twice in one call.',
  },
  MM121: { title: 'a constant is needed', instead: 'Write a number, or a named constant.' },
  MM122: { title: 'nowhere to jump to', instead: 'Put break and continue inside the loop or labelled block that they name.' },
  MM123: { title: 'kernel code reads a ghost field', instead: 'Read ghost fields in ghost blocks, monitors and predicates only.' },
  MM124: { title: 'a ghost field is written by kernel code', instead: 'Write ghost fields in a ghost block: ghost: { … }.' },
  MM125: {
    title: 'a ghost block touches the kernel',
    instead: 'In a ghost block write ghost fields and its own locals only, without locks, waits or jumps out of it.',
  },
  MM126: { title: 'recursion through a ghost block', instead: 'Let ghost blocks call only functions that do not come back to them.' },
  MM127: { title: 'a waiting condition may only read', instead: 'Read fields, lists and locals in it; call procedures before, or loop.' },
  MM128: { title: 'renamed import', instead: 'Import under the original name: names are global to a system.' },
  MM129: { title: 'a local in a loop without a first value', instead: 'Give it one: the value of the round before would remain.' },
} as const satisfies Record<string, RefusalRule>;

export type RefusalCode = keyof typeof refusalRules;
