/**
 * Ways to search, ours and Spin's.
 *
 * In: nothing. Out: switches by name. Never: a way that was made for one subject.
 */
export interface OurWay {
  readonly name: string;
  /** `usual`: what searches begin with, and change to where they prove to be large. */
  readonly backEnd: 'usual' | 'javascript' | 'wasm';
  readonly mode: 'exact' | 'fingerprint';
  /** False: each statement is a step. It is of exported models only that this makes a difference. */
  readonly merge: boolean;
  readonly reductions: { readonly renaming: boolean; readonly ample: boolean };
  readonly workers: number;
  /** States in parts. False: as it is usual. */
  readonly compress: boolean;
}

const none = { renaming: false, ample: false };
const plain = { backEnd: 'usual', mode: 'exact', merge: true, reductions: none, workers: 1, compress: false } as const;
const both = { renaming: true, ample: true };

export const ourWays: readonly OurWay[] = [
  { ...plain, name: 'usual: exact' },
  { ...plain, name: 'JavaScript, exact', backEnd: 'javascript' },
  { ...plain, name: 'JavaScript, fingerprints', backEnd: 'javascript', mode: 'fingerprint' },
  { ...plain, name: 'WebAssembly, exact', backEnd: 'wasm' },
  { ...plain, name: 'WebAssembly, fingerprints', backEnd: 'wasm', mode: 'fingerprint' },
  { ...plain, name: 'WebAssembly, exact, in parts', backEnd: 'wasm', compress: true },
  { ...plain, name: 'JavaScript, exact, 2 workers', backEnd: 'javascript', workers: 2 },
  { ...plain, name: 'WebAssembly, exact, 2 workers', backEnd: 'wasm', workers: 2 },
  { ...plain, name: 'WebAssembly, fingerprints, 2 workers', backEnd: 'wasm', mode: 'fingerprint', workers: 2 },
  { ...plain, name: 'usual: renaming', reductions: { renaming: true, ample: false } },
  { ...plain, name: 'usual: ample sets', reductions: { renaming: false, ample: true } },
  { ...plain, name: 'usual: both', reductions: both },
  { ...plain, name: 'WebAssembly, both', backEnd: 'wasm', reductions: both },
  { ...plain, name: 'usual: both, 2 workers', reductions: both, workers: 2 },
  { ...plain, name: 'WebAssembly, exact, steps not merged', backEnd: 'wasm', merge: false },
  { ...plain, name: 'WebAssembly, exact, 2 workers, steps not merged', backEnd: 'wasm', merge: false, workers: 2 },
];

/** Whether it searches each state of its model. */
export function isWhole({ reductions }: OurWay): boolean {
  return !reductions.renaming && !reductions.ample;
}

export interface SpinWay {
  readonly name: string;
  /** For the C compiler. */
  readonly compile: readonly string[];
  /** For the verifier. */
  readonly run: readonly string[];
  readonly cores: number;
  /** Whether it must store as many states as we do. */
  readonly counts: boolean;
  /** For models that are written in Promela: on exported ones the verifier aborts, or there is nothing to leave out. */
  readonly promelaOnly?: true;
  /** Whether the steps of exported models are merged, which is our reduction, or single. A model in Promela is what it is. */
  readonly merge: boolean;
}

const compact = ['-DNOREDUCE', '-DHC4'];
const twoCores = ['-DNOREDUCE', '-DNCORE=2', '-DVMAX=4096'];
const spinPlain = { run: [], cores: 1, counts: false, merge: true } as const;

export const spinWays: readonly SpinWay[] = [
  { ...spinPlain, name: 'full', compile: ['-DNOREDUCE'], counts: true },
  { ...spinPlain, name: 'collapse', compile: ['-DNOREDUCE', '-DCOLLAPSE'], counts: true },
  { ...spinPlain, name: 'hash-compact', compile: compact },
  { ...spinPlain, name: 'partial order reduction', compile: [] },
  { ...spinPlain, name: 'partial order reduction, hash-compact', compile: ['-DHC4'], promelaOnly: true },
  { ...spinPlain, name: 'full, depth first, 2 cores', compile: twoCores, cores: 2 },
  { ...spinPlain, name: 'full, breadth first, 2 cores', compile: ['-DNOREDUCE', '-DBFS_PAR'], run: ['-u2'], cores: 2, promelaOnly: true },
  { ...spinPlain, name: 'full, steps not merged', compile: ['-DNOREDUCE'], counts: true, merge: false },
  { ...spinPlain, name: 'hash-compact, steps not merged', compile: compact, merge: false },
  { ...spinPlain, name: 'full, depth first, 2 cores, steps not merged', compile: twoCores, cores: 2, merge: false },
];
