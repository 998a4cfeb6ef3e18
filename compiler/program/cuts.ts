/**
 * Where steps end, and which instances have no such place inside.
 *
 * In: instances and the conflict analysis. Out: per node `cut` and `spends`, per instance whether it is whole.
 * Never: knowing what a lock or a field is for.
 */
import type { CompileOptions } from '../system.ts';
import { type Conflicts, calleeOf } from './conflicts.ts';
import type { Instance, InstanceNode } from './instance.ts';
import type { Cut } from './types.ts';

export interface Part {
  readonly cut: Cut;
  readonly spends: boolean;
}
const nothing: Part = { cut: 'never', spends: false };

/** A recursion that a process may be preempted in has to be unrolled: which procedures take part in it. */
export class NeedsUnrolling extends Error {
  constructor(readonly procedures: readonly string[]) {
    super(`recursion with preemption points: ${procedures.join(', ')}`);
  }
}

export interface Cuts {
  isWhole(instance: Instance): boolean;
  partOf(instance: Instance, node: InstanceNode): Part;
}

/**
 * `process` and `essential` belong to `entry`'s process. All instances that it reaches are classified.
 * Throws NeedsUnrolling.
 */
export function cutsOf(
  process: number,
  essential: boolean,
  entry: Instance,
  reachable: readonly Instance[],
  conflicts: Conflicts,
  options: CompileOptions,
): Cuts {
  const own = new Map<InstanceNode, Part>();
  const vanishes = mayVanish(reachable);
  for (const instance of reachable) {
    for (const node of instance.nodes) {
      const found = ownPart(instance, node, process, essential, conflicts, options);
      // What was found stays found: nothing may vanish in the same step behind it.
      own.set(node, vanishes && mayFind(node) ? { ...found, spends: true } : found);
    }
  }
  const whole = new Set<Instance>(reachable.filter((i) => i !== entry));
  const classes = new Map<Instance, Part>(reachable.map((i) => [i, nothing]));
  const part = (node: InstanceNode): Part => {
    const alone = own.get(node) ?? nothing;
    if (node.op.kind !== 'call' || !whole.has(node.op.callee)) return alone;
    return strongerOf(alone, classes.get(node.op.callee) ?? nothing);
  };
  for (let again = true; again; ) {
    again = false;
    for (const instance of reachable) {
      if (typeof instance.runner !== 'number' || !whole.has(instance)) continue;
      const found = classOf(instance, part, whole);
      const before = classes.get(instance) ?? nothing;
      if (found === null) whole.delete(instance);
      else if (found.cut !== before.cut || found.spends !== before.spends) classes.set(instance, found);
      else continue;
      again = true;
    }
  }
  const stuck = reachable.filter((i) => i.recursive && !whole.has(i));
  if (stuck.length > 0) throw new NeedsUnrolling([...new Set(stuck.map((i) => i.procedure.name))]);
  return { isWhole: (instance) => whole.has(instance), partOf: (_, node) => part(node) };
}

function strongerOf(a: Part, b: Part): Part {
  return { cut: a.cut === 'never' ? b.cut : a.cut, spends: a.spends || b.spends };
}

/** Whether a path of this process may vanish, and what it has found with it. */
function mayVanish(reachable: readonly Instance[]): boolean {
  return reachable.some((i) => typeof i.runner === 'number' && i.nodes.some((n) => n.op.kind === 'leaf' && n.op.stmt.kind === 'assume'));
}

/** Whether the node may report a violation and go on. */
function mayFind({ op }: InstanceNode): boolean {
  return (op.kind === 'monitor' && op.property !== null) || (op.kind === 'leaf' && op.stmt.kind === 'assert');
}

