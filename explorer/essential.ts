/**
 * Which processes must go on: daemons may stop for ever at any point.
 */
import type { CompiledSystem } from '../compiler/index.ts';

/** Bit set of the essential processes. */
export function essentialProcesses({ description }: Pick<CompiledSystem, 'description'>): number {
  return description.processes.reduce((mask, { kind }, process) => (kind === 'essential' ? mask | (1 << process) : mask), 0);
}
