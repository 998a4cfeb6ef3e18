/**
 * Every piece of a patch reverted on its own, and what becomes of the verdicts.
 *
 * In: pieces, the runs with the patch and without it, a budget of time. Out: what each piece is for. Never: a run that was made already;
 * "makes no difference" for a piece that was not tried wherever it matters.
 */
import { visitStmts } from '../../../compiler/index.ts';
import type { Piece } from '../../../patches/index.ts';
import { type Choice, describeSystem } from '../../describeSystem.ts';
import { fingerprintOf } from '../../fingerprint.ts';
import type { AblatedPiece, Ablation } from '../../results.ts';
import { scenarioId } from '../../select.ts';
import { type KeptRun, optionsOf, type RunRequest } from '../judgement.ts';
import { runDescribedOrTrouble } from '../prologue.ts';
import { type SideResult, sideOf, verdictIn } from '../sides.ts';
import { costsOf, effectsOf, type ThreeSides, verdictOfEffects } from './effects.ts';

/** Why a patch without a piece cannot be run. */
export interface NotJudged {
  readonly reason: string;
}
/** The patch without one piece. */
export type Reverted = (kept: KeptRun) => Promise<Choice | NotJudged>;
/** A patch that can be taken apart. */
export interface Subject<P extends Piece = Piece> {
  readonly pieces: readonly P[];
  revert(piece: P): Promise<Reverted | NotJudged>;
  /** What the code was before the patch, where that is not what the run with the patch was compared with. */
  base(kept: KeptRun): Choice | null;
}

export async function ablate<P extends Piece>(
  subject: Subject<P>,
  kept: readonly KeptRun[],
  budgetMs: number,
  request: RunRequest,
): Promise<Ablation> {
  return new Ablating(subject, kept, budgetMs, request).run();
}

interface Trial<P> {
  readonly piece: P;
  reverted: Reverted | NotJudged | null;
  readonly found: ThreeSides[];
  readonly judgedIn: Set<string>;
  reason: string | null;
  milliseconds: number;
}

class Ablating<P extends Piece> {
  readonly #subject: Subject<P>;
  readonly #kept: readonly KeptRun[];
  readonly #budgetMs: number;
  readonly #request: RunRequest;
  readonly #start = performance.now();
  /** By scenario and fingerprint. */
  readonly #known = new Map<string, SideResult>();
  readonly #bases = new Map<KeptRun, SideResult | null>();

  constructor(subject: Subject<P>, kept: readonly KeptRun[], budgetMs: number, request: RunRequest) {
    this.#subject = subject;
    this.#kept = kept;
    this.#budgetMs = budgetMs;
    this.#request = request;
    for (const each of kept)
      for (const side of [each.before, each.after]) if (side?.exhausted === true) this.#known.set(keyOf(each, side.fingerprint), side);
  }

