/**
 * Patches that can be taken apart: on a tree, and as mails that show whole functions.
 *
 * In: a patch as it was read and judged. Out: its pieces, and what a scenario runs without one of them. Never: a function of the patch
 * where the piece that brought it is gone.
 */
import type { Procedure } from '../../../compiler/index.ts';
import {
  kvmBindings,
  type MailPiece,
  makeBindings,
  type Obstacle,
  patchTree,
  patchWithout,
  piecesOfMail,
  piecesOfTree,
  type ReadPatch,
  type ReadTreePatch,
  readFunctions,
  readUnits,
  UnreadableInput,
} from '../../../patches/index.ts';
import { reachableProcedures } from '../../callGraph.ts';
import { type Choice, describeSystem } from '../../describeSystem.ts';
import { type KeptRun, patchedChoice } from '../judgement.ts';
import { baseOf, lowerInto } from '../surroundings.ts';
import { placeInVariant } from '../treeSurroundings.ts';
import type { NotJudged, Subject } from './ablate.ts';

/** `constants`: that earlier patches of the series changed. */
export function treeSubject(read: ReadTreePatch, constants: ReadonlyMap<string, number>): Subject {
  const { applied, spellings } = read;
  const bindings = spellings === undefined ? kvmBindings : makeBindings(spellings);
  return {
    pieces: piecesOfTree(read, bindings),
    base: () => null,
    revert: (piece) =>
      readable(async () => {
        // Functions that the piece alone changes are the tree's own still, not the model's.
        const changed = await readUnits(patchTree(applied.before, patchWithout(applied.patch, piece)), bindings, read.changed);
        const left = { ...changed, ...(spellings === undefined ? {} : { spellings }) };
        return async ({ choice }) => {
          const { lowered } = await placeInVariant(left, choice, constants);
          return lackingIn(lowered.unmodelled) ?? patchedChoice(lowered, bare(choice));
        };
      }),
  };
}

export function mailSubject(read: ReadPatch, kept: readonly KeptRun[]): Subject<MailPiece> {
  const [best] = [...kept].sort((a, b) => partsOf(b) - partsOf(a));
  return {
    pieces: best === undefined ? [] : piecesOfMail(read, best.each.lowered.hunks),
    base: ({ choice, each }) => {
      const base = baseOf(each.scenario);
      return base === undefined || base === each.variant ? null : { ...bare(choice), variant: base };
    },
    revert: (piece) =>
      readable(async () => {
        const left = await readFunctions(patchWithout(read.text, piece));
        return async (run) => withoutPiece(left, piece, run);
      }),
  };
}

function partsOf({ each }: KeptRun): number {
  return each.lowered.hunks.reduce((sum, { parts }) => sum + parts.length, 0);
}

function bare({ scenario, variant, preset }: Choice): Choice {
  return { scenario, variant, preset };
}

/** Text that is no C any more is an answer. */
async function readable<T>(read: () => Promise<T>): Promise<T | NotJudged> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    return { reason: `what is left cannot be read: ${error.message}` };
  }
}

function lackingIn([first]: readonly Obstacle[]): NotJudged | null {
  return first === undefined ? null : { reason: `${first.name} ${first.why}` };
}

/** What the patch leaves as it was comes from before it: its whole functions, and what the model stands in for. */
async function withoutPiece(left: ReadPatch, { standIns }: MailPiece, { each, choice }: KeptRun): Promise<Choice | NotJudged> {
  const lowered = await lowerInto(left, choice);
  const lacking = lackingIn(lowered.unmodelled);
  if (lacking !== null) return lacking;
  const changed = patchedChoice(lowered, bare(choice));
  const replacing = new Map(changed.replacing);
  const gone = each.lowered.procedures.map(({ name }) => name).filter((name) => !replacing.has(name));
  const old = oldProcedures(each, choice);
  const missing: string[] = [];
  for (const name of [...gone, ...standIns]) {
    const was = old.get(name);
    if (was === undefined) missing.push(name);
    else replacing.set(name, was);
  }
  const without: Choice = { ...changed, replacing };
  const needed = missing.length === 0 ? undefined : calledOf(missing, without);
  return needed === undefined ? without : { reason: `${needed}() would be missing, and is called; what stood there before is not known` };
}

/** The first of these names that is called; the first of them where that cannot be told. */
function calledOf(names: readonly string[], choice: Choice): string | undefined {
  try {
    const called = reachableProcedures(describeSystem(choice));
    return names.find((name) => called.has(name));
  } catch {
    return names[0];
  }
}

/** Those that the code of the day calls: the model's later ones are in its description, too. */
function oldProcedures({ scenario }: KeptRun['each'], { preset }: Choice): ReadonlyMap<string, Procedure> {
  const base = baseOf(scenario);
  if (base === undefined) return new Map();
  const description = describeSystem({ scenario, variant: base, preset });
  const called = reachableProcedures(description);
  return new Map([...description.procedures].filter(([name]) => called.has(name)));
}
