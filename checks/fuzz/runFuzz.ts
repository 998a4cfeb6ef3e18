/**
 * Readers of strangers' texts under damaged input.
 *
 * In: how many, a seed. Out: how many were read, refused and judged, and the slowest. Never: an input that is passed over because it takes
 * long: that is a failure. While a text is read, opening any file and starting any program is one, too.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import fc from 'fast-check';
import { scenarios } from '../../model/index.ts';
import {
  kvmBindings,
  lowerPatch,
  lowerUnits,
  patchTree,
  readPatch,
  readSeries,
  readUnits,
  type Surroundings,
  textOf,
  UnreadableInput,
} from '../../patches/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { damaged, mutations } from './mutations.ts';
import { asTree, type Corpus, type FuzzText } from './texts.ts';

export interface FuzzRequest {
  readonly inputs: number;
  readonly seed: number;
  /** Of processor time for one input; more is a failure. */
  readonly millisecondsMax: number;
  /** Bytes of the process; more is a failure. */
  readonly memoryMax: number;
  /** Before each batch: how many inputs are done. */
  readonly onProgress?: (done: number) => void;
  /** Before each input: its number, so that a hang can be told by another thread. */
  readonly onInput?: (index: number) => void;
}
export interface FuzzReport {
  readonly inputs: number;
  readonly characters: number;
  /** Texts in which no reader found a patch. */
  readonly refused: number;
  /** Patches that were read, applied to their tree, and did not apply. */
  readonly patches: number;
  readonly applied: number;
  readonly unfit: number;
  /** Functions that were parsed, and those of them that the model could take. */
  readonly functions: number;
  readonly lowered: number;
  readonly slowestMs: number;
  readonly slowestCharacters: number;
  readonly memoryBytes: number;
}

/** An input that must not have done what it did. `text` repeats it. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
  readonly text: string;
  constructor(what: string, text: string) {
    super(what);
    this.text = text;
  }
}

type Counts = { -readonly [K in keyof FuzzReport]: number };

/** Inputs of one call of fast-check: enough that starting one costs nothing. */
const batch = 1000;

/** Throws FuzzFailure at the first input that fails, made as small as it gets. */
export async function runFuzz(corpus: Corpus, request: FuzzRequest): Promise<FuzzReport> {
  const counts: Counts = {
    inputs: 0,
    characters: 0,
    refused: 0,
    patches: 0,
    applied: 0,
    unfit: 0,
    functions: 0,
    lowered: 0,
    slowestMs: 0,
    slowestCharacters: 0,
    memoryBytes: 0,
  };
  const surroundings = surroundingsOf('3.3 B');
  // Everything that is loaded on first use is loaded before files are forbidden.
  for (const each of corpus.texts.slice(0, 20)) await readAll(each, true, surroundings, { ...counts });
  const index = { now: 0 };
  for (let done = 0; done < request.inputs; done += batch) {
    request.onProgress?.(done);
    await runBatch(
      corpus,
      { ...request, seed: request.seed + done / batch, inputs: Math.min(batch, request.inputs - done) },
      surroundings,
      counts,
      index,
    );
  }
  return counts;
}

async function runBatch(
  corpus: Corpus,
  request: FuzzRequest,
  surroundings: Surroundings,
  counts: Counts,
  index: { now: number },
): Promise<void> {
  const last = corpus.texts.length - 1;
  const input = fc.tuple(fc.nat({ max: last }), fc.nat({ max: last }), mutations, fc.boolean());
  const textOfInput = ([which, other, damage]: readonly [number, number, Parameters<typeof damaged>[1], boolean]): string =>
    damaged(corpus.texts[which]?.text ?? '', damage, corpus.texts[other]?.text ?? '');
  const guard = forbid();
  const property = fc.asyncProperty(input, async (values) => {
    request.onInput?.(index.now);
    index.now += 1;
    const text = textOfInput(values);
    const own = corpus.texts[values[0]];
    if (own === undefined) return;
    await measured(text, request, counts, () => readAll({ text, tree: own.tree }, values[3], surroundings, counts));
    if (guard.called.length > 0) throw new Error(`${guard.called.splice(0).join(', ')} was called while a stranger's text was read`);
  });
  const found = await fc.check(property, { numRuns: request.inputs, seed: request.seed }).finally(() => guard.allow());
  if (!found.failed) return;
  const [values] = [found.counterexample?.[0]];
  const why =
    found.errorInstance instanceof Error ? (found.errorInstance.stack ?? found.errorInstance.message) : String(found.errorInstance);
  throw new FuzzFailure(`seed ${request.seed}, path ${found.counterexamplePath ?? '?'}: ${why}`, values == null ? '' : textOfInput(values));
}

