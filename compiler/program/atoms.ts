/**
 * What steps touch, as numbered atoms, and which two of them cannot change places.
 *
 * In: accesses and lock operations of nodes. Out: sets of numbers (as bits of a bigint), dependence. Never: control flow; that is `futures.ts`.
 *
 * Dependence is told of a step of one process, and of what another may do *before* that step: the first holds its locks meanwhile.
 */

import type { SystemDescription } from '../description.ts';
import type { LockMode, Place } from '../ir/types.ts';
import { type Access, overlap } from './accesses.ts';
import { lockField, lockName } from './locks.ts';
import type { LeafStmt } from './types.ts';

/** `announce`: a writer that is preferred says that it waits, while the lock is taken. */
export type LockOperation = `${'acquire' | 'release' | 'try'} ${LockMode}` | 'contended' | 'announce';
export interface LockAtom {
  readonly lockField: string;
  /** Null: not known which row. */
  readonly lock: string | null;
  readonly operation: LockOperation;
}
export type Atom = Access | LockAtom;

export function isLockAtom(atom: Atom): atom is LockAtom {
  return 'operation' in atom;
}

/** Null for statements that are no lock operations, and for questions about what the process itself holds. */
export function lockAtomOf(stmt: LeafStmt): LockAtom | null {
  switch (stmt.kind) {
    case 'acquire':
      return lockAtom(stmt.lock, `acquire ${stmt.mode}`);
    case 'release':
      return lockAtom(stmt.lock, `release ${stmt.mode}`);
    case 'tryAcquire':
      return lockAtom(stmt.lock, `try ${stmt.mode}`);
    case 'lockQuery':
      return stmt.query === 'contended' ? lockAtom(stmt.lock, 'contended') : null;
    default:
      return null;
  }
}
function lockAtom(lock: Place, operation: LockOperation): LockAtom {
  return { lockField: lockField(lock), lock: lockName(lock), operation };
}

/** By what an operation of the process that steps is, the operations of others that it cannot change places with. */
const dependentOperations: Readonly<Record<LockOperation, readonly LockOperation[] | 'all'>> = {
  'acquire exclusive': 'all',
  'acquire shared': ['acquire exclusive', 'try exclusive', 'release exclusive', 'announce'],
  // Who holds it knows that nobody takes it meanwhile: others may try, ask, and announce themselves.
  'release exclusive': 'all',
  'release shared': ['acquire exclusive', 'try exclusive', 'release exclusive', 'announce'],
  'try exclusive': 'all',
  'try shared': 'all',
  contended: 'all',
  announce: 'all',
};

function lockDependent(a: LockAtom, b: LockAtom): boolean {
  if (a.lockField !== b.lockField) return false;
  if (a.lock !== null && b.lock !== null && a.lock !== b.lock) return false;
  const others = dependentOperations[a.operation];
  return others === 'all' || others.includes(b.operation);
}

export class Atoms {
  readonly all: Atom[] = [];
  private readonly numbers = new Map<string, number>();
  /** By atom: what it cannot change places with. */
  private readonly dependents: bigint[] = [];
  private readonly known = new Map<bigint, bigint>();

  /** The set that holds only this atom. */
  bit(atom: Atom): bigint {
    const key = isLockAtom(atom)
      ? `${atom.operation}|${atom.lockField}|${atom.lock}`
      : `${atom.field}|${atom.row}|${atom.index}|${atom.write}|${atom.private === true}`;
    return 1n << BigInt(this.numbers.get(key) ?? this.add(key, atom));
  }

  private add(key: string, atom: Atom): number {
    const number = this.all.push(atom) - 1;
    this.numbers.set(key, number);
    this.known.clear();
    const bit = 1n << BigInt(number);
    let found = 0n;
    for (const [other, second] of this.all.entries()) {
      if (dependent(atom, second)) found |= 1n << BigInt(other);
      if (other !== number && dependent(second, atom)) this.dependents[other] = (this.dependents[other] as bigint) | bit;
    }
    this.dependents.push(found);
    return number;
  }

  of(set: bigint): Atom[] {
    return numbersIn(set).map((number) => this.all[number] as Atom);
  }

  /** Of the set, those that pass. */
  those(set: bigint, pass: (atom: Atom) => boolean): bigint {
    return numbersIn(set).reduce((found, number) => (pass(this.all[number] as Atom) ? found | (1n << BigInt(number)) : found), 0n);
  }

  /** Everything that some atom of `set` cannot change places with. */
  dependentOn(set: bigint): bigint {
    let found = this.known.get(set);
    if (found === undefined) {
      found = numbersIn(set).reduce((all, number) => all | (this.dependents[number] as bigint), 0n);
      this.known.set(set, found);
    }
    return found;
  }
}

function numbersIn(set: bigint): number[] {
  const found: number[] = [];
  for (let rest = set, from = 0; rest !== 0n; rest >>= 32n, from += 32)
    for (let word = Number(rest & 0xffff_ffffn) | 0; word !== 0; word &= word - 1) found.push(from + 31 - Math.clz32(word & -word));
  return found;
}

function dependent(a: Atom, b: Atom): boolean {
  if (isLockAtom(a) || isLockAtom(b)) return isLockAtom(a) && isLockAtom(b) && lockDependent(a, b);
  return a.private !== true && b.private !== true && a.field === b.field && overlap(a, b);
}

/** Strong references, of fields, to rows of each table: what `free` of such a row writes. */
export function strongFieldsOf({ machine }: SystemDescription): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const table of machine.tables) {
    for (const field of table.fields) {
      const type = field.type.kind === 'list' ? field.type.element : field.type;
      if (!((type.kind === 'ref' && type.strong) || type.kind === 'pointer')) continue;
      found.set(type.table, [...(found.get(type.table) ?? []), `${table.name}.${field.path}`]);
    }
  }
  return found;
}
