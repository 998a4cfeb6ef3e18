/**
 * What a step may touch, where the values of its locals are known.
 *
 * In: where a process stands, what its frames hold. Out: atoms with rows and indices, as far as they follow from the locals. Never: a value of shared
 * state; what is loaded may be anything, and a branch on it goes both ways.
 */
import type { Expr } from '../ir/types.ts';
import { localsWritten, mapExprs } from '../ir/walk.ts';
import { constantOf, type FoldContext, fold } from './fold.ts';
import { type Futures, mayBlock, type Stack } from './futures.ts';
import type { ProgramNode, Spec } from './types.ts';

/** Locals whose value is known. */
export type Known = ReadonlyMap<string, number>;
/** A stack whose frames know some locals. */
export interface KnownStack extends Stack {
  readonly known: Known;
  readonly caller: KnownStack | null;
}

interface Config {
  readonly at: KnownStack;
  readonly started: boolean;
  readonly spent: boolean;
}
/** What was found of a step, and the blocks without which more might have been found. */
export interface KnownStep {
  readonly atoms: bigint;
  readonly deadEnds: ReadonlySet<number>;
}
interface Summary extends KnownStep {
  /** Undefined: not known. */
  readonly result: number | undefined;
}

/** More configurations than this in one step, and its locals count as unknown. */
const configurationsMax = 600;

export class KnownSteps {
  private readonly summaries = new Map<string, Summary>();

  /** `withoutHooks`: monitors are forgotten; for tests. */
  constructor(
    private readonly futures: Futures,
    private readonly withoutHooks = false,
  ) {}

  /** All that the next step of `process` from there may touch. */
  step(from: KnownStack, process: number): KnownStep {
    const seen = new Set<string>();
    const deadEnds = new Set<number>();
    const work: Config[] = [{ at: from, started: false, spent: false }];
    let found = 0n;
    for (let one = work.pop(); one !== undefined; one = work.pop()) {
      const { at, started, spent } = one;
      const key = `${keyOf(at)} ${started} ${spent}`;
      if (seen.has(key)) continue;
      if (seen.size >= configurationsMax) return this.unknown(this.futures.step(from));
      seen.add(key);
      const spec = this.futures.spec(at.spec);
      const node = spec.nodes[at.node] as ProgramNode;
      if ((node.cut === 'started' && started) || (node.cut === 'spent' && spent)) continue;
      const dead = this.isDead(node, deadEnds);
      if (dead && !mayBlock(node)) continue;
      found |= this.atomsOf(spec, node, at.known, process, deadEnds);
      if (dead) continue;
      for (const next of this.after(at, spec, node, process)) work.push({ at: next, started: true, spent: spent || node.spends });
    }
    return { atoms: found, deadEnds };
  }

  /** Where too much had to be looked at: all dead ends may matter. */
  private unknown(atoms: bigint): KnownStep {
    return { atoms, deadEnds: this.futures.deadBlocks() };
  }

  private isDead(node: ProgramNode, deadEnds: Set<number>): boolean {
    if (this.futures.live(node)) return false;
    if (node.block !== null) deadEnds.add(node.block);
    return true;
  }

  private context(known: Known, process: number): FoldContext {
    return { locals: known, self: process, tables: this.futures.tables };
  }

  private atomsOf(spec: Spec, node: ProgramNode, known: Known, process: number, deadEnds: Set<number>): bigint {
    const context = this.context(known, process);
    const { op } = node;
    if (op.kind === 'monitor' && this.withoutHooks) return 0n;
    if (op.kind === 'leaf') return this.futures.ofLeaf(spec, node, mapExprs(op.stmt, (expr) => fold(expr, context)) as typeof op.stmt);
    let found = this.futures.own(spec, node);
    if ((op.kind === 'call' && this.futures.spec(op.spec).whole) || op.kind === 'wait' || op.kind === 'monitor') {
      const callee = this.summary(op.spec, this.entering(op.spec, op.args, known, process), process, op.kind === 'wait');
      found |= callee.atoms;
      for (const block of callee.deadEnds) deadEnds.add(block);
    }
    return found;
  }

  private after(before: KnownStack, spec: Spec, { op, next }: ProgramNode, process: number): KnownStack[] {
    const at = this.afterFree(before, op);
    const context = this.context(at.known, process);
    const to = (known: Known) => (node: number) => ({ ...at, node, known });
    switch (op.kind) {
      case 'leaf': {
        const written = localsWritten(op.stmt);
        if (op.stmt.kind !== 'assign' && !written.some((local) => at.known.has(local))) return next.map(to(at.known));
        const known = new Map(at.known);
        for (const local of written) known.delete(local);
        if (op.stmt.kind === 'assign') setKnown(known, op.stmt.dst, constantOf(fold(op.stmt.value, context)));
        return next.map(to(known));
      }
      case 'branch': {
        const decided = constantOf(fold(op.cond, context));
        return (decided === null ? next : next.slice(decided !== 0 ? 0 : 1, decided !== 0 ? 1 : 2)).map(to(at.known));
      }
      case 'dangle':
        return next.map(to(without(at.known, op.locals)));
      case 'call': {
        const callee = this.futures.spec(op.spec);
        const known = this.entering(op.spec, op.args, at.known, process);
        if (!callee.whole) return [{ spec: op.spec, node: callee.entry, caller: at, known }];
        const after = new Map(
          without(
            at.known,
            op.back.filter((local) => local !== null),
          ),
        );
        if (op.dst !== null) setKnown(after, op.dst, this.summary(op.spec, known, process).result ?? null);
        return next.map(to(after));
      }
      case 'return': {
        const { caller } = at;
        const call = caller === null ? undefined : this.futures.spec(caller.spec).nodes[caller.node];
        const back = call?.next[op.exit];
        if (caller === null || call?.op.kind !== 'call' || back === undefined) return [];
        const known = new Map(caller.known);
        if (call.op.dst !== null) setKnown(known, call.op.dst, op.value === null ? null : constantOf(fold(op.value, context)));
        for (const [k, local] of call.op.back.entries())
          if (local !== null) setKnown(known, local, at.known.get(spec.procedure.params[k]?.name ?? '') ?? null);
        return [{ ...caller, node: back, known }];
      }
      default:
        return next.map(to(at.known));
    }
  }

