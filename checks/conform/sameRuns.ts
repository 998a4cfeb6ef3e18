/**
 * Whether two procedures do the same from one state: the same ways to end, each after the same actions.
 *
 * In: their runs from that state. Out: nothing, the first difference, or that it stays open. Never: which of the two is right.
 */
import type { LoneRun, LoneRuns } from '../../compiler/index.ts';
import { type Action, actionsOf, deedKey } from './actions.ts';
import { type Judge, type Parting, type Sameness, tooManyWays, type Way } from './judge.ts';
import { isAdapter, ownNameOf } from './treeSide.ts';
import { commonOf, endKey, isInside, isPair, limitOf, lockOf, viewed } from './view.ts';

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
  const known = new Set([...trees.keys(), ...[...trees.values()].flatMap((way) => otherKeys(way, judge))]);
  return [...models].flatMap(([key, way]) => (known.has(key) || answeredFreely(way, 'model', judge) ? [] : [way]));
}

/** What the tree may do and the model never does. */
function missingInModel(trees: Ways, models: Ways, judge: Judge): Way[] {
  return [...trees].flatMap(([key, way]) => {
    if (models.has(key) || answeredFreely(way, 'tree', judge)) return [];
    if (otherKeys(way, judge).some((other) => models.has(other))) return [];
    return [...models.values()].some((model) => keepsLocks(way, model, judge)) ? [] : [way];
  });
}

/** Runs as one of the tree would be with what the model may return in place of what it returns. */
function otherResults(run: LoneRun, { name, abstractions }: Judge): LoneRun[] {
  return abstractions.flatMap(({ functions, leaves }) =>
    leaves.what === 'result' && functions.includes(name) && run.value === leaves.tree ? [{ ...run, value: leaves.model }] : [],
  );
}

function otherKeys({ actions, run }: Way, judge: Judge): string[] {
  return otherResults(run, judge).map((other) => keyOf(actions, other, judge));
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
  const ends = [tree.run, ...otherResults(tree.run, judge)].map((run) => endKey(run, judge));
  return at === tree.actions.length && ends.includes(endKey(model.run, judge));
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

function limitMet(ways: readonly Way[]): string | null {
  for (const { run } of ways) {
    const limit = limitOf(run);
    if (limit !== null) return limit;
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
