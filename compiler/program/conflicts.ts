/**
 * Which nodes commute with everything that other processes may do meanwhile.
 *
 * In: the instances of all processes, the state properties. Out: for each node, its part in a step.
 * Never: an optimistic guess; what is not understood is a non-mover.
 *
 * Lipton's reduction: acquiring a lock is a right mover, releasing it a left mover, an access that conflicts
 * with nothing moves both ways; all else is a non-mover, of which a step has at most one. Not movers, although
 * they are lock operations: those on a lock that somebody else tries, queries, or queues for as a writer
 * before readers, for these observe the lock itself.
 * A write that a state property could see is a non-mover as well (visibility), since merging it with another
 * would skip the state between the two.
 */

import type { Scope, SystemDescription } from '../description.ts';
import type { Expr, LockMode, MachineDescription, Place, TableDescription } from '../ir/types.ts';
import type { CompileOptions } from '../system.ts';
import { type Access, accessesOf, exprAccesses, overlap } from './accesses.ts';
import { tablesByName } from './fold.ts';
import type { Instance, InstanceNode } from './instance.ts';
import { type LockSet, lockField, lockName } from './locks.ts';
import { privateAt } from './privacy.ts';

/** A node's part in a step, before calls are considered. */
export type Mover = 'both' | 'right' | 'left' | 'none';

interface PlacedAccess extends Access {
  readonly process: number;
  readonly locks: LockSet;
}
interface LockUse {
  readonly process: number;
  readonly lock: string | null;
  readonly kind: 'exclusive' | 'shared' | 'observe';
}
interface Visibility {
  readonly scope: Scope;
  readonly fields: ReadonlySet<string>;
}

/** Everything that one instance reaches by calls, itself included. */
export function reachableFrom(entry: Instance): Instance[] {
  const seen = new Set<Instance>([entry]);
  const work = [entry];
  for (let instance = work.pop(); instance !== undefined; instance = work.pop()) {
    for (const node of instance.nodes) {
      const callee = calleeOf(node);
      if (callee !== null && !seen.has(callee)) {
        seen.add(callee);
        work.push(callee);
      }
    }
  }
  return [...seen];
}

export function calleeOf(node: InstanceNode): Instance | null {
  const { op } = node;
  return op.kind === 'call' || op.kind === 'wait' || op.kind === 'monitor' ? op.callee : null;
}

/** All accesses of an instance and of what it calls; for monitors, waits and predicates, which are run as one. */
export class Footprints {
  private readonly known = new Map<Instance, readonly Access[]>();
  private readonly knownNodes = new Map<InstanceNode, readonly Access[]>();
  constructor(private readonly tables: ReadonlyMap<string, TableDescription>) {}

  ofNode(node: InstanceNode): readonly Access[] {
    let found = this.knownNodes.get(node);
    if (found === undefined) {
      found = this.accessesAt(node);
      this.knownNodes.set(node, found);
    }
    return found;
  }
  private accessesAt(node: InstanceNode): Access[] {
    if (node.op.kind === 'leaf') return accessesOf(node.op.stmt, this.tables, (local) => privateAt(node).has(local));
    return this.expressionsOf(node).flatMap((e) => exprAccesses(e, this.tables));
  }
  private expressionsOf({ op }: InstanceNode): readonly Expr[] {
    switch (op.kind) {
      case 'branch':
        return [op.cond];
      case 'call':
      case 'monitor':
      case 'wait':
        return (op.args as readonly (Expr | null)[]).filter((arg) => arg !== null);
      case 'return':
        return op.value === null ? [] : [op.value];
      default:
        return [];
    }
  }
  ofInstance(instance: Instance): readonly Access[] {
    const found = this.known.get(instance);
    if (found !== undefined) return found;
    const made = unique(reachableFrom(instance).flatMap((i) => i.nodes.flatMap((n) => this.ofNode(n))));
    this.known.set(instance, made);
    return made;
  }
}
function unique(accesses: readonly Access[]): Access[] {
  return [...new Map(accesses.map((a) => [`${a.field}|${a.row}|${a.index}|${a.write}|${a.private}`, a])).values()];
}

export class Conflicts {
  private readonly accesses = new Map<string, PlacedAccess[]>();
  private readonly lockUses = new Map<string, LockUse[]>();
  private readonly visible: Visibility[] = [];
  private readonly strongFields = new Map<string, string[]>();
  readonly footprints: Footprints;

  constructor(
    private readonly description: SystemDescription,
    private readonly options: CompileOptions,
    processes: readonly Instance[],
    predicates: readonly (Instance | null)[],
  ) {
    this.footprints = new Footprints(tablesByName(description.machine));
    for (const [process, entry] of processes.entries()) this.collect(entry, process);
    description.properties.forEach((property, i) => {
      const predicate = predicates[i];
      if ((property.kind !== 'state' && property.kind !== 'progress') || predicate === null || predicate === undefined) return;
      // What is owed only in between would be owed for ever by its two ends.
      const scope: Scope = property.kind === 'state' ? property.scope : { kind: 'always' };
      this.visible.push({ scope, fields: new Set(this.footprints.ofInstance(predicate).map((a) => a.field)) });
    });
    collectStrongFields(description.machine, this.strongFields);
  }

