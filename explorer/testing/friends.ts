/**
 * People who are all alike, and refer to each other in every way: a toy for permutations of rows with their processes.
 *
 * In: how many. Out: a description; an oracle that permutes decoded states. Never: anything but the rows to tell them apart.
 */
import {
  type CellState,
  intTypes,
  type LockState,
  type MachineState,
  parseSubsetOrThrow,
  type SystemDescription,
} from '../../compiler/index.ts';
import { bits, describeMachine, list, mutex, ref, rwlock, singletonTable, staticTable } from '../../compiler/machine/schema.ts';

const text = `
import {
  acquire, acquireShared, choose, chooseBool, indexOf, type List, listAdd, type Lock, type Ref, type Rows, release, releaseShared, rowAt, rows,
  singleton, type u32,
} from '../../compiler/subset/vocabulary.ts';
type Person = Ref<'people'>;
const room = singleton<{ lock: Lock; books: Lock; guests: List<Person> }>('room');
const people: Rows<'people', { friend: Person; knows: u32; door: Lock }> = rows('people');
declare const PEOPLE: number;
export function meets(me: Person): void {
  acquire(room.lock);
  const other = rowAt(people, choose('other', PEOPLE));
  people[me].friend = other;
  release(room.lock);
  if (other === me) {
    acquireShared(room.books);
    people[me].knows = 0;
    releaseShared(room.books);
    return;
  }
  if (chooseBool('writes')) {
    acquire(room.books);
    people[me].friend = people[other].friend;
    release(room.books);
  }
  acquire(people[other].door);
  people[other].knows |= 1 << indexOf(me);
  release(people[other].door);
  if (chooseBool('stays')) {
    acquire(room.lock);
    listAdd(room.guests, me);
    release(room.lock);
  }
}
`;

export function friends(count: number): SystemDescription {
  const machine = describeMachine({
    room: singletonTable({ lock: mutex(), books: rwlock({ writerPreference: true }), guests: list(ref('people'), count) }),
    people: staticTable(count, { friend: ref('people'), knows: bits(count), door: mutex() }),
  });
  const constants = new Map([['PEOPLE', { type: intTypes.u32, value: count }]]);
  return {
    name: 'friends',
    machine,
    constants,
    procedures: parseSubsetOrThrow([{ path: 'explorer/testing/friends.ts', text }], { machine, constants }),
    prologue: null,
    processes: Array.from({ length: count }, (_, k) => ({
      name: `person${k}`,
      title: `person ${k}`,
      procedure: 'meets',
      args: [k + 1],
      kind: 'essential',
    })),
    properties: [],
    hooks: [],
    quiescent: null,
  };
}

/** Row k, with person k, becomes row `to[k]`. Written without the renamer. */
export function permuted({ tables, allocated }: MachineState, to: readonly number[]): MachineState {
  const row = (value: number) => (value >= 1 && value <= to.length ? (to[value - 1] as number) + 1 : value);
  const set = (value: number) => to.reduce((all, target, k) => all | (((value >> k) & 1) << target), 0);
  const cell = (name: string, value: CellState): CellState => {
    if (Array.isArray(value)) return value.map(row);
    if (typeof value === 'object') return lock(value);
    return name === 'knows' ? set(value) : name === 'friend' ? row(value) : value;
  };
  const lock = ({ writer, readers, waiting }: LockState): LockState => ({
    writer: row(writer),
    readers: set(readers),
    waiting: set(waiting),
  });
  const renamed = Object.entries(tables).map(([table, fields]) => [
    table,
    Object.fromEntries(
      Object.entries(fields).map(([name, cells]) => {
        const mapped = cells.map((value) => cell(name, value));
        return [name, table === 'people' ? mapped.map((_, k) => mapped[to.indexOf(k)]) : mapped];
      }),
    ),
  ]);
  return { tables: Object.fromEntries(renamed), allocated };
}

export function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) => Array.from({ length: n }, (_, at) => rest.toSpliced(at, 0, n - 1)));
}
