/**
 * A shortest path to a violation, for tests: a breadth-first search of twenty lines that needs nothing else.
 */
import type { CompiledSystem } from '../../compiler/system.ts';
import type { Finding } from '../blame.ts';
import type { Path } from '../rebuild.ts';

/** Throws if there is none within `statesMax` states. */
export function shortestPath(system: CompiledSystem, finding: Finding, statesMax = 20_000): Path {
  const seen = new Set<string>();
  const queue: { words: Int32Array; path: Path }[] = [];
  const add = (words: Int32Array, path: Path) => {
    const key = words.join();
    if (seen.has(key)) return;
    seen.add(key);
    queue.push({ words, path });
  };
  for (const initial of system.initialStates()) add(initial, { initial, labels: [] });
  for (let next = queue.shift(); next !== undefined && seen.size < statesMax; next = queue.shift()) {
    const { words, path } = next;
    system.buffer.set(words, 0);
    if (isFinal(system, finding)) return path;
    const count = system.expand(0, system.words);
    const steps = Array.from({ length: count }, (_, k) => ({
      label: system.labels[k] ?? 0,
      status: system.status[k] ?? 0,
      violations: system.violations[k] ?? 0,
      words: system.buffer.slice((k + 1) * system.words, (k + 2) * system.words),
    }));
    for (const step of steps) {
      const longer = { initial: path.initial, labels: [...path.labels, step.label] };
      const kind = system.faults[step.status - 1]?.kind;
      if (finding.kind === 'fault' && kind !== undefined && kind !== 'bound') return longer;
      if (finding.kind === 'property' && (step.violations >>> finding.index) & 1) return longer;
      if (step.status === 0) add(step.words, longer);
    }
  }
  throw new Error('nothing is violated');
}

function isFinal(system: CompiledSystem, finding: Finding): boolean {
  if (finding.kind === 'fault') return false;
  if (finding.kind === 'deadlock')
    return system.enabled(0).length === 0 && system.program.processes.some((_, p) => system.processStatus(0, p) === 'blocked');
  const kind = system.description.properties[finding.index]?.kind;
  const violated = system.check(0);
  return (((kind === 'reachable' ? system.reachedMask() : violated) >>> finding.index) & 1) === 1;
}
