/**
 * For tests: what a trace says, as lines, and whether it says certain things in a certain order.
 *
 * In: a trace, names of its processes. Out: text. Never: a search.
 */
import type { Trace } from '../../counterexamples/index.ts';

/** What a reader sees of a trace: who, and what changes. */
export function told(trace: Trace, names: readonly string[]): string[] {
  return trace.steps.flatMap(({ process, rows }) =>
    rows.flatMap((row): string[] => {
      const who = names[process] ?? 'somebody';
      switch (row.kind) {
        case 'change':
          return [`${who}: ${row.name}: ${row.old.display} -> ${row.new.display}`];
        case 'lock':
          return [`${who}: ${row.action} ${row.name}`];
        case 'choice':
          return [`${who}: ${row.label} = ${row.value}`];
        case 'failure':
          return [`${who}: violates ${row.property}`];
        case 'enter':
          return [`${who}: ${row.procedure}()`];
        default:
          return [];
      }
    }),
  );
}
/** The milestones that come, in this order, in what is told; all of them if the trace is as the reference. */
export function inOrder(trace: Trace, names: readonly string[], milestones: readonly string[]): string[] {
  let at = 0;
  const lines = told(trace, names);
  const met: string[] = [];
  for (const milestone of milestones) {
    const next = lines.indexOf(milestone, at);
    if (next < 0) break;
    met.push(milestone);
    at = next + 1;
  }
  return met;
}
