/**
 * The machine of random programs: small, with one of everything that conflict analysis has an opinion on.
 *
 * In: the schema's words. Out: a machine description. Never: a word of KVM.
 */
import type { FieldDescription, FieldType, MachineDescription, RefType } from '../ir/types.ts';
import { bool, strong, wrapping } from './irWords.ts';

export const rowsOfCells = 2;
export const rowsOfObjects = 2;

function field(path: string, type: FieldType, length = 0, ghost = false): FieldDescription {
  return { path, length, type, ghost };
}
const objectRef: RefType = strong('objects');

/** `vm` has locks and roots, `cells` two rows that always exist, `objects` two rows that come and go. */
export const toyMachine: MachineDescription = {
  tables: [
    {
      name: 'vm',
      rows: 1,
      singleton: true,
      dynamic: false,
      fields: [
        field('mutexA', { kind: 'lock', flavour: 'mutex', writerPreference: false }),
        field('mutexB', { kind: 'lock', flavour: 'mutex', writerPreference: false }),
        field('rw', { kind: 'lock', flavour: 'rwlock', writerPreference: true }),
        field('rwPlain', { kind: 'lock', flavour: 'rwlock', writerPreference: false }),
        field('count', { kind: 'int', min: 0, max: 3, overflow: 'saturate', underflow: 'saturate' }),
        field('head', objectRef),
        field('list', { kind: 'list', element: objectRef, capacity: 2 }),
        field('log', { kind: 'int', min: 0, max: 3, overflow: 'saturate', underflow: 'saturate' }, 0, true),
      ],
    },
    {
      name: 'cells',
      rows: rowsOfCells,
      singleton: false,
      dynamic: false,
      fields: [
        field('lock', { kind: 'lock', flavour: 'mutex', writerPreference: false }),
        field('x', wrapping(3)),
        field('y', bool),
        field('slots', wrapping(1), 2),
      ],
    },
    {
      name: 'objects',
      rows: rowsOfObjects,
      singleton: false,
      dynamic: true,
      fields: [field('v', wrapping(3)), field('next', objectRef)],
    },
  ],
};
