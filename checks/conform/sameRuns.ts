/**
 * Whether two procedures do the same from one state: the same ways to end, each after the same actions.
 *
 * In: their runs from that state. Out: nothing, the first difference, or that it stays open. Never: which of the two is right.
 */
import type { LoneRun, LoneRuns } from '../../compiler/index.ts';
import type { Abstraction } from './abstractions.ts';
import { type Action, actionsOf, type Deed, deedKey, type WatchedCalls } from './actions.ts';
import { isAdapter, ownNameOf } from './treeSide.ts';

/** One way through a procedure. */
export interface Way {
  readonly actions: readonly Action[];
  readonly run: LoneRun;
}
export interface Parting {
  /** Actions that both have first. */
  readonly common: number;
  readonly model: Way;
  readonly tree: Way;
}
export type Sameness =
  | { readonly kind: 'same' }
  | { readonly kind: 'differs'; readonly parting: Parting }
  /** A limit, or a bound of the model, came first. */
  | { readonly kind: 'open'; readonly reason: string };

export interface Judge {
  /** The kernel's name of what is compared. */
  readonly name: string;
  readonly calls: WatchedCalls;
  /** Names of the parameters that both are called with. */
  readonly params: readonly string[];
  readonly abstractions: readonly Abstraction[];
  /** It is known that there are more ways: those that there are, are compared. */
  readonly some?: boolean;
}

export const tooManyWays = 'there are more ways to answer its free choices than are tried';

export function compareRuns(model: LoneRuns, tree: LoneRuns, judge: Judge): Sameness {
  // The tree may spare itself a lock that need not be compared; where the model can do nothing but wait for it, nothing is known of what follows.
  const onlyWaits = model.runs.length > 0 && model.runs.every((run) => isUnseenWait(run, judge));
  if (onlyWaits && tree.all && tree.runs.every(({ end }) => end === 'returned')) return { kind: 'same' };
  const left = waysOf(model, judge);
  const right = waysOf(tree, judge);
  const free = judge.abstractions.flatMap(({ leaves }) => (leaves.what === 'ways' ? [leaves.of] : []));
  const onlyModel = free.includes('model') ? [] : alone(left, right, judge);
  const onlyTree = free.includes('tree') ? [] : alone(right, left, judge);
  // What comes behind a limit is not known, even where both meet it after the same actions.
  const reason = limitMet([...left.values(), ...right.values()]) ?? (judge.some === true || (model.all && tree.all) ? null : tooManyWays);
  if (reason !== null) return { kind: 'open', reason };
  if (onlyModel.length === 0 && onlyTree.length === 0) return { kind: 'same' };
  return { kind: 'differs', parting: partingOf(orAll(onlyModel, left), orAll(onlyTree, right)) };
}

/** Ways of one side that the other has not, unless it may have them and waits where it would yield: what it does then is not known. */
function alone(own: ReadonlyMap<string, Way>, others: ReadonlyMap<string, Way>, { abstractions }: Judge): Way[] {
  const yields = abstractions.flatMap(({ leaves }) => (leaves.what === 'yields' ? leaves.fields : []));
  const yielding = [...others.values()].filter(({ run, actions }) => {
    const last = actions.at(-1)?.deed;
    return last?.what === 'released' && run.waitsFor?.lock === lockOf(last) && yields.includes(run.waitsFor.lock);
  });
  return [...own].flatMap(([key, way]) => {
    const known = others.has(key) || yielding.some(({ actions }) => commonOf(actions, way.actions) >= actions.length - 1);
    return known ? [] : [way];
  });
}

/** Where one of them has no way of its own, what the other has is held against all of its ways. */
function orAll(own: readonly Way[], all: ReadonlyMap<string, Way>): readonly Way[] {
  return own.length === 0 ? [...all.values()] : own;
}

function waysOf({ runs }: LoneRuns, judge: Judge): Map<string, Way> {
  const ways = new Map<string, Way>();
  const seen = runs.filter((run) => !isUnseenWait(run, judge));
  // If it can do nothing but wait, that is what it does.
  for (const run of seen.length === 0 ? runs : seen) {
    const actions = viewed(actionsOf(run.events, { calls: judge.calls, ownName: ownNameOf, isAdapter }), judge.abstractions);
    const key = [...actions.map(({ deed }) => deedKey(deed)), endKey(run, judge)].join('\n');
    if (!ways.has(key)) ways.set(key, { actions, run });
  }
  return ways;
}

/** It ends at a lock that need not be compared, so what it would do then is not known, and whether others get it is no concern here. */
function isUnseenWait({ waitsFor }: LoneRun, { abstractions }: Judge): boolean {
  return abstractions.some(
    ({ functions, leaves }) =>
      waitsFor !== null &&
      leaves.what === 'locks' &&
      leaves.fields.includes(waitsFor.lock) &&
      functions.includes(ownNameOf(waitsFor.procedure)),
  );
}

