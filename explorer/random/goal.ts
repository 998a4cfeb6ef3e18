/**
 * What a single path can be looked at for: violations at a step, in a state, or of being stuck.
 *
 * In: a compiled system and one state or step of it. Out: goals that are met there. Never: a search over all
 * states; whether a state is stuck for ever is followed only through a bounded number of daemons' steps.
 */
import type { Fault, FaultKind } from '../../compiler/faults.ts';
import type { CompiledSystem } from '../../compiler/system.ts';
import { waitCycle } from '../deadlock.ts';
import { essentialProcesses } from '../essential.ts';
import { isBound } from '../findings.ts';

export type Goal =
  /** The property of this index in the system; for a *reachable* one: that it is met. */
  | { readonly kind: 'property'; readonly index: number }
  | { readonly kind: 'fault'; readonly fault: FaultKind }
  | { readonly kind: 'deadlock' };

/** Equal for goals that are the same. */
export function goalKey(goal: Goal): string {
  switch (goal.kind) {
    case 'property':
      return `property ${goal.index}`;
    case 'fault':
      return `fault ${goal.fault}`;
    case 'deadlock':
      return 'deadlock';
  }
}

/** By the id that a verdict has: of a property, `deadlock`, or `fault:` and its kind. Null: this system has none of that name. */
export function goalOfId(system: CompiledSystem, id: string): Goal | null {
  const index = system.propertyIds.indexOf(id);
  if (index >= 0) return { kind: 'property', index };
  if (id === 'deadlock') return { kind: 'deadlock' };
  return id.startsWith('fault:') ? { kind: 'fault', fault: id.slice('fault:'.length) as FaultKind } : null;
}

/** Whether the path ended at a bound of the model: no violation, and nothing can be said of what comes after. */
export function endsAtBound(system: CompiledSystem, status: number): boolean {
  const fault = system.faults[status - 1];
  return fault !== undefined && isBound(fault);
}

/** By the step itself: `status` and `violations` as `expand` gives them. */
export function goalsOfStep(system: CompiledSystem, status: number, violations: number): Goal[] {
  const goals = goalsOfMask(violations);
  const fault: Fault | undefined = system.faults[status - 1];
  // A BUG with a property of its own is that property's violation, and not a second one.
  if (fault !== undefined && !isBound(fault) && !(fault.kind === 'bug' && goals.length > 0))
    goals.push({ kind: 'fault', fault: fault.kind });
  return goals;
}

/** By the state at `base`: state properties that are violated, and *reachable* ones that are met. */
export function goalsOfState(system: CompiledSystem, base: number): { violated: Goal[]; met: Goal[] } {
  let reachable = 0;
  for (const [index, property] of system.description.properties.entries()) if (property.kind === 'reachable') reachable |= 1 << index;
  const violated = system.check(base) & ~reachable;
  return { violated: goalsOfMask(violated), met: goalsOfMask(system.reachedMask() & reachable) };
}

function goalsOfMask(mask: number): Goal[] {
  const goals: Goal[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) goals.push({ kind: 'property', index: 31 - Math.clz32(rest & -rest) });
  return goals;
}

/** States of daemons' steps that are followed from a state that looks stuck. */
const daemonStatesMax = 500;

/**
 * Whether processes wait for each other in a cycle, or no essential process can step again whatever daemons
 * do. A state whose daemons have very many states to go through counts as alive. Overwrites the buffer above
 * `base` + one state.
 */
export function isDeadlocked(system: CompiledSystem, base: number): boolean {
  const moving = moversOf(system, system.expand(base, base + system.words));
  if (waitCycle(system, base, ~moving & allProcesses(system)) !== 0) return true;
  return looksStuck(system, base, moving) && !daemonsHelp(system, base, essentialProcesses(system));
}

/** Bit set of the processes that have one of the `count` steps that were just expanded. */
export function moversOf(system: CompiledSystem, count: number): number {
  let moving = 0;
  for (let k = 0; k < count; k++) moving |= 1 << ((system.labels[k] ?? 0) & 0xff);
  return moving;
}

/** A cheap test that no deadlocked state fails; `moving` as `moversOf` gives it. */
export function mayBeDeadlocked(system: CompiledSystem, base: number, moving: number): boolean {
  const blocked = ~moving & allProcesses(system);
  if (blocked === 0) return false;
  return waitCycle(system, base, blocked) !== 0 || looksStuck(system, base, moving);
}

function allProcesses(system: CompiledSystem): number {
  return -1 >>> (32 - system.description.processes.length);
}

/** No essential process has a step, and one of them is neither done nor idle. */
function looksStuck(system: CompiledSystem, base: number, moving: number): boolean {
  const essential = essentialProcesses(system);
  if ((moving & essential) !== 0) return false;
  return system.description.processes.some((_, process) => {
    const status = ((essential >>> process) & 1) === 1 ? system.processStatus(base, process) : 'done';
    return status !== 'done' && status !== 'idle';
  });
}

function daemonsHelp(system: CompiledSystem, base: number, essential: number): boolean {
  const { words, buffer } = system;
  const out = base + words;
  const kept = buffer.slice(base, out);
  const seen = new Set([kept.join()]);
  const todo = [kept];
  let helped = false;
  for (let state = todo.pop(); state !== undefined && !helped; state = todo.pop()) {
    buffer.set(state, base);
    const count = system.expand(base, out);
    for (let k = 0; k < count && !helped; k++) {
      const status = system.status[k] ?? 0;
      helped = ((essential >>> ((system.labels[k] ?? 0) & 0xff)) & 1) === 1 || endsAtBound(system, status) || seen.size > daemonStatesMax;
      if (status !== 0) continue;
      const next = buffer.slice(out + k * words, out + (k + 1) * words);
      const key = next.join();
      if (seen.has(key)) continue;
      seen.add(key);
      todo.push(next);
    }
  }
  buffer.set(kept, base);
  return helped;
}