  async run(): Promise<Ablation> {
    const trials = this.#subject.pieces.map(
      (piece): Trial<P> => ({ piece, reverted: null, found: [], judgedIn: new Set(), reason: null, milliseconds: 0 }),
    );
    for (const each of this.#kept) this.#bases.set(each, await this.#baseOf(each));
    const telling = this.#kept.filter((each) => this.#differs(each));
    const others = this.#kept.filter((each) => !telling.includes(each));
    // Where base and patched differ, each piece first; then all others, small ones first.
    await this.#round(trials, telling);
    await this.#round(trials, others);
    return {
      budgetMs: this.#budgetMs,
      milliseconds: Math.round(performance.now() - this.#start),
      pieces: trials.map((trial) => this.#pieceOf(trial)),
    };
  }

  async #round(trials: readonly Trial<P>[], scenarios: readonly KeptRun[]): Promise<void> {
    const sorted = [...scenarios].sort((a, b) => a.after.states - b.after.states);
    for (const each of sorted)
      for (const trial of trials) {
        if (this.#isOver()) return;
        const start = performance.now();
        await this.#try(trial, each);
        trial.milliseconds += performance.now() - start;
      }
  }

  async #try(trial: Trial<P>, each: KeptRun): Promise<void> {
    const { hopeless } = trial.piece;
    trial.reverted ??= hopeless === null ? await this.#subject.revert(trial.piece) : { reason: hopeless };
    if (typeof trial.reverted !== 'function') {
      trial.reason = trial.reverted.reason;
      return;
    }
    const reverted = neverRun(trial.piece, each) ? each.after : await this.#runWithout(trial.reverted, each);
    if (reverted === null) return;
    if ('reason' in reverted) {
      trial.reason ??= reverted.reason;
      return;
    }
    const scenario = scenarioId(each.each.scenario);
    trial.judgedIn.add(scenario);
    trial.found.push({ scenario, before: this.#bases.get(each) ?? null, patched: each.after, reverted });
  }

  /** Null: there was no time. */
  async #runWithout(revert: Reverted, each: KeptRun): Promise<SideResult | NotJudged | null> {
    const choice = await revert(each);
    return 'reason' in choice ? choice : this.#sideOf(choice, each);
  }

  async #sideOf(choice: Choice, each: KeptRun): Promise<SideResult | NotJudged | null> {
    let description: ReturnType<typeof describeSystem>;
    try {
      description = describeSystem(choice);
    } catch (error) {
      return { reason: `what is left is no code that can be run: ${error instanceof Error ? error.message : 'for an unknown reason'}` };
    }
    const key = keyOf(each, fingerprintOf(description));
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { limits } = this.#request;
    const leftMs = Math.max(1, this.#budgetMs - (performance.now() - this.#start));
    const own = limits?.timeMs !== undefined && limits.timeMs <= leftMs;
    const request = { ...this.#request, limits: { ...limits, timeMs: own ? limits.timeMs : leftMs } };
    const run = await runDescribedOrTrouble(
      choice,
      description,
      optionsOf(request, () => undefined),
    );
    const side = sideOf(run);
    // Cut by this budget, not by a limit that the patch itself had: that is not tried.
    if (!('trouble' in run) && !own && run.found.cuts.some(({ kind }) => kind !== 'bound')) return null;
    if (side.exhausted) this.#known.set(key, side);
    return side;
  }

  async #baseOf(each: KeptRun): Promise<SideResult | null> {
    const choice = this.#subject.base(each);
    if (choice === null) return each.before;
    if (this.#isOver()) return null;
    const side = await this.#sideOf(choice, each);
    return side === null || 'reason' in side ? each.before : side;
  }

  /** Whether the patch changes a verdict there. */
  #differs(each: KeptRun): boolean {
    const base = this.#bases.get(each) ?? null;
    if (base === null) return each.after.properties.some(({ verdict }) => verdict === 'violated');
    return [...base.properties, ...each.after.properties].some(({ id }) => verdictIn(base, id) !== verdictIn(each.after, id));
  }

  #isOver(): boolean {
    return this.#request.signal?.aborted === true || performance.now() - this.#start >= this.#budgetMs;
  }

  #pieceOf({ piece, found, judgedIn, reason, milliseconds }: Trial<P>): AblatedPiece {
    const { kind, side, hunk, path, line, lastLine, text } = piece;
    const scenarios = this.#kept.map(({ each }) => scenarioId(each.scenario));
    const leftOut = reason !== null && found.length === 0 ? [] : scenarios.filter((id) => !judgedIn.has(id));
    const effects = found.flatMap(effectsOf);
    const verdict =
      reason !== null && found.length === 0 ? 'notJudged' : judgedIn.size === 0 ? 'notTried' : verdictOfEffects(effects, leftOut);
    return {
      kind,
      side,
      hunk,
      path,
      line,
      lastLine,
      text,
      verdict,
      reason: verdict === 'notJudged' ? reason : null,
      effects,
      costs: found.flatMap(costsOf),
      judgedIn: [...judgedIn],
      leftOut,
      milliseconds: Math.round(milliseconds),
    };
  }
}

function keyOf({ each }: KeptRun, fingerprint: string): string {
  return `${scenarioId(each.scenario)} ${fingerprint}`;
}

/** Only adds code, and none of it was run there: without it the scenario is the same. */
function neverRun({ side, path, lines, line, lastLine }: Piece, { counted, file }: KeptRun): boolean {
  if (side !== 'added' || lines.length === 0) return false;
  let there = 0;
  let ran = 0;
  for (const procedure of counted.procedures)
    visitStmts(procedure.body, ({ id, kind, pos }) => {
      if (pos.change !== 'added' || pos.file !== (file ?? path) || pos.line < line || pos.line > lastLine) return;
      there += 1;
      // Jumps out of a block or to its end are no nodes, and not counted: nobody knows.
      ran += kind === 'leave' || kind === 'continue' ? 1 : (counted.counts.get(id)?.executed ?? 0);
    });
  return there > 0 && ran === 0;
}
