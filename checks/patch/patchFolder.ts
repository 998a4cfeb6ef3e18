/**
 * The folder of a patch's judgement that can be gone on with: what was asked, and a checkpoint for each search.
 *
 * In: a folder, what is asked. Out: files. Never: the searches of another check overwritten; a patch that was edited meanwhile.
 *
 * `patch.json` says what was asked. Searches are named by their fingerprints, which say all of them: model, bounds, properties, and what
 * the patch makes of the model. Those that have ended are kept, too, and are not made again.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { escapeText } from '../../counterexamples/index.ts';
import { CheckpointRefused, type Keeping } from '../../explorer/index.ts';
import type { CheckpointRequest } from '../checkFolder.ts';
import { UnreadableInput, WrongUse } from '../errors.ts';
import { named, readJson, writeJson } from '../jsonFiles.ts';
import { version } from '../version.ts';

const askedSchema = z.strictObject({
  mmucheck: z.string(),
  /** As they were given, seen from `from`. */
  files: z.array(z.string()),
  from: z.string(),
  /** SHA-256 of each file. */
  sums: z.array(z.string()),
  preset: z.enum(['small', 'medium', 'large']),
  /** By their ids; null: all. */
  scenarios: z.array(z.string()).nullable(),
  era: z.string().nullable(),
  tree: z.string().nullable(),
  base: z.string().nullable(),
  range: z.string().nullable(),
  /** A file of bindings. */
  bind: z.string().nullable(),
  limits: z.strictObject({
    states: z.number().exactOptional(),
    depth: z.number().exactOptional(),
    timeMs: z.number().exactOptional(),
    memoryBytes: z.number().exactOptional(),
  }),
  /** By their names. */
  reductions: z.record(z.string(), z.boolean()),
  stats: z.boolean(),
  /** Time for `--ablate`; null: not asked for. */
  ablateMs: z.number().nullable(),
  everyMs: z.number(),
  /** Folder for traces, if they are wanted. */
  out: z.string().nullable(),
});
/** What was asked of the judgement of a patch. */
export type PatchAsked = z.infer<typeof askedSchema>;

const fileName = 'patch.json';

/** Whether the folder is one of a patch. */
export function holdsPatch(folder: string): boolean {
  return existsSync(join(folder, fileName));
}

/** Throws UnreadableInput for a folder of another version, and if a patch is not what it was. Files are given as they can be opened from here. */
export function readPatchAsked(folder: string): PatchAsked {
  const asked = readJson(join(folder, fileName), askedSchema, 'is not what mmucheck patch --checkpoint writes');
  if (asked.mmucheck !== version) {
    throw new UnreadableInput(`${named(folder)} was made by mmucheck ${escapeText(asked.mmucheck, 40)}, and this is ${version}`);
  }
  const here = asked.from === process.cwd();
  const from = <T extends string | null>(path: T): string | T => (path === null || here ? path : resolve(asked.from, path));
  const files = asked.files.map((file) => from(file));
  for (const [index, file] of files.entries()) {
    if (sumOf(file) !== asked.sums[index]) throw new UnreadableInput(`${named(file)} is not the patch that ${named(folder)} is about`);
  }
  return { ...asked, files, tree: from(asked.tree), bind: from(asked.bind) };
}

export class PatchFolder {
  private constructor(private readonly request: CheckpointRequest) {}

  /** Throws WrongUse if it cannot be written or holds a check already, and for standard input, which nobody can read again. */
  static open(request: CheckpointRequest, asked: Omit<PatchAsked, 'mmucheck' | 'everyMs' | 'out' | 'sums' | 'from'>): PatchFolder {
    const { folder, everyMs, out } = request;
    if (!request.resume) {
      if (asked.files.includes('-')) throw new WrongUse('a patch from standard input cannot be gone on with: save it to a file');
      if (holdsPatch(folder) || existsSync(join(folder, 'check.json'))) {
        throw new WrongUse(`${named(folder)} holds a check already: mmucheck resume goes on with it; another one needs another folder`);
      }
      const sums = asked.files.map(sumOf);
      try {
        mkdirSync(folder, { recursive: true });
        writeJson(join(folder, fileName), { ...asked, sums, from: process.cwd(), mmucheck: version, everyMs, out } satisfies PatchAsked);
      } catch (error) {
        const why = error instanceof Error ? escapeText(error.message, 200) : 'for an unknown reason';
        throw new WrongUse(`${named(folder)} cannot be written: ${why}`);
      }
    }
    return new PatchFolder(request);
  }

  /** For the search with this fingerprint. */
  keeping(fingerprint: string): Omit<Keeping, 'model' | 'mmucheck'> {
    const { folder, everyMs, onTrouble } = this.request;
    // A patch and its surroundings may be the same model: the second search is then the first.
    const file = join(folder, `${fingerprint}.search`);
    return { file, everyMs, resume: true, finished: true, ...(onTrouble === undefined ? {} : { onTrouble }) };
  }

  /** Runs what uses the folder. Throws UnreadableInput where a checkpoint is none of these searches. */
  async within<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof CheckpointRefused)) throw error;
      throw new UnreadableInput(`a search in ${named(this.request.folder)} ${escapeText(error.message, 400)}`);
    }
  }
}

function sumOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    throw new UnreadableInput(`${named(file)} cannot be read`);
  }
}