function ownPart(
  instance: Instance,
  node: InstanceNode,
  process: number,
  essential: boolean,
  conflicts: Conflicts,
  options: CompileOptions,
): Part {
  if (typeof instance.runner !== 'number') return nothing;
  const { op } = node;
  if (op.kind === 'goto') return backEdge(instance, node, op.back);
  if (runsWithAnother(instance, node)) return nothing;
  const moves = moverWithHooks(instance, node, process, essential, conflicts);
  if (op.kind === 'wait') return { cut: options.inject === 'blockingMidStep' ? 'never' : 'started', spends: moves === 'none' };
  if (options.merge === false && isShared(node, conflicts)) return { cut: 'started', spends: true };
  if (op.kind !== 'leaf') return moves === 'none' ? { cut: 'spent', spends: true } : nothing;
  switch (op.stmt.kind) {
    case 'acquire':
      return { cut: options.inject === 'blockingMidStep' ? 'never' : 'started', spends: moves === 'none' };
    case 'release':
      return moves === 'none' ? { cut: 'spent', spends: true } : { cut: 'never', spends: true };
    case 'preempt':
      return { cut: 'started', spends: false };
    // What comes after the non-mover must not vanish or end the path: others could have seen the non-mover.
    case 'assume':
      return { cut: 'spent', spends: false };
    case 'assert':
      return op.stmt.severity === 'bug' ? { cut: 'spent', spends: false } : nothing;
    default:
      return moves === 'none' ? { cut: 'spent', spends: true } : nothing;
  }
}

/** A loop without a bound ends the step; one that nothing leaves ends it in every round, lest a step never ends. */
function backEdge(instance: Instance, node: InstanceNode, back: 'none' | 'bounded' | 'unbounded' | 'endless'): Part {
  if (back === 'none' || back === 'bounded') return nothing;
  const { op } = firstAction(instance, node);
  // The step ends by itself where the round begins with something that may block.
  if (op.kind === 'wait' || (op.kind === 'leaf' && (op.stmt.kind === 'acquire' || op.stmt.kind === 'preempt'))) return nothing;
  return { cut: back === 'endless' ? 'started' : 'spent', spends: false };
}

