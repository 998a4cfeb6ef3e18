/**
 * Whether two procedures do the same from one state, by the graphs of their ways: both are followed together, an action at a time, through all that
 * either may do, and pairs of what both may be at are looked at once. So loops of choices end, and no way is left out.
 *
 * In: two graphs. Out: nothing, the first difference, or that it stays open. Never: a declared difference that looks at more than one action.
 */
import type { Abstraction } from './abstractions.ts';
import { actionsOf, deedKey, type Reading } from './actions.ts';
import { type Judge, type Sameness, tooManyWays, type Way } from './judge.ts';
import { commonOf, endKey, limitOf, viewed } from './view.ts';
import { type LoneCall, runAlong, type WayGraph } from './wayGraph.ts';

/** One side: its graph, and how to run a way of it. */
export interface GraphSide {
  readonly graph: WayGraph;
  readonly call: LoneCall;
  readonly reading: Reading;
}

/** Declared differences that leave actions out, or what is left in parameters: those can be told of each action alone. */
export function fitsGraphs({ leaves }: Abstraction): boolean {
  return ['writes', 'locks', 'calls', 'parameters'].includes(leaves.what);
}

/** Pairs of places that are looked at. */
const frontsMax = 50_000;

/** Before a letter of a stretch. */
interface Place {
  readonly id: string;
  readonly letters: readonly string[];
  readonly at: number;
  readonly to: number | null;
  /** Answers on the way by which it was come to. */
  readonly given: readonly number[];
}
type Front = ReadonlyMap<string, Place>;

export function compareGraphs(model: GraphSide, tree: GraphSide, judge: Judge): Sameness {
  const sides = [new Side(model, judge), new Side(tree, judge)] as const;
  const reason = sides[0].limit ?? sides[1].limit;
  if (reason !== null) return { kind: 'open', reason };
  const open: (readonly [Front, Front])[] = [[sides[0].start(), sides[1].start()]];
  const seen = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const key = next.map((front) => [...front.keys()].sort().join()).join('|');
    if (seen.has(key)) continue;
    if (seen.size >= frontsMax) return { kind: 'open', reason: tooManyWays };
    seen.add(key);
    const [left, right] = [byLetter(next[0]), byLetter(next[1])];
    const alone = [...left.keys()].find((letter) => !right.has(letter)) ?? [...right.keys()].find((letter) => !left.has(letter));
    if (alone !== undefined) return differing(model, tree, [left, right], alone, judge);
    for (const [letter, places] of left) open.push([sides[0].after(places), sides[1].after(right.get(letter) ?? [])]);
  }
  return { kind: 'same' };
}

/** One side's graph in letters: keys of actions, and one for how it ends. */
class Side {
  /** What keeps the comparison open; null: nothing. */
  readonly limit: string | null;
  readonly #nodes: readonly (readonly {
    readonly answer: number | null;
    readonly letters: readonly string[];
    readonly to: number | null;
  }[])[];

  constructor({ graph }: GraphSide, judge: Judge) {
    let limit: string | null = null;
    this.#nodes = graph.nodes.map((stretches) =>
      stretches.map(({ answer, actions, to, run }) => {
        if (run !== null) limit ??= limitOf(run);
        const letters = viewed(actions, judge.abstractions).map(({ deed }) => deedKey(deed));
        return { answer, to, letters: run === null ? letters : [...letters, `ends ${endKey(run, judge)}`] };
      }),
    );
    this.limit = limit;
  }

  start(): Front {
    const front = new Map<string, Place>();
    this.#enter(0, [], front, new Set());
    return front;
  }

  /** Where all these are after their next letter. */
  after(places: readonly Place[]): Front {
    const front = new Map<string, Place>();
    const entered = new Set<number>();
    for (const place of places) {
      const at = place.at + 1;
      if (at < place.letters.length) {
        const id = `${place.id.split('@')[0]}@${at}`;
        if (!front.has(id)) front.set(id, { ...place, id, at });
      } else if (place.to !== null) this.#enter(place.to, place.given, front, entered);
    }
    return front;
  }

  #enter(node: number, given: readonly number[], front: Map<string, Place>, entered: Set<number>): void {
    if (entered.has(node)) return;
    entered.add(node);
    for (const [k, { answer, letters, to }] of (this.#nodes[node] ?? []).entries()) {
      const along = answer === null ? given : [...given, answer];
      if (letters.length === 0 && to !== null) this.#enter(to, along, front, entered);
      const id = `${node}.${k}@0`;
      if (letters.length > 0 && !front.has(id)) front.set(id, { id, letters, at: 0, to, given: along });
    }
  }
}

type ByLetter = ReadonlyMap<string, readonly Place[]>;
function byLetter(front: Front): ByLetter {
  const places = new Map<string, Place[]>();
  for (const place of front.values()) {
    const letter = place.letters[place.at] ?? '';
    places.set(letter, [...(places.get(letter) ?? []), place]);
  }
  return places;
}

/** A way of the one side with the letter, and one of the other that goes as far. */
function differing(
  model: GraphSide,
  tree: GraphSide,
  [left, right]: readonly [ByLetter, ByLetter],
  letter: string,
  judge: Judge,
): Sameness {
  const given = (letters: ByLetter): readonly number[] => (letters.get(letter) ?? [...letters.values()][0] ?? [])[0]?.given ?? [];
  const [one, other] = [wayAlong(model, given(left), judge), wayAlong(tree, given(right), judge)];
  if (one === null || other === null) return { kind: 'open', reason: tooManyWays };
  return { kind: 'differs', parting: { common: commonOf(one.actions, other.actions), model: one, tree: other } };
}

function wayAlong({ call, reading, graph }: GraphSide, given: readonly number[], { abstractions }: Judge): Way | null {
  const run = runAlong(call, graph, given);
  return run === null ? null : { run, actions: viewed(actionsOf(run.events, reading), abstractions) };
}
