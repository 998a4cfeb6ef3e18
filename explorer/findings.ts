/**
 * The book of what a search has found: one line a property, one a fault.
 *
 * In: events of the search, in the order of their depth. Out: first place, depth and count of each.
 * Never: a second look at a state.
 */
import type { CompiledSystem, Fault } from '../compiler/index.ts';
import type { TraceEnd } from './result.ts';

export interface Finding {
  readonly first: TraceEnd;
  readonly depth: number;
  count: number;
}

export class Findings {
  /** By property index. */
  readonly violated = new Map<number, Finding>();
  /** *Reachable* properties that were met, by property index. */
  readonly met = new Map<number, Finding>();
  /** By index into the system's faults. */
  readonly faults = new Map<number, Finding>();
  /** Bit set of the properties whose scope some state was in. */
  reachedMask = 0;

  /** The properties of bit set `mask` are violated at the end of the trace. */
  violation(mask: number, end: TraceEnd, depth: number): void {
    for (let rest = mask; rest !== 0; rest &= rest - 1) note(this.violated, lowestBit(rest), end, depth);
  }

  meeting(mask: number, end: TraceEnd, depth: number): void {
    for (let rest = mask; rest !== 0; rest &= rest - 1) note(this.met, lowestBit(rest), end, depth);
  }

  fault(index: number, end: TraceEnd, depth: number): void {
    note(this.faults, index, end, depth);
  }
}

/** Bit set of the properties whose predicate says that something is met, not that all is well. */
export function meetings({ description }: CompiledSystem): number {
  return description.properties.reduce(
    (mask, property, index) => (property.kind === 'reachable' || property.kind === 'progress' ? mask | (1 << index) : mask),
    0,
  );
}

/** Whether a fault only says that the model was too small. */
export function isBound(fault: Fault): boolean {
  return fault.kind === 'bound';
}

function note(book: Map<number, Finding>, key: number, first: TraceEnd, depth: number): void {
  const known = book.get(key);
  if (known === undefined) book.set(key, { first, depth, count: 1 });
  else known.count++;
}

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
