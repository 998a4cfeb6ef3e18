/**
 * What a step may touch, where the values of its locals are known.
 *
 * In: where a process stands, what its frames hold. Out: atoms with rows and indices, as far as they follow from the locals. Never: a value of shared
 * state; what is loaded may be anything, and a branch on it goes both ways.
 */
import type { Expr } from '../ir/types.ts';
import { localsRead, localsWritten, mapExprs } from '../ir/walk.ts';
import { constantOf, type FoldContext, fold } from './fold.ts';
import { type Futures, mayBlock } from './futures.ts';
import { type Known, type KnownStack, type Moves, type Place, Places, type Stand } from './knownPlaces.ts';
import type { LeafStmt, ProgramNode, Spec } from './types.ts';

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
/** Nodes that are taken at once: a loop need not end. */
const runMax = 64;

export class KnownSteps {
  private readonly places = new Places();
  /** By number of the place of entry, and whether all counts; null: it is being made. */
  private readonly summaries = new Map<string, Summary | null>();
  /** Of statements: the locals that they read, and what they touch by the values of these. */
  private readonly leaves = new Map<ProgramNode, { readonly reads: readonly string[]; readonly atoms: Map<string, bigint> }>();

  /** `withoutHooks`: monitors are forgotten; for tests. */
  constructor(
    private readonly futures: Futures,
    private readonly withoutHooks = false,
  ) {}