  /** References to freed rows dangle, in all frames: of tables of which rows are freed none is known any more. */
  private afterFree(at: KnownStack, op: ProgramNode['op']): KnownStack {
    const freed =
      op.kind === 'leaf' && op.stmt.kind === 'free' && op.stmt.ref.type.kind === 'ref'
        ? [op.stmt.ref.type.table]
        : op.kind === 'call' && this.futures.spec(op.spec).whole
          ? this.futures.spec(op.spec).mayFree
          : [];
    if (freed.length === 0) return at;
    const { locals } = this.futures.spec(at.spec);
    const gone = [...at.known.keys()].filter((local) => {
      const type = locals.get(local);
      return (type?.kind === 'ref' || type?.kind === 'pointer') && freed.includes(type.table);
    });
    return { ...at, known: without(at.known, gone), caller: at.caller === null ? null : this.afterFree(at.caller, op) };
  }

  /** What a callee knows at its entry: its arguments, and that all other locals are zero. */
  private entering(number: number, args: readonly (Expr | null)[], known: Known, process: number): Map<string, number> {
    const { locals, procedure } = this.futures.spec(number);
    const made = new Map([...locals.keys()].map((name): [string, number] => [name, 0]));
    for (const [k, param] of procedure.params.entries()) {
      const arg = args[k];
      if (arg === null || arg === undefined) continue;
      made.delete(param.name);
      setKnown(made, param.name, constantOf(fold(arg, this.context(known, process))));
    }
    return made;
  }

  /** A whole spec from its entry to its return. `all`: with what was never run, as of a condition, which may be looked at without being counted. */
  private summary(number: number, entry: Known, process: number, all = false): Summary {
    const key = `${process} ${number} ${all} ${[...entry].join(' ')}`;
    const known = this.summaries.get(key);
    if (known !== undefined && ![...known.deadEnds].some((block) => this.futures.lives(block))) return known;
    const unknown = { ...this.unknown(all ? this.futures.condition(number) : this.futures.whole(number)), result: undefined };
    // Met again on the way: a recursion.
    this.summaries.set(key, unknown);
    const deadEnds = new Set<number>();
    const spec = this.futures.spec(number);
    const seen = new Set<string>();
    const results = new Set<number | undefined>();
    const work: KnownStack[] = [{ spec: number, node: spec.entry, caller: null, known: entry }];
    let atoms = 0n;
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      const place = keyOf(at);
      if (seen.has(place)) continue;
      if (seen.size >= configurationsMax) return unknown;
      seen.add(place);
      const node = spec.nodes[at.node] as ProgramNode;
      if (!all && this.isDead(node, deadEnds)) continue;
      atoms |= this.atomsOf(spec, node, at.known, process, deadEnds);
      if (node.op.kind === 'return')
        results.add(node.op.value === null ? undefined : (constantOf(fold(node.op.value, this.context(at.known, process))) ?? undefined));
      else work.push(...this.after(at, spec, node, process));
    }
    const [only] = results;
    const made = { atoms, deadEnds, result: results.size === 1 ? only : undefined };
    this.summaries.set(key, made);
    return made;
  }
}

const keysOfKnown = new WeakMap<Known, string>();
const keysOfCallers = new WeakMap<KnownStack, string>();

function keyOf(at: KnownStack): string {
  const own = `${at.spec}.${at.node}{${keyOfKnown(at.known)}}`;
  return at.caller === null ? own : `${own}<${keyOfCaller(at.caller)}`;
}
function keyOfKnown(known: Known): string {
  let key = keysOfKnown.get(known);
  if (key === undefined) {
    key = [...known].sort().join(' ');
    keysOfKnown.set(known, key);
  }
  return key;
}
function keyOfCaller(at: KnownStack): string {
  let key = keysOfCallers.get(at);
  if (key === undefined) {
    key = keyOf(at);
    keysOfCallers.set(at, key);
  }
  return key;
}
function setKnown(known: Map<string, number>, local: string, value: number | null): void {
  if (value === null) known.delete(local);
  else known.set(local, value);
}
function without(known: Known, locals: readonly string[]): Known {
  const made = new Map(known);
  for (const local of locals) made.delete(local);
  return made;
}
