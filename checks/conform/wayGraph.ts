/**
 * All ways of one call as a graph: free choices that are met in equal states are one, so what takes thousands of ways to list has some dozen nodes.
 *
 * In: a procedure, a state. Out: what is done between two choices, and where that leads. Never: a comparison.
 */
import type { LoneCalls, LoneRun } from '../../compiler/index.ts';
import { type Action, actionsOf, type Reading } from './actions.ts';
import type { EntryState } from './entryStates.ts';

/** From one choice, answered so, to the next one or to the end. */
export interface Stretch {
  /** Null: from the call. */
  readonly answer: number | null;
  readonly actions: readonly Action[];
  /** The node of the next choice; null: it ends. */
  readonly to: number | null;
  /** Of the whole way by which it was found; null where it does not end. */
  readonly run: LoneRun | null;
}
export interface WayGraph {
  /** By choice, node 0 is the call: what each answer leads to. */
  readonly nodes: readonly (readonly Stretch[])[];
}

/** Choices in states of their own that one call may have. */
const nodesMax = 2000;
export const tooManyChoices = 'there are more states in which it has a free choice than are tried';

/** What is called, and from where. */
export interface LoneCall {
  readonly calls: LoneCalls;
  readonly entry: EntryState;
  /** Statements of one run. */
  readonly statements: number;
}

/** Null: there are more choices than are tried. */
export function wayGraph({ calls, entry, statements }: LoneCall, reading: Reading): WayGraph | null {
  const nodes: Stretch[][] = [[]];
  const known = new Map<string, number>();
  const open: { readonly node: number; readonly given: readonly number[]; readonly count: number }[] = [];
  const stretch = (given: readonly number[]): Stretch => {
    const followed = calls.follow(entry.machine, entry.args, given, statements);
    const own = { answer: given.at(-1) ?? null, actions: actionsOf(followed.events, reading) };
    if (followed.kind === 'end') return { ...own, to: null, run: followed.run };
    let node = known.get(followed.key);
    if (node === undefined) {
      node = nodes.push([]) - 1;
      known.set(followed.key, node);
      open.push({ node, given, count: followed.count });
    }
    return { ...own, to: node, run: null };
  };
  nodes[0]?.push(stretch([]));
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (nodes.length > nodesMax) return null;
    for (let answer = 0; answer < next.count; answer++) nodes[next.node]?.push(stretch([...next.given, answer]));
  }
  return { nodes };
}

/** The run in which the first choices are answered so, and those that are left in a way that ends soon. Null: it goes round for ever. */
export function runAlong({ calls, entry, statements }: LoneCall, graph: WayGraph, given: readonly number[]): LoneRun | null {
  const end = endAfter(graph, given);
  if (end === null) return null;
  const followed = calls.follow(entry.machine, entry.args, end, statements);
  return followed.kind === 'end' ? followed.run : null;
}

function endAfter({ nodes }: WayGraph, given: readonly number[]): readonly number[] | null {
  let node = nodes[0]?.[0]?.to ?? null;
  for (const answer of given) node = node === null ? null : (nodes[node]?.[answer]?.to ?? null);
  if (node === null) return given;
  const seen = new Set([node]);
  const open = [{ node, answers: given }];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    for (const [answer, { to }] of (nodes[next.node] ?? []).entries()) {
      const answers = [...next.answers, answer];
      if (to === null) return answers;
      if (seen.has(to)) continue;
      seen.add(to);
      open.push({ node: to, answers });
    }
  }
  return null;
}
