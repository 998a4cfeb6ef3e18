/**
 * What is known of the ways of each process: its local states, the steps between them, the code that was run.
 *
 * In: states and their successors, as they are met. Out: what each process may touch in its next step, and ever after. Never: a claim that
 * this is everything; whoever relies on it looks at the end whether it still holds.
 */
import {
  type Access,
  type CompiledSystem,
  Futures,
  type Held,
  type KnownStack,
  type KnownStep,
  KnownSteps,
  type LockAtom,
  lockAtomOf,
} from '../../../compiler/index.ts';
import { type Ignored, LocalStates } from './locals.ts';
import { Reach, type Steps } from './reach.ts';

const ended: KnownStep = { atoms: 0n, deadEnds: new Set() };

export class Learned {
  readonly futures: Futures;
  readonly locals: readonly LocalStates[];
  /** Grows whenever something is learned. */
  version = 0;
  private readonly lives: Uint8Array;
  /** By process and local state: where it was seen to lead, by its own steps or by those of others; and whence it was seen to come. */
  private readonly targets: Set<number>[][];
  private readonly sources: number[][][];
  private readonly known: KnownSteps;
  private readonly steps: (KnownStep | undefined)[][];
  /** By process and local state: the version at which its next step was looked at last. */
  private readonly stepsAt: number[][];
  private readonly reaches: Map<string, Reach>[];

  /** `seen`: a number that is wanted of the futures of processes. `withoutHooks`: an error that tests make. */
  constructor(
    private readonly system: CompiledSystem,
    ignores: Ignored,
    private readonly seen: (future: bigint, process: number) => number,
    withoutHooks = false,
  ) {
    const { program, description } = system;
    const none = <T>(): T[][] => program.processes.map(() => []);
    this.lives = new Uint8Array(program.blocks.length);
    this.futures = new Futures(description, program, (block) => this.lives[block] === 1);
    this.locals = program.processes.map((_, process) => new LocalStates(system, process, ignores));
    this.targets = none();
    this.sources = none();
    this.steps = none();
    this.stepsAt = none();
    this.reaches = program.processes.map(() => new Map());
    this.known = new KnownSteps(this.futures, withoutHooks);
  }

  /** That a step led from local state `from` to local state `to`. */
  edge(process: number, from: number, to: number): void {
    const targets = (this.targets[process] as Set<number>[])[from];
    if (targets?.has(to) !== true) this.add(process, from, to);
  }

  private add(process: number, from: number, to: number): void {
    const targets = this.targets[process] as Set<number>[];
    const sources = this.sources[process] as number[][];
    targets[from] = (targets[from] ?? new Set()).add(to);
    sources[to] ??= [];
    sources[to].push(from);
    this.version++;
    for (const reach of (this.reaches[process] as Map<string, Reach>).values()) reach.edge(from, to, this.version);
  }

  /** Looks which code was run. To be called now and then, and at the end. */
  lookAtCoverage(): void {
    const { coverage } = this.system;
    let more = 0;
    for (let block = 0; block < this.lives.length; block++) {
      if (this.lives[block] === 1 || coverage[block] === 0) continue;
      this.lives[block] = 1;
      more++;
    }
    if (more === 0) return;
    this.version++;
    this.futures.forget();
    for (const [process, own] of this.steps.entries())
      for (const [local, step] of own.entries()) {
        if (step === undefined || ![...step.deadEnds].some((block) => this.lives[block] === 1)) continue;
        own[local] = undefined;
        for (const reach of (this.reaches[process] as Map<string, Reach>).values()) reach.more(local, this.version);
      }
  }

  /** What the process may touch in its next step. References that it keeps count as looked at: a free changes them. */
  step(process: number, local: number): bigint {
    const own = this.steps[process] as (KnownStep | undefined)[];
    let found = own[local];
    if (found === undefined) {
      const stack = this.locals[process]?.all[local]?.stack ?? null;
      found = stack === null ? ended : this.known.step(stack, process);
      if (stack !== null) found = { ...found, atoms: found.atoms | this.kept(stack) };
      own[local] = found;
      (this.stepsAt[process] as number[])[local] = this.version;
    }
    return found.atoms;
  }

  /** The version at which what `step` says became what it is, or a later one. */
  stepAt(process: number, local: number): number {
    this.step(process, local);
    return this.stepsAt[process]?.[local] ?? 0;
  }

  /** All that the process may ever touch, as long as somebody else does nothing and holds `held`; of all its local states that are known. */
  reach(process: number, held: Held): Reach {
    const key = heldKey(held);
    const own = this.reaches[process] as Map<string, Reach>;
    let found = own.get(key);
    if (found === undefined) {
      found = new Reach(held, this.stepsOf(process), (future) => this.seen(future, process));
      own.set(key, found);
    }
    found.grow(this.version);
    return found;
  }

  private stepsOf(process: number): Steps {
    const { all } = this.locals[process] as LocalStates;
    return {
      count: () => all.length,
      begins: (local, held) => {
        const lock = this.shutOut(process, local, held);
        if (lock === null) return { atoms: this.step(process, local), shutOut: false };
        return { atoms: this.futures.atoms.bit({ ...lock, operation: 'announce' }), shutOut: true };
      },
      to: (local) => this.targets[process]?.[local] ?? [],
      from: (local) => this.sources[process]?.[local] ?? [],
    };
  }

  /** What a blocked process waits for. */
  guard(process: number, local: number): bigint {
    const stack = this.locals[process]?.all[local]?.stack ?? null;
    if (stack === null) return 0n;
    const spec = this.futures.spec(stack.spec);
    const node = spec.nodes[stack.node];
    const waits = node?.op.kind === 'wait' || (node?.op.kind === 'leaf' && node.op.stmt.kind === 'acquire');
    return waits && node !== undefined ? this.futures.at(spec, node) : this.step(process, local);
  }

  /** The lock that keeps the process where it is while somebody else holds `held`. */
  private shutOut(process: number, local: number, held: Held): LockAtom | null {
    const stack = this.locals[process]?.all[local]?.stack ?? null;
    const op = stack === null ? undefined : this.futures.spec(stack.spec).nodes[stack.node]?.op;
    if (op?.kind !== 'leaf' || op.stmt.kind !== 'acquire') return null;
    const { mode } = op.stmt;
    const atom = lockAtomOf(op.stmt);
    return held.some((one) => one.lock === atom?.lock && (one.mode === 'exclusive' || mode === 'exclusive')) ? atom : null;
  }

  private kept(stack: KnownStack): bigint {
    let found = 0n;
    for (let at: KnownStack | null = stack; at !== null; at = at.caller) {
      const spec = this.futures.spec(at.spec);
      for (const { local } of spec.frame) {
        const type = spec.locals.get(local);
        if (type?.kind !== 'pointer' && !(type?.kind === 'ref' && type.strong)) continue;
        const table = this.futures.tables.get(type.table);
        if (table?.dynamic !== true) continue;
        const value = at.known.get(local);
        if (value === 0) continue;
        const length = type.kind === 'pointer' ? Math.max(1, table.fields.find(({ path }) => path === type.field)?.length ?? 1) : 1;
        const row = value === undefined ? null : Math.floor((value - 1) / length);
        // Special values and dangling ones are no rows.
        if (row !== null && row >= table.rows) continue;
        const access: Access = { field: `${table.name}.$life`, row, index: null, write: false };
        found |= this.futures.atoms.bit(access);
      }
    }
    return found;
  }
}

function heldKey(held: Held): string {
  return held.map(({ lock, mode }) => `${lock} ${mode}`).join();
}