/** All readers on one text. `onTree`: as a patch on its tree; else by the functions that it shows whole. */
async function readAll({ text, tree }: FuzzText, onTree: boolean, surroundings: Surroundings, counts: Counts): Promise<void> {
  counts.inputs += 1;
  counts.characters += text.length;
  try {
    const checked = textOf(new TextEncoder().encode(text), 'fuzz');
    const series = readSeries('fuzz', checked);
    if (onTree) {
      let at = asTree(tree, checkPath);
      for (const { text: patch } of series.slice(0, 3)) {
        counts.patches += 1;
        const applied = patchTree(at, patch);
        counts.applied += 1;
        const read = await readUnits(applied, kvmBindings);
        const lowered = await lowerUnits(read, surroundings);
        counts.functions += read.after.length;
        counts.lowered += lowered.after.procedures.length;
        at = applied.after;
      }
      return;
    }
    const patch = await readPatch('fuzz', checked);
    counts.patches += 1;
    const lowered = await lowerPatch(patch, surroundings);
    counts.functions += patch.functions.length;
    counts.lowered += lowered.procedures.length;
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    if (error.reason === 'does-not-apply') counts.unfit += 1;
    else counts.refused += 1;
    if (/[^\x20-\x7e]/.test(error.message) || error.message.length > 2000)
      throw new Error(`a refusal that cannot be printed: ${JSON.stringify(error.message.slice(0, 300))}`);
  }
}

/** What a reader may ask a tree for. */
function checkPath(path: string): void {
  if (
    path.startsWith('/') ||
    path.includes('\0') ||
    path.split('/').some((part) => part === '..' || part === '.' || part === '' || part === '.git')
  )
    throw new Error(`a path outside of the tree was asked for: ${JSON.stringify(path)}`);
}

/** Functions by which a file would be opened or a program started. */
const forbidden: readonly [object, readonly string[]][] = [
  [
    fs,
    [
      'openSync',
      'open',
      'readFileSync',
      'readFile',
      'writeFileSync',
      'writeFile',
      'createReadStream',
      'createWriteStream',
      'readdirSync',
      'mkdirSync',
      'rmSync',
      'unlinkSync',
      'renameSync',
      'symlinkSync',
      'appendFileSync',
    ],
  ],
  [fs.promises, ['open', 'readFile', 'writeFile', 'mkdir', 'rm', 'unlink', 'rename', 'symlink', 'appendFile']],
  [childProcess, ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']],
];

/** Makes all of them fail. `called`: which were; whoever catches their error still finds it there. */
function forbid(): { readonly called: string[]; allow(): void } {
  const called: string[] = [];
  const saved = forbidden.flatMap(([owner, names]) =>
    names.map((name) => {
      const before: unknown = Reflect.get(owner, name);
      Reflect.set(owner, name, () => {
        called.push(name);
        throw new Error(`${name}() was called while a stranger's text was read`);
      });
      return () => Reflect.set(owner, name, before);
    }),
  );
  syncBuiltinESMExports();
  return {
    called,
    allow() {
      for (const restore of saved) restore();
      syncBuiltinESMExports();
    },
  };
}

/** Counts what `read` takes. */
async function measured(
  text: string,
  { millisecondsMax, memoryMax }: FuzzRequest,
  counts: Counts,
  read: () => Promise<void>,
): Promise<void> {
  const start = performance.now();
  const before = process.cpuUsage();
  await read();
  // The clock runs on while others have the processor; if even it says little, that is enough.
  const elapsed = performance.now() - start;
  if (elapsed > counts.slowestMs) {
    const used = process.cpuUsage(before);
    const ms = Math.round((used.user + used.system) / 1000);
    if (ms > counts.slowestMs) Object.assign(counts, { slowestMs: ms, slowestCharacters: text.length });
    if (ms > millisecondsMax) throw new Error(`took ${ms} ms of processor time for ${text.length} characters`);
  }
  if (counts.inputs % 50 !== 0) return;
  const memory = process.memoryUsage.rss();
  counts.memoryBytes = Math.max(counts.memoryBytes, memory);
  if (memory > memoryMax) throw new Error(`the process has ${Math.round(memory / 1e6)} MB`);
}

function surroundingsOf(name: string): Surroundings {
  const scenario = scenarios.find((each) => each.name === name);
  const variant = scenario?.variants.find(({ replacing }) => replacing.length === 0);
  if (scenario === undefined || variant === undefined) throw new Error(`there is no scenario ${name} with the model as it stands`);
  const { machine, constants, procedures } = describeSystem({ scenario, variant, preset: 'small' });
  return { machine, constants, procedures, base: null };
}