/** Without what need not be compared. */
function viewed(actions: readonly Action[], abstractions: readonly Abstraction[]): readonly Action[] {
  return abstractions.reduce<readonly Action[]>((seen, { functions, leaves }) => {
    const inside = ({ procedures }: Action): boolean => procedures.some((name) => functions.includes(name));
    switch (leaves.what) {
      case 'writes':
        return seen.filter((one) => !inside(one) || !leaves.fields.includes(fieldOf(one.deed) ?? ''));
      case 'locks':
        return seen.filter((one) => !inside(one) || !leaves.fields.includes(lockOf(one.deed) ?? ''));
      case 'calls':
        return seen.filter((one) => !inside(one) || one.deed.what !== 'call' || !leaves.procedures.includes(one.deed.procedure));
      case 'yields':
        return withoutYields(seen, (one) => inside(one) && leaves.fields.includes(lockOf(one.deed) ?? ''));
      case 'order':
        return inOneOrder(seen, (one) => inside(one) && leaves.fields.includes(fieldOf(one.deed) ?? ''));
      default:
        return seen;
    }
  }, actions);
}

/** Without pairs that let go of a lock and take it again in the same mode. */
function withoutYields(actions: readonly Action[], counts: (action: Action) => boolean): Action[] {
  const left: Action[] = [];
  for (const action of actions) {
    const last = left.at(-1);
    const again = last?.deed.what === 'released' && action.deed.what === 'acquired' && counts(last) && counts(action);
    if (again && last.deed.mode === action.deed.mode && lockOf(last.deed) === lockOf(action.deed)) left.pop();
    else left.push(action);
  }
  return left;
}

/** Of actions that follow each other and whose order does not count, the order of their keys. */
function inOneOrder(actions: readonly Action[], counts: (action: Action) => boolean): Action[] {
  const ordered: Action[] = [];
  let run: Action[] = [];
  const close = (): void => {
    ordered.push(...run.sort((a, b) => (deedKey(a.deed) < deedKey(b.deed) ? -1 : 1)));
    run = [];
  };
  for (const action of actions) {
    if (counts(action)) run.push(action);
    else {
      close();
      ordered.push(action);
    }
  }
  close();
  return ordered;
}

function lockOf(deed: Deed): string | null {
  return 'mode' in deed ? `${deed.place.table}.${deed.place.field}` : null;
}

function fieldOf(deed: Deed): string | null {
  return deed.what === 'write' || deed.what === 'list' ? `${deed.place.table}.${deed.place.field}` : null;
}

function endKey({ end, fault, value, left, machine }: LoneRun, { name, abstractions, params }: Judge): string {
  const own = abstractions.flatMap(({ functions, leaves }) => (functions.includes(name) ? [leaves] : []));
  const shown = own.some(({ what }) => what === 'result') ? null : value;
  const unseen = own.flatMap((one) => (one.what === 'parameters' ? one.names : []));
  const back = left.filter((_, k) => !unseen.includes(params[k] ?? ''));
  const how = `${end} ${fault?.kind ?? ''} ${shown ?? ''} ${back.join()}`;
  // Where it does not come back, what it has done is among the actions.
  if (end !== 'returned') return how;
  const ignored = abstractions.flatMap(({ leaves }) => (leaves.what === 'writes' ? leaves.fields : []));
  const tables = Object.entries(machine.tables).map(([table, fields]) =>
    Object.entries(fields).filter(([field]) => !ignored.includes(`${table}.${field}`)),
  );
  return `${how} ${JSON.stringify([tables, machine.allocated])}`;
}

function limitMet(ways: readonly Way[]): string | null {
  for (const { run } of ways) {
    if (run.fault?.kind === 'bound') return `bound ${run.fault.message} exceeded`;
    if (run.end === 'endless') return 'it runs more statements than are tried';
  }
  return null;
}

/** The two ways that go together longest. */
function partingOf(models: readonly Way[], trees: readonly Way[]): Parting {
  let best: Parting | null = null;
  for (const model of models) {
    for (const tree of trees) {
      const common = commonOf(model.actions, tree.actions);
      if (best === null || common > best.common) best = { common, model, tree };
    }
  }
  if (best === null) throw new Error('a run has no way to end');
  return best;
}

function commonOf(a: readonly Action[], b: readonly Action[]): number {
  const keys = b.map(({ deed }) => deedKey(deed));
  const at = a.findIndex(({ deed }, k) => deedKey(deed) !== keys[k]);
  return at < 0 ? a.length : at;
}