/** Behind any gotos. */
export function firstAction(instance: Instance, node: InstanceNode): InstanceNode {
  let at = node;
  for (let steps = 0; at.op.kind === 'goto' && steps < instance.nodes.length; steps++) {
    const next = instance.nodes[at.next[0] ?? -1];
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

/** Unmerged: whatever touches shared state, or a lock, is a step of its own. */
function isShared(node: InstanceNode, conflicts: Conflicts): boolean {
  switch (node.op.kind) {
    case 'leaf':
      return (
        node.op.stmt.kind === 'acquire' ||
        node.op.stmt.kind === 'release' ||
        node.op.stmt.kind === 'tryAcquire' ||
        node.op.stmt.kind === 'lockQuery' ||
        conflicts.footprints.ofNode(node).length > 0
      );
    case 'branch':
      return conflicts.footprints.ofNode(node).length > 0;
    case 'monitor':
      return conflicts.footprints.ofInstance(node.op.callee).length > 0;
    default:
      return false;
  }
}

/** A statement and the monitors that run with it are one event: they move as one. */
function moverWithHooks(instance: Instance, node: InstanceNode, process: number, essential: boolean, conflicts: Conflicts) {
  const own = conflicts.moverOf(node, process, essential);
  if (own === 'none') return own;
  const hooks = hooksOf(instance, node);
  const together = hooks.flatMap((h) =>
    h.op.kind === 'monitor' ? conflicts.footprints.ofInstance(h.op.callee) : conflicts.footprints.ofNode(h),
  );
  return conflicts.moverOfAccesses(together, process, essential, node.locks) === 'none' ? 'none' : own;
}

/** The monitors that run with this node: reached from it over nothing but gotos, branches and each other. */
function hooksOf(instance: Instance, node: InstanceNode): InstanceNode[] {
  if (node.stmt === null || node.op.kind === 'goto' || node.op.kind === 'call') return [];
  if (node.op.kind === 'monitor') return eventBehind(instance, node);
  const found = new Set<InstanceNode>();
  const work = [...node.next];
  const seen = new Set<number>(work);
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    const next = instance.nodes[index];
    if (next === undefined) continue;
    if (next.op.kind === 'monitor' && isHookOf(next, node)) found.add(next);
    else if (next.op.kind !== 'goto' && !(next.op.kind === 'branch' && next.op.stmt.id.startsWith(`${node.stmt.id}@`))) continue;
    for (const n of next.next) {
      if (!seen.has(n)) {
        seen.add(n);
        work.push(n);
      }
    }
  }
  return [...found];
}

/** Every node that runs with another, by instance: monitors with their event, a free with its monitors. */
const followers = new WeakMap<Instance, ReadonlySet<InstanceNode>>();
function runsWithAnother(instance: Instance, node: InstanceNode): boolean {
  let known = followers.get(instance);
  if (known === undefined) {
    known = new Set(instance.nodes.flatMap((n) => hooksOf(instance, n)));
    followers.set(instance, known);
  }
  return known.has(node);
}

/**
 * Behind a monitor at a call, a return or a free: the other monitors of that event, and the free itself (its monitors
 * come before it, while the row still exists). An event is one instant, however many look at it.
 */
function eventBehind(instance: Instance, monitor: InstanceNode): InstanceNode[] {
  const event = eventOf(monitor);
  const found: InstanceNode[] = [];
  for (let next = instance.nodes[monitor.next[0] ?? -1]; next !== undefined; next = instance.nodes[next.next[0] ?? -1]) {
    if (next.op.kind === 'leaf' && next.op.stmt.kind === 'free' && next.op.stmt.id === event) return [...found, next];
    if (next.op.kind === 'goto') continue;
    if (next.op.kind !== 'monitor' || eventOf(next) !== event) return found;
    found.push(next);
  }
  return found;
}

/** Id of the statement, or of the procedure's entry or exit, that a monitor was put at. */
function eventOf(monitor: InstanceNode): string | null {
  const id = monitor.stmt?.id;
  return id === undefined ? null : id.slice(0, id.indexOf('@'));
}

function isHookOf(monitor: InstanceNode, event: InstanceNode): boolean {
  if (monitor.op.kind !== 'monitor' || event.stmt === null) return false;
  return monitor.op.stmt.id.startsWith(`${event.stmt.id}@`) || monitor.op.stmt.procedure.startsWith('ghost$');
}

/** Null: not whole. */
function classOf(instance: Instance, part: (node: InstanceNode) => Part, whole: ReadonlySet<Instance>): Part | null {
  if (instance.exits.length > 1) return null;
  const spentAt = mayBeSpent(instance, part);
  let cut: Cut = 'never';
  let spends = false;
  for (const node of instance.nodes) {
    const callee = calleeOf(node);
    if (node.op.kind === 'wait' || (node.op.kind === 'call' && callee !== null && !whole.has(callee))) return null;
    if (node.op.kind === 'leaf' && node.op.stmt.kind === 'assume') return null;
    const own = part(node);
    if (own.cut === 'started') return null;
    if (own.cut === 'spent' && spentAt[node.index] === true) return null;
    if (own.cut === 'spent' && own.spends) cut = 'spent';
    if (own.cut === 'spent' && node.op.kind === 'leaf' && node.op.stmt.kind === 'assert') cut = 'spent';
    spends ||= own.spends;
  }
  return { cut, spends };
}

function mayBeSpent(instance: Instance, part: (node: InstanceNode) => Part): boolean[] {
  const spent = instance.nodes.map(() => false);
  for (let again = true; again; ) {
    again = false;
    for (const node of instance.nodes) {
      if (spent[node.index] !== true && !part(node).spends) continue;
      for (const next of node.next) {
        if (spent[next] === false) {
          spent[next] = true;
          again = true;
        }
      }
    }
  }
  return spent;
}
