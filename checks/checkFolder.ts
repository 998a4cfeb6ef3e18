/**
 * The folder of a check that can be gone on with: what was asked, and for each run a checkpoint or its result.
 *
 * In: a folder, what is asked. Out: files. Never: the checkpoint of another check overwritten; a result of another model taken over.
 *
 * `check.json` says what was asked. One run keeps its files beside it, several have a folder each: `search` is the checkpoint, which
 * gives way to `result.json` when everything reachable was seen.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { escapeText, type Trace, traceSchema } from '../counterexamples/index.ts';
import type { ExploreResult, Keeping } from '../explorer/index.ts';
import { UnreadableInput, WrongUse } from './errors.ts';
import { named, readJson, writeJson } from './jsonFiles.ts';
import { type RunResult, runResultSchema } from './results.ts';
import { type Selected, scenarioId } from './select.ts';
import { version } from './version.ts';

const askedSchema = z.strictObject({
  mmucheck: z.string(),
  scenarios: z.array(z.string()),
  variants: z.array(z.string()),
  properties: z.array(z.string()),
  preset: z.enum(['small', 'medium', 'large']),
  limits: z.strictObject({
    states: z.number().exactOptional(),
    depth: z.number().exactOptional(),
    timeMs: z.number().exactOptional(),
    memoryBytes: z.number().exactOptional(),
  }),
  fingerprints: z.boolean(),
  reductions: z.strictObject({ renaming: z.boolean().exactOptional(), ample: z.boolean().exactOptional() }),
  everyMs: z.number(),
  /** Folder for traces, if they are wanted. */
  out: z.string().nullable(),
  /** `SCENARIO VARIANT`, in order. */
  runs: z.array(z.string()),
});
/** What was asked of a check. */
export type Asked = z.infer<typeof askedSchema>;

const resultSchema = z.strictObject({ mmucheck: z.string(), run: runResultSchema, traces: z.array(traceSchema).nullable() });

/** Asked of `runCheck`. */
export interface CheckpointRequest {
  readonly folder: string;
  readonly everyMs: number;
  /** Go on with what is there; else the folder must not hold a check. */
  readonly resume: boolean;
  /** Where traces are to be written, for who resumes. */
  readonly out: string | null;
  /** Told why a checkpoint could not be written. */
  readonly onTrouble?: (message: string) => void;
}

/** Throws UnreadableInput for a folder without a check of this version. */
export function readAsked(folder: string): Asked {
  const asked = readJson(join(folder, 'check.json'), askedSchema, 'is not what mmucheck check --checkpoint writes');
  if (asked.mmucheck !== version) {
    throw new UnreadableInput(`${named(folder)} was made by mmucheck ${escapeText(asked.mmucheck, 40)}, and this is ${version}`);
  }
  return asked;
}

export class CheckFolder {
  private constructor(
    private readonly request: CheckpointRequest,
    private readonly selected: readonly Selected[],
  ) {}

  /** Throws WrongUse if it cannot be written or holds a check already; of one that is resumed, UnreadableInput if the runs are not the same. */
  static open(
    request: CheckpointRequest,
    selected: readonly Selected[],
    asked: Omit<Asked, 'mmucheck' | 'everyMs' | 'out' | 'runs'>,
  ): CheckFolder {
    const { folder, resume, everyMs, out } = request;
    const runs = selected.map(({ scenario, variant }) => `${scenarioId(scenario)} ${variant.name}`);
    if (resume) {
      if (readAsked(folder).runs.join() !== runs.join())
        throw new UnreadableInput(`${named(folder)} is of another model: its runs are others`);
    } else begin(folder, { ...asked, mmucheck: version, everyMs, out, runs });
    return new CheckFolder(request, selected);
  }

  /** Of a run that was finished before. Throws UnreadableInput if it was one of another model. `traces`: they are wanted, too. */
  resultOf(index: number, fingerprint: () => string, traces: boolean): { run: RunResult; traces: readonly Trace[] } | null {
    const file = join(this.folderOf(index), 'result.json');
    if (!this.request.resume || !existsSync(file)) return null;
    const kept = readJson(file, resultSchema, 'is no result of a run');
    const now = fingerprint();
    if (kept.mmucheck !== version || kept.run.fingerprint !== now) {
      throw new UnreadableInput(
        `${named(file)} is of another model, other bounds or other properties (fingerprint ${escapeText(kept.run.fingerprint, 40)}, and this is ${now})`,
      );
    }
    return traces && kept.traces === null ? null : { run: kept.run, traces: kept.traces ?? [] };
  }

  /** For the search of a run. */
  keeping(index: number): Omit<Keeping, 'model' | 'mmucheck'> {
    const { everyMs, resume, onTrouble } = this.request;
    mkdirSync(this.folderOf(index), { recursive: true });
    return { file: this.searchFile(index), everyMs, resume, ...(onTrouble === undefined ? {} : { onTrouble }) };
  }

  searchFile(index: number): string {
    return join(this.folderOf(index), 'search');
  }

  /** Keeps the result instead of the checkpoint, unless there is more to search with other limits. `traces`: null if none were asked for. */
  finish(index: number, found: ExploreResult, run: RunResult, traces: readonly Trace[] | null): void {
    if (found.cuts.some(({ kind }) => kind !== 'bound')) return;
    writeJson(join(this.folderOf(index), 'result.json'), { mmucheck: version, run, traces });
    rmSync(this.searchFile(index), { force: true });
    rmSync(`${this.searchFile(index)}.new`, { force: true });
  }

  private folderOf(index: number): string {
    const run = this.selected[index];
    if (run === undefined || this.selected.length === 1) return this.request.folder;
    return join(this.request.folder, `${scenarioId(run.scenario)}-${run.variant.name}`.replaceAll(/[^\w.-]/g, '_'));
  }
}

function begin(folder: string, asked: Asked): void {
  if (existsSync(join(folder, 'check.json'))) {
    throw new WrongUse(`${named(folder)} holds a check already: mmucheck resume goes on with it; another one needs another folder`);
  }
  try {
    mkdirSync(folder, { recursive: true });
    writeJson(join(folder, 'check.json'), asked);
  } catch (error) {
    throw new WrongUse(
      `${named(folder)} cannot be written: ${error instanceof Error ? escapeText(error.message, 200) : 'for an unknown reason'}`,
    );
  }
}