  private collect(entry: Instance, process: number): void {
    const seen = new Set<string>();
    for (const instance of reachableFrom(entry)) {
      for (const node of instance.nodes) {
        for (const access of this.footprints.ofNode(node)) {
          if (access.private === true) continue;
          const key = `${access.field}|${access.row}|${access.index}|${access.write}|${node.locks.key}`;
          if (seen.has(key)) continue;
          seen.add(key);
          push(this.accesses, access.field, { ...access, process, locks: node.locks });
        }
        const use = lockUse(node, process);
        if (use !== null) push(this.lockUses, use.field, use.use);
      }
    }
  }

  private commutes(access: Access, process: number, locks: LockSet): boolean {
    if (access.private === true) return true;
    const sharedCounts = this.options.inject === 'rwlockAsMutex';
    return !(this.accesses.get(access.field) ?? []).some(
      (other) => other.process !== process && overlap(access, other) && !locks.excludes(other.locks, sharedCounts),
    );
  }

  moverOf(node: InstanceNode, process: number, essential: boolean): Mover {
    const { op } = node;
    if (op.kind === 'leaf') {
      const lock = this.lockMover(op.stmt, process);
      if (lock !== null) return lock;
      return this.moverOfAccesses(this.footprints.ofNode(node), process, essential, node.locks);
    }
    const own = this.footprints.ofNode(node);
    const accesses = op.kind === 'wait' || op.kind === 'monitor' ? [...own, ...this.footprints.ofInstance(op.callee)] : own;
    return this.moverOfAccesses(accesses, process, essential, node.locks);
  }

  moverOfAccesses(accesses: readonly Access[], process: number, essential: boolean, locks: LockSet): Mover {
    return accesses.every((a) => this.commutes(a, process, locks) && !this.isVisible(a, essential, locks)) ? 'both' : 'none';
  }

  private isVisible(access: Access, essential: boolean, locks: LockSet): boolean {
    if (!access.write || this.options.inject === 'ignoreVisibility') return false;
    // A free writes its row's fields, and every strong reference to it.
    const fields = access.field.endsWith('.$life')
      ? [access.field, ...(this.strongFields.get(access.field.slice(0, -'.$life'.length)) ?? [])]
      : [access.field];
    return this.visible.some(({ scope, fields: read }) => {
      if (!fields.some((f) => read.has(f))) return false;
      switch (scope.kind) {
        case 'always':
          return true;
        case 'noWriter':
          return !locks.holds(`${scope.table}.${scope.field}[0][0]`, 'exclusive');
        case 'quiescent':
          return !essential;
        default:
          return true;
      }
    });
  }

  /** Null for statements that are not lock operations. */
  private lockMover(stmt: Extract<InstanceNode['op'], { kind: 'leaf' }>['stmt'], process: number): Mover | null {
    switch (stmt.kind) {
      case 'tryAcquire':
        return 'none';
      case 'lockQuery':
        return stmt.query === 'contended' ? 'none' : 'both';
      case 'acquire':
      case 'release':
        if (this.isObserved(stmt.lock, process)) return 'none';
        return stmt.kind === 'acquire' ? 'right' : 'left';
      default:
        return null;
    }
  }

  private isObserved(lock: Place, process: number): boolean {
    const name = lockName(lock);
    const uses = (this.lockUses.get(lockField(lock)) ?? []).filter((u) => u.lock === null || name === null || u.lock === name);
    const others = uses.filter((u) => u.process !== process);
    if (others.some((u) => u.kind === 'observe')) return true;
    if (this.options.inject === 'rwlockAsMutex') return false;
    // A queued writer keeps readers out: it observes, and is observed by, all who use the lock.
    return (
      this.prefersWriters(lock) && uses.some((u) => u.kind === 'shared') && uses.some((u) => u.kind === 'exclusive') && others.length > 0
    );
  }

  private prefersWriters(lock: Place): boolean {
    const type = this.description.machine.tables.find((t) => t.name === lock.table)?.fields.find((f) => f.path === lock.field)?.type;
    return type?.kind === 'lock' && type.writerPreference;
  }
}

function lockUse(node: InstanceNode, process: number): { field: string; use: LockUse } | null {
  if (node.op.kind !== 'leaf') return null;
  const { stmt } = node.op;
  switch (stmt.kind) {
    case 'acquire':
    case 'release':
      return { field: lockField(stmt.lock), use: { process, lock: lockName(stmt.lock), kind: modeUse(stmt.mode) } };
    case 'tryAcquire':
      return { field: lockField(stmt.lock), use: { process, lock: lockName(stmt.lock), kind: 'observe' } };
    case 'lockQuery':
      return stmt.query === 'contended'
        ? { field: lockField(stmt.lock), use: { process, lock: lockName(stmt.lock), kind: 'observe' } }
        : null;
    default:
      return null;
  }
}
function modeUse(mode: LockMode): LockUse['kind'] {
  return mode === 'shared' ? 'shared' : 'exclusive';
}

/** By table: the fields that hold strong references to its rows. */
function collectStrongFields(machine: MachineDescription, into: Map<string, string[]>): void {
  for (const table of machine.tables) {
    for (const field of table.fields) {
      const type = field.type.kind === 'list' ? field.type.element : field.type;
      if ((type.kind === 'ref' && type.strong) || type.kind === 'pointer') push(into, type.table, `${table.name}.${field.path}`);
    }
  }
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
