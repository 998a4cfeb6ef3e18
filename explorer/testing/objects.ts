/**
 * A toy whose objects come and go in many orders, and are held in every way that a row can be held; and an oracle for its states.
 *
 * In: nothing. Out: a description; a canonical form by trying all permutations. Never: speed.
 */

import type { CellState, FieldDescription, MachineState, RowNumbers, SystemDescription, TableDescription } from '../../compiler/index.ts';
import { binary, local, num, place, strong, u32, wrapping } from '../../compiler/random/irWords.ts';
import { procedure, toySystem } from '../../compiler/random/toySystem.ts';

const ref = strong('objects');
const pointer = { kind: 'pointer', table: 'objects', field: 'slots' } as const;

function field(path: string, type: FieldDescription['type'], length = 0): FieldDescription {
  return { path, length, type, ghost: false };
}

export const objectNumbers: RowNumbers = {
  table: 'objects',
  sets: ['vm.seen'],
  links: [{ field: 'objects.slots', mask: 4, equals: 0, shift: 0, bits: 2, bias: 1 }],
  because: 'a toy',
};

/**
 * Two processes make an object each, publish it later, and hold objects in a set, a list, a pointer, a number and their frames. One of
 * them has another object first, which it frees when it likes.
 */
export function objectsToy(): SystemDescription {
  const lock = place('vm', 'mutexA');
  const makers = [0, 1].map((number) =>
    procedure(
      `maker${number}`,
      (w) => [
        ...(number === 0 ? [] : [w.acquire(lock), w.alloc('first', 'objects'), w.release(lock)]),
        w.acquire(lock),
        w.alloc('mine', 'objects'),
        w.store(place('objects', 'v', local('mine', ref)), num(number)),
        w.release(lock),
        ...(number === 0 ? [] : [w.acquire(lock), w.free(local('first', ref)), w.release(lock)]),
        w.acquire(lock),
        w.load('head', place('vm', 'head')),
        w.store(place('objects', 'next', local('mine', ref)), local('head', ref)),
        w.store(place('vm', 'head'), local('mine', ref)),
        w.load('set', place('vm', 'seen')),
        w.store(place('vm', 'seen'), binary('|', local('set'), binary('<<', num(1), { op: 'indexOf', type: u32, a: local('mine', ref) }))),
        w.release(lock),
        w.acquire(lock),
        w.load('other', place('vm', 'head')),
        w.if(binary('!=', local('other', ref), local('mine', ref)), [
          w.store(
            place('objects', 'slots', local('mine', ref), num(0)),
            binary('+', { op: 'indexOf', type: u32, a: local('other', ref) }, num(1)),
          ),
          w.store(place('vm', 'at'), { op: 'pointerTo', type: pointer, row: local('other', ref), index: num(1) }),
        ]),
        w.choose('answer', 2),
        w.if(binary('==', local('answer'), num(0)), [w.list('add', place('vm', 'list'), local('mine', ref))]),
        w.release(lock),
        w.acquire(lock),
        w.load('word', place('objects', 'slots', local('mine', ref), num(0))),
        w.release(lock),
        w.acquire(lock),
        // Linked by number: the word was kept while others ran.
        w.if(binary('!=', local('word'), num(0)), [
          w.store(place('objects', 'v', { op: 'rowAt', type: ref, a: binary('-', local('word'), num(1)) }), num(3)),
        ]),
        w.load('v', place('objects', 'v', local('mine', ref))),
        w.assert(binary('!=', local('v'), num(3)), 'A'),
        w.release(lock),
      ],
      {
        locals: { first: ref, mine: ref, head: ref, other: ref, set: u32, answer: u32, word: u32, v: u32 },
      },
    ),
  );
  const toy = toySystem({
    processes: makers.map((run) => ({ run })),
    properties: [{ kind: 'assertion', id: 'A', name: 'nobody writes 3 to mine' }],
  });
  const tables = toy.machine.tables.map((table): TableDescription => {
    if (table.name === 'vm') {
      const fields = table.fields.map((one) => (one.path === 'list' ? field('list', { kind: 'list', element: ref, capacity: 3 }) : one));
      return { ...table, fields: [...fields, field('seen', wrapping(7)), field('at', pointer)] };
    }
    return table.name === 'objects' ? { ...table, rows: 3, fields: [...table.fields, field('slots', wrapping(7), 2)] } : table;
  });
  return { ...toy, machine: { tables }, rowNumbers: [objectNumbers] };
}

/** The least of all renamings of the machine's part of a state, as text. `to`: new number by old one. Written without the renamer. */
export function leastRenaming(state: MachineState): string {
  return permutations(3)
    .map((to) => JSON.stringify(renamedBy(state, to)))
    .toSorted()[0] as string;
}

function renamedBy({ tables, allocated }: MachineState, to: readonly number[]): MachineState {
  const row = (n: number) => to[n] as number;
  const reference = (value: number) => (value >= 1 && value <= 3 ? row(value - 1) + 1 : value);
  const cell = (name: string, value: CellState): CellState => {
    if (Array.isArray(value)) return value.map(reference);
    if (typeof value !== 'number') return value;
    if (name === 'vm.head' || name === 'objects.next') return reference(value);
    if (name === 'vm.seen') return [0, 1, 2].reduce((set, n) => set | (((value >> n) & 1) << row(n)), 0);
    if (name === 'vm.at') return value >= 1 && value <= 6 ? 1 + row((value - 1) >> 1) * 2 + ((value - 1) & 1) : value;
    return name === 'objects.slots' && (value & 4) === 0 ? reference(value) : value;
  };
  const renamed = Object.entries(tables).map(([table, fields]) => [
    table,
    Object.fromEntries(
      Object.entries(fields).map(([path, cells]) => {
        const mapped = cells.map((value) => cell(`${table}.${path}`, value));
        if (table !== 'objects') return [path, mapped];
        const perRow = cells.length / 3;
        const moved = mapped.slice();
        for (const [k, value] of mapped.entries()) moved[row(Math.floor(k / perRow)) * perRow + (k % perRow)] = value;
        return [path, moved];
      }),
    ),
  ]);
  const there = (allocated['objects'] ?? []).slice();
  for (const [n, free] of (allocated['objects'] ?? []).entries()) there[row(n)] = free;
  return { tables: Object.fromEntries(renamed), allocated: { ...allocated, objects: there } };
}

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) => Array.from({ length: n }, (_, at) => rest.toSpliced(at, 0, n - 1)));
}
