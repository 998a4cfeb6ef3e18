/**
 * A small machine for tests of the front end and the printer: one table of each kind, one field of each type.
 *
 * In: nothing. Out: a machine, constants, a way to parse. Never: used outside tests.
 */
import { z } from 'zod';
import { intTypes, type Procedure } from '../ir/types.ts';
import {
  array,
  bits,
  counter,
  describeMachine,
  dynamicTable,
  flag,
  ghost,
  list,
  mutex,
  pointer,
  ref,
  root,
  rootTag,
  rwlock,
  singletonTable,
  sint,
  staticTable,
  tag,
  uint,
} from '../machine/schema.ts';
import { parseSubsetOrThrow } from './parse.ts';

export const testMachine = describeMachine({
  vm: singletonTable({
    mmu_lock: rwlock({ writerPreference: false }),
    slots_lock: mutex(),
    generation: bits(2),
    used: counter(4),
    balance: sint(-4, 4),
    gfns: bits(8),
    zapSeen: ghost(flag()),
    zapCount: ghost(uint(3)),
  }),
  mmus: staticTable(2, {
    root: z.object({ hpa: root('pages', 1), pgd: uint(3) }),
    prev_roots: array(z.object({ hpa: root('pages', 1), pgd: uint(3) }), 2),
    cached: rootTag('pages', 1),
  }),
  pages: dynamicTable(3, {
    role: z.object({ level: uint(3), invalid: flag() }),
    root_count: counter(4),
    spt: array(bits(4), 2),
    parents: list(pointer('pages', 'spt'), 2),
    shadowed: tag('pages'),
  }),
  lists: staticTable(2, { entries: list(ref('pages'), 3) }),
});

export const testConstants = new Map([
  ['KVM_MMU_NUM_PREV_ROOTS', { type: intTypes.u32, value: 2 }],
  ['SCALED', { type: { kind: 'int', min: 0, max: 5, overflow: 'bound', underflow: 'bound' } as const, value: 3 }],
  ['tdp_enabled', { type: { kind: 'bool' } as const, value: 1 }],
]);

/** Procedures of one text. Throws RefusalError. */
export function parseText(text: string): Map<string, Procedure> {
  return parseSubsetOrThrow([{ path: 'test.ts', text }], { machine: testMachine, constants: testConstants });
}
/** The first procedure of one text. */
export function parseOne(text: string): Procedure {
  const [first] = parseText(text).values();
  if (first === undefined) throw new Error('no procedure');
  return first;
}
