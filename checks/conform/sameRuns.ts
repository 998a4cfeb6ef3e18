/**
 * Whether two procedures do the same from one state: the same ways to end, each after the same actions.
 *
 * In: their runs from that state. Out: nothing, the first difference, or that it stays open. Never: which of the two is right.
 */
import { type CellState, isLock, type LoneRun, type LoneRuns } from '../../compiler/index.ts';
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
  /** Who runs it. */
  readonly process: number;
  readonly calls: WatchedCalls;
  /** Names of the parameters that both are called with. */
  readonly params: readonly string[];
  readonly abstractions: readonly Abstraction[];
  /** It is known that there are more ways: those that there are, are compared. */
  readonly some?: boolean;
}

export const tooManyWays = 'there are more ways to answer its free choices than are tried';

export function compareRuns(model: LoneRuns, tree: LoneRuns, judge: Judge): Sameness {
  const left = waysOf(model, judge);
  const right = waysOf(tree, judge);
  // What comes behind a limit is not known, even where both meet it after the same actions.
  const reason = limitMet([...left.values(), ...right.values()]) ?? (judge.some === true || (model.all && tree.all) ? null : tooManyWays);
  const onlyModel = missingInTree(left, right, judge);
  const onlyTree = missingInModel(right, left, judge);
  if (reason !== null) return { kind: 'open', reason };
  if (onlyModel.length === 0 && onlyTree.length === 0) return { kind: 'same' };
  return { kind: 'differs', parting: partingOf(orAll(onlyModel, left), orAll(onlyTree, right)) };
}

type Ways = ReadonlyMap<string, Way>;

/** What the model may do and the tree never does. */
function missingInTree(models: Ways, trees: Ways, judge: Judge): Way[] {
  const results = resultsOf(judge);
  const known = new Set([...trees.keys(), ...[...trees.values()].flatMap((way) => otherKeys(way, results, judge))]);
  return [...models].flatMap(([key, way]) => (known.has(key) || answeredFreely(way, 'model', judge) ? [] : [way]));
}

/** What the tree may do and the model never does. */
function missingInModel(trees: Ways, models: Ways, judge: Judge): Way[] {
  const results = resultsOf(judge);
  return [...trees].flatMap(([key, way]) => {
    if (models.has(key) || answeredFreely(way, 'tree', judge)) return [];
    if (otherKeys(way, results, judge).some((other) => models.has(other))) return [];
    return [...models.values()].some((model) => keepsLocks(way, model, judge)) ? [] : [way];
  });
}

/** Results of the model for which the tree may have another. */
function resultsOf({ name, abstractions }: Judge): readonly { readonly model: number; readonly tree: number }[] {
  return abstractions.flatMap(({ functions, leaves }) => (leaves.what === 'result' && functions.includes(name) ? [leaves] : []));
}

/** Keys that a way of the tree would have with what the model may return in place of what it returns. */
function otherKeys(way: Way, results: ReturnType<typeof resultsOf>, judge: Judge): string[] {
  return results.flatMap(({ model, tree }) => (way.run.value === tree ? [keyOf(way.actions, { ...way.run, value: model }, judge)] : []));
}

/** Whether a way of the tree is this one of the model but for locks that it keeps where the model lets go of them and takes them again at once. */
function keepsLocks(tree: Way, model: Way, judge: Judge): boolean {
  const yields = judge.abstractions.flatMap(({ functions, leaves }) =>
    leaves.what === 'yields' ? [{ functions, fields: leaves.fields }] : [],
  );
  if (yields.length === 0 || tree.actions.length >= model.actions.length) return false;
  const mayKeep = (one: Action): boolean =>
    yields.some(({ functions, fields }) => isInside(one, functions) && fields.includes(lockOf(one.deed) ?? ''));
  let at = 0;
  for (let k = 0; k < model.actions.length; k++) {
    const [one, next, other] = [model.actions[k], model.actions[k + 1], tree.actions[at]];
    if (one !== undefined && other !== undefined && deedKey(one.deed) === deedKey(other.deed)) at++;
    else if (one !== undefined && next !== undefined && isPair(one, next, ['released', 'acquired'], mayKeep)) k++;
    else return false;
  }
  return at === tree.actions.length && endKey(tree.run, judge) === endKey(model.run, judge);
}

/** One of its free choices was answered as the other side need not. */
function answeredFreely({ run }: Way, side: 'model' | 'tree', { abstractions }: Judge): boolean {
  return abstractions.some(
    ({ functions, leaves }) =>
      leaves.what === 'answers' &&
      leaves.of === side &&
      run.answers.some(
        ({ label, value, procedures, contended, held }) =>
          label === leaves.choice &&
          value === leaves.value &&
          (leaves.lock.is === 'held' ? held : contended).includes(leaves.lock.field) &&
          procedures.some((name) => functions.includes(ownNameOf(name))),
      ),
  );
}

