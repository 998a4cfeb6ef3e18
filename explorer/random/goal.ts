/**
 * What a single path can be looked at for: violations at a step, in a state, or of being stuck.
 *
 * In: a compiled system and one state or step of it. Out: goals that are met there. Never: a search over all
 * states; whether a state is stuck for ever is followed only through a bounded number of daemons' steps.
 */
import type { CompiledSystem, Fault, FaultKind } from '../../compiler/system.ts';
import { waitCycle } from '../deadlock.ts';
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
  const { words, description } = system;
  const processes = description.processes.length;
  const out = base + words;
  const moving = movers(system, base, out);
  if (waitCycle(system, base, (-1 >>> (32 - processes)) & ~moving) !== 0) return true;
  const essential = description.processes.reduce((mask, process, index) => (process.kind === 'essential' ? mask | (1 << index) : mask), 0);
  if ((moving & essential) !== 0 || essential === 0) return false;
  const restless = description.processes.some((process, index) => {
    const status = process.kind === 'essential' ? system.processStatus(base, index) : 'done';
    return status !== 'done' && status !== 'idle';
  });
  return restless && !daemonsHelp(system, base, essential);
}

/** Bit set of the processes that have a step from the state at `base`. */
function movers(system: CompiledSystem, base: number, out: number): number {
  const count = system.expand(base, out);
  let moving = 0;
  for (let k = 0; k < count; k++) moving |= 1 << ((system.labels[k] ?? 0) & 0xff);
  return moving;
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