  /** All that the next step of `process` from there may touch. */
  step(from: KnownStack, process: number): KnownStep {
    const seen = new Set<number>();
    const deadEnds = new Set<number>();
    const caller = from.caller === null ? null : this.around(from.caller, process);
    const work: Place[] = [this.places.at(process, this.futures.spec(from.spec), from.node, from.known, caller)];
    // Bit 0: spent; bit 1: started.
    const phases = [0];
    let found = 0n;
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      const phase = phases.pop() as number;
      const key = 4 * at.number + phase;
      if (seen.has(key)) continue;
      if (seen.size >= configurationsMax) return this.unknown(this.futures.step(from));
      seen.add(key);
      const node = this.futures.spec(at.spec).nodes[at.node] as ProgramNode;
      if ((node.cut === 'started' && (phase & 2) !== 0) || (node.cut === 'spent' && (phase & 1) !== 0)) continue;
      const dead = this.isDead(node, deadEnds);
      if (dead && !mayBlock(node)) continue;
      const moves = this.movesOf(at, process);
      found |= moves.atoms;
      for (const block of moves.deadEnds) deadEnds.add(block);
      if (dead) continue;
      for (const next of moves.next) {
        work.push(next);
        phases.push(2 | (moves.spends ? 1 : phase & 1));
      }
    }
    return { atoms: found, deadEnds };
  }

  private around(at: KnownStack, process: number): Place {
    const caller = at.caller === null ? null : this.around(at.caller, process);
    return this.places.around(process, this.futures.spec(at.spec), at.node, at.known, caller);
  }

  /** Where too much had to be looked at: all dead ends may matter. */
  private unknown(atoms: bigint): KnownStep {
    return { atoms, deadEnds: this.futures.deadBlocks() };
  }

  private movesOf(at: Place, process: number): Moves {
    if (at.moves !== null && !at.moves.deadEnds.some((block) => this.futures.lives(block))) return at.moves;
    const deadEnds = new Set<number>();
    let atoms = 0n;
    let spends = false;
    let next: Stand[] = [];
    for (let [stand, length]: [Stand | undefined, number] = [at, 0]; stand !== undefined; length++) {
      const spec = this.futures.spec(stand.spec);
      const node = spec.nodes[stand.node] as ProgramNode;
      atoms |= this.atomsOf(spec, node, stand.known, process, deadEnds);
      spends ||= node.spends;
      next = this.after(stand, spec, node, process);
      stand = next.length === 1 && length < runMax && this.goesOn(next[0]) ? next[0] : undefined;
    }
    const places = next.map(({ spec, node, known, caller }) => this.places.at(process, this.futures.spec(spec), node, known, caller));
    at.moves = { atoms, deadEnds: [...deadEnds], spends, next: places };
    return at.moves;
  }

  /** Whether it makes no difference that one has come there. Returns are looked at for their values. */
  private goesOn(at: Stand | undefined): boolean {
    const node = at === undefined ? undefined : this.futures.spec(at.spec).nodes[at.node];
    return node !== undefined && node.cut === 'never' && node.block === null && node.op.kind !== 'return';
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
    const { op } = node;
    if (op.kind === 'monitor' && this.withoutHooks) return 0n;
    if (op.kind === 'leaf') return this.ofLeaf(spec, node, op.stmt, known, process);
    let found = this.futures.own(spec, node);
    if ((op.kind === 'call' && this.futures.spec(op.spec).whole) || op.kind === 'wait' || op.kind === 'monitor') {
      const callee = this.summary(op.spec, this.entering(op.spec, op.args, known, process), process, op.kind === 'wait');
      found |= callee.atoms;
      for (const block of callee.deadEnds) deadEnds.add(block);
    }
    return found;
  }

  /** What it reads decides, however the rest of the place differs. */
  private ofLeaf(spec: Spec, node: ProgramNode, stmt: LeafStmt, known: Known, process: number): bigint {
    let own = this.leaves.get(node);
    if (own === undefined) {
      own = { reads: [...new Set(localsRead(stmt))], atoms: new Map() };
      this.leaves.set(node, own);
    }
    let key = `${process}`;
    for (const local of own.reads) key += `,${known.get(local) ?? ''}`;
    let found = own.atoms.get(key);
    if (found === undefined) {
      const context = this.context(known, process);
      found = this.futures.ofLeaf(spec, node, mapExprs(stmt, (expr) => fold(expr, context)) as LeafStmt);
      own.atoms.set(key, found);
    }
    return found;
  }

  private after(before: Stand, spec: Spec, { op, next }: ProgramNode, process: number): Stand[] {
    const at = this.afterFree(before, op, process);
    const context = this.context(at.known, process);
    const to = (known: Known) => (node: number) => ({ spec: spec.index, node, known, caller: at.caller });
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
        if (!callee.whole) {
          const caller = this.places.around(process, spec, before.node, at.known, at.caller);
          return [{ spec: callee.index, node: callee.entry, known, caller }];
        }
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
        return [{ spec: caller.spec, node: back, known, caller: caller.caller }];
      }
      default:
        return next.map(to(at.known));
    }
  }

  /** References to freed rows dangle, in all frames: of tables of which rows are freed none is known any more. */
  private afterFree(at: Stand, op: ProgramNode['op'], process: number): Pick<Stand, 'known' | 'caller'> {
    const freed =
      op.kind === 'leaf' && op.stmt.kind === 'free' && op.stmt.ref.type.kind === 'ref'
        ? [op.stmt.ref.type.table]
        : op.kind === 'call' && this.futures.spec(op.spec).whole
          ? this.futures.spec(op.spec).mayFree
          : [];
    return freed.length === 0 ? at : this.forgetting(at, freed, process);
  }

  private forgetting(at: Stand, tables: readonly string[], process: number): Pick<Stand, 'known' | 'caller'> {
    const { locals } = this.futures.spec(at.spec);
    const gone = [...at.known.keys()].filter((local) => {
      const type = locals.get(local);
      return (type?.kind === 'ref' || type?.kind === 'pointer') && tables.includes(type.table);
    });
    let { caller } = at;
    if (caller !== null) {
      const { known, caller: next } = this.forgetting(caller, tables, process);
      caller = this.places.around(process, this.futures.spec(caller.spec), caller.node, known, next);
    }
    return { known: without(at.known, gone), caller };
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
    const spec = this.futures.spec(number);
    const start = this.places.at(process, spec, spec.entry, entry, null);
    const key = `${start.number} ${all}`;
    const known = this.summaries.get(key);
    if (known !== undefined && known !== null && ![...known.deadEnds].some((block) => this.futures.lives(block))) return known;
    const unknown = (): Summary => ({
      ...this.unknown(all ? this.futures.condition(number) : this.futures.whole(number)),
      result: undefined,
    });
    // Met again on the way: a recursion.
    if (known === null) return unknown();
    this.summaries.set(key, null);
    const made = this.summed(spec, start, process, all) ?? unknown();
    this.summaries.set(key, made);
    return made;
  }

  /** Null: there is too much to look at. */
  private summed(spec: Spec, start: Place, process: number, all: boolean): Summary | null {
    const deadEnds = new Set<number>();
    const seen = new Set<Place>();
    const results = new Set<number | undefined>();
    const work = [start];
    let atoms = 0n;
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      if (seen.has(at)) continue;
      if (seen.size >= configurationsMax) return null;
      seen.add(at);
      const node = spec.nodes[at.node] as ProgramNode;
      const { op } = node;
      if (!all && this.isDead(node, deadEnds)) continue;
      const moves = this.movesOf(at, process);
      atoms |= moves.atoms;
      for (const block of moves.deadEnds) deadEnds.add(block);
      if (op.kind !== 'return') work.push(...moves.next);
      else results.add(op.value === null ? undefined : (constantOf(fold(op.value, this.context(at.known, process))) ?? undefined));
    }
    const [only] = results;
    return { atoms, deadEnds, result: results.size === 1 ? only : undefined };
  }
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