/** Where one of them has no way of its own, what the other has is held against all of its ways. */
function orAll(own: readonly Way[], all: Ways): readonly Way[] {
  return own.length === 0 ? [...all.values()] : own;
}

function waysOf({ runs }: LoneRuns, judge: Judge): Map<string, Way> {
  const ways = new Map<string, Way>();
  for (const run of runs) {
    const actions = viewed(actionsOf(run.events, { calls: judge.calls, ownName: ownNameOf, isAdapter }), judge.abstractions);
    const key = keyOf(actions, run, judge);
    // One that is like another but for answers that need no counterpart is no excuse for it.
    const known = ways.get(key);
    if (known === undefined || answeredFreely(known, 'model', judge) || answeredFreely(known, 'tree', judge))
      ways.set(key, { actions, run });
  }
  return ways;
}

function keyOf(actions: readonly Action[], run: LoneRun, judge: Judge): string {
  return [...actions.map(({ deed }) => deedKey(deed)), endKey(run, judge)].join('\n');
}

/** Without what need not be compared. */
function viewed(actions: readonly Action[], abstractions: readonly Abstraction[]): readonly Action[] {
  return abstractions.reduce<readonly Action[]>((seen, { functions, leaves }) => {
    const inside = (one: Action): boolean => isInside(one, functions);
    switch (leaves.what) {
      case 'writes':
        return seen.filter((one) => !inside(one) || !leaves.fields.includes(fieldOf(one.deed) ?? ''));
      case 'locks':
        return seen.filter((one) => !inside(one) || !leaves.fields.includes(lockOf(one.deed) ?? ''));
      case 'calls':
        return seen.filter((one) => !inside(one) || one.deed.what !== 'call' || !leaves.procedures.includes(one.deed.procedure));
      case 'sections':
        return withoutPairs(seen, ['acquired', 'released'], (one) => inside(one) && leaves.fields.includes(lockOf(one.deed) ?? ''));
      case 'order':
        return inOneOrder(seen, (one) => inside(one) && leaves.fields.includes(fieldOf(one.deed) ?? ''));
      default:
        return seen;
    }
  }, actions);
}

function isInside({ procedures }: Action, functions: readonly string[]): boolean {
  return procedures.some((name) => functions.includes(name));
}

type PairOfDeeds = readonly ['acquired' | 'released', 'acquired' | 'released'];

/** Whether these two things are done to one lock in the same mode. */
function isPair(one: Action, next: Action, [first, second]: PairOfDeeds, counts: (action: Action) => boolean): boolean {
  if (one.deed.what !== first || next.deed.what !== second || !counts(one) || !counts(next)) return false;
  return one.deed.mode === next.deed.mode && lockOf(one.deed) === lockOf(next.deed);
}

function withoutPairs(actions: readonly Action[], pair: PairOfDeeds, counts: (action: Action) => boolean): Action[] {
  const left: Action[] = [];
  for (const action of actions) {
    const last = left.at(-1);
    if (last !== undefined && isPair(last, action, pair, counts)) left.pop();
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

function endKey({ end, fault, value, left, machine }: LoneRun, { name, abstractions, params, process }: Judge): string {
  const own = abstractions.flatMap(({ functions, leaves }) => (functions.includes(name) ? [leaves] : []));
  const unseen = own.flatMap((one) => (one.what === 'parameters' ? one.names : []));
  const back = left.filter((_, k) => !unseen.includes(params[k] ?? ''));
  const how = `${end} ${fault?.kind ?? ''} ${value ?? ''} ${back.join()}`;
  // Where it does not come back, what it has done is among the actions.
  if (end !== 'returned') return how;
  const ignored = abstractions.flatMap(({ leaves }) => (leaves.what === 'writes' ? leaves.fields : []));
  const tables = Object.entries(machine.tables).map(([table, fields]) =>
    Object.entries(fields).flatMap(([field, cells]) =>
      ignored.includes(`${table}.${field}`) ? [] : [cells.map((cell) => ownPart(cell, process))],
    ),
  );
  return `${how} ${JSON.stringify([tables, machine.allocated])}`;
}

/** Of a lock what the process that ran has of it: what others have changes only where it waits for them, and that is among the actions. */
function ownPart(cell: CellState, process: number): unknown {
  if (!isLock(cell)) return cell;
  return [cell.writer === process + 1, (cell.readers >> process) & 1, (cell.waiting >> process) & 1];
}

function limitMet(ways: readonly Way[]): string | null {
  for (const { run } of ways) {
    if (run.fault?.kind === 'bound') return `bound ${run.fault.message} exceeded`;
    if (run.end === 'endless') return 'it runs more statements than are tried';
    if (run.end === 'blocked') return 'it waits for others more often than is tried';
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
