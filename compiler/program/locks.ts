/**
 * Sets of locks that are certainly held at a point of a procedure.
 *
 * In: lock statements with folded places. Out: immutable sets with a canonical key. Never: a lock whose row is
 * not a constant; such a lock protects nothing here, which is the safe side.
 */
import type { Expr, LockMode, Place } from '../ir/types.ts';
import { constantOf } from './fold.ts';

/** `if` is the local that says whether a `tryAcquire` got it, until a branch on that local decides. */
interface Held {
  readonly lock: string;
  readonly mode: LockMode;
  readonly if: string | null;
}

export class LockSet {
  static readonly empty = new LockSet([]);
  readonly key: string;
  private readonly conditional: boolean;
  private constructor(private readonly held: readonly Held[]) {
    this.key = held.map((h) => `${h.lock}:${h.mode}${h.if === null ? '' : `?${h.if}`}`).join(',');
    this.conditional = held.some((h) => h.if !== null);
  }

  private static of(held: readonly Held[]): LockSet {
    const unique = new Map(held.map((h) => [`${h.lock}:${h.mode}:${h.if ?? ''}`, h]));
    return new LockSet([...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, h]) => h));
  }
  with(lock: string | null, mode: LockMode, condition: string | null = null): LockSet {
    return lock === null ? this : LockSet.of([...this.held, { lock, mode, if: condition }]);
  }
  without(lock: string | null): LockSet {
    return LockSet.of(this.held.filter((h) => h.lock !== lock));
  }
  /** What a callee sees: nothing that hangs on a local of the caller. */
  certain(): LockSet {
    return this.conditional ? LockSet.of(this.held.filter((h) => h.if === null)) : this;
  }
  /** After a branch on `local`. */
  decided(local: string, value: boolean): LockSet {
    if (!this.conditional) return this;
    return LockSet.of(this.held.flatMap((h) => (h.if !== local ? [h] : value ? [{ ...h, if: null }] : [])));
  }
  /** After `to` got the value of `from`, or (`from` null) some other value. */
  assigned(to: string, from: string | null): LockSet {
    if (!this.conditional) return this;
    const kept = this.held.filter((h) => h.if !== to);
    const copied = this.held.flatMap((h) => (from !== null && h.if === from ? [{ ...h, if: to }] : []));
    return LockSet.of([...kept, ...copied]);
  }
  /** What is held whatever a local says. */
  get certainly(): { readonly lock: string; readonly mode: LockMode }[] {
    return this.held.flatMap(({ lock, mode, if: condition }) => (condition === null ? [{ lock, mode }] : []));
  }
  holds(lock: string, mode?: LockMode): boolean {
    return this.held.some((h) => h.if === null && h.lock === lock && (mode === undefined || h.mode === mode));
  }
  /** Whether some lock excludes two processes that hold `this` and `other`. */
  excludes(other: LockSet, sharedCounts: boolean): boolean {
    return this.held.some(
      (h) =>
        h.if === null &&
        other.held.some((o) => o.if === null && o.lock === h.lock && (sharedCounts || o.mode === 'exclusive' || h.mode === 'exclusive')),
    );
  }
  get title(): string {
    return this.held
      .filter((h) => h.if === null)
      .map((h) => (h.mode === 'shared' ? `${h.lock} (shared)` : h.lock))
      .join(', ');
  }
}

/** `table.field[row][index]`; null if it is not known which lock this is. */
export function lockName(place: Place): string | null {
  if (place.kind === 'pointer') return null;
  const row = place.row === null ? 0 : constantOf(place.row);
  const index = place.index === null ? 0 : constantOf(place.index);
  return row === null || index === null ? null : `${place.table}.${place.field}[${row}][${index}]`;
}
/** The same without the row: which locks it may be. */
export function lockField(place: Place): string {
  return `${place.table}.${place.field}`;
}

/** The local that a condition tests, and the value of the local on the true edge. */
export function testedLocal(cond: Expr): { local: string; value: boolean } | null {
  if (cond.op === 'local') return { local: cond.local, value: true };
  if (cond.op === 'unary' && cond.operator === '!' && cond.a.op === 'local') return { local: cond.a.local, value: false };
  return null;
}
