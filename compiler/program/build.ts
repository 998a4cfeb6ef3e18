/**
 * From a system description to a program and its layout.
 *
 * In: SystemDescription. Out: Program, Layout, and the description as it was compiled. Never: emitting code.
 *
 * The phases, each in a file of its own: instrument → specialise → conflicts → cuts → liveness and ranges →
 * frames (here). Whole instances that came out alike are one spec; the others belong to one process each.
 */

import type { SystemDescription } from '../description.ts';
import type { MachineDescription, Procedure, Stmt } from '../ir/types.ts';
import { exprsOf, visitExpr, visitStmts } from '../ir/walk.ts';
import { layoutFields } from '../machine/buildLayout.ts';
import type { Column, Layout } from '../machine/layout.ts';
import type { CompileOptions } from '../system.ts';
import { Conflicts, calleeOf, reachableFrom } from './conflicts.ts';
import { type Cuts, cutsOf, NeedsUnrolling } from './cuts.ts';
import { tablesByName } from './fold.ts';
import { type Frames, framesOf } from './frames.ts';
import type { Instance, InstanceNode } from './instance.ts';
import { instrument } from './instrument.ts';
import { type Liveness, livenessOf } from './liveness.ts';
import { LockSet } from './locks.ts';
import { possibleCuts } from './possibleCuts.ts';
import { rangesOf } from './ranges.ts';
import { localTypes, Specialiser, selfOf } from './specialise.ts';
import type { NodeOp, ProcessProgram, Program, ProgramNode, Spec } from './types.ts';

export interface Built {
  readonly description: SystemDescription;
  readonly program: Program;
  readonly layout: Layout;
}

/** Throws Error on a description that front ends should have refused (unknown names, bad arity). */
export function buildProgram(given: SystemDescription, options: CompileOptions = {}): Built {
  const description = { ...given, machine: withoutIdlePreference(given) };
  const procedures = instrument(description);
  const unroll = new Set<string>();
  for (;;) {
    try {
      return new Assembly(description, new Specialiser(procedures, description, unroll), options).run();
    } catch (error) {
      if (!(error instanceof NeedsUnrolling)) throw error;
      for (const name of error.procedures) unroll.add(name);
    }
  }
}

/** A queued rwlock that nobody takes shared needs no bookkeeping of waiting writers. */
function withoutIdlePreference(description: SystemDescription): MachineDescription {
  const shared = new Set<string>();
  const visit = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      if ((stmt.kind === 'acquire' || stmt.kind === 'tryAcquire') && stmt.mode === 'shared')
        shared.add(`${stmt.lock.table}.${stmt.lock.field}`);
      if (stmt.kind === 'if') [stmt.then, stmt.else].forEach(visit);
      if (stmt.kind === 'loop' || stmt.kind === 'block') visit(stmt.body);
    }
  };
  for (const procedure of description.procedures.values()) visit(procedure.body);
  const tables = description.machine.tables.map((table) => ({
    ...table,
    fields: table.fields.map((field) => {
      const { type } = field;
      if (type.kind !== 'lock' || shared.has(`${table.name}.${field.path}`)) return field;
      return { ...field, type: { ...type, writerPreference: false } };
    }),
  }));
  return { tables };
}

interface Draft {
  readonly number: number;
  readonly instance: Instance;
  readonly process: number | null;
  readonly whole: boolean;
  readonly cuts: Cuts | null;
  readonly liveness: Liveness;
}

class Assembly {
  private readonly drafts: Draft[] = [];
  private readonly byInstance = new Map<Instance, Draft>();
  private readonly wholeByKey = new Map<string, Draft>();
  private readonly mayFreeTables: Map<Instance, ReadonlySet<string>>;
  private readonly selfUsers: ReadonlySet<Instance>;
  private readonly entries: Instance[];
  private readonly predicates: (Instance | null)[];
  private readonly quiescent: Instance | null;
  private readonly prologue: Instance | null;

  constructor(
    private readonly description: SystemDescription,
    specialiser: Specialiser,
    private readonly options: CompileOptions,
  ) {
    this.entries = description.processes.map((p, i) => specialiser.instance(i, p.procedure, p.args, LockSet.empty));
    this.predicates = description.properties.map((p) =>
      'predicate' in p ? specialiser.instance('predicate', p.predicate, [], LockSet.empty) : null,
    );
    this.quiescent = description.quiescent === null ? null : specialiser.instance('predicate', description.quiescent, [], LockSet.empty);
    this.prologue =
      description.prologue === null
        ? null
        : specialiser.instance('prologue', description.prologue.procedure, description.prologue.args, LockSet.empty);
    this.mayFreeTables = mayFree(specialiser.instances);
    this.selfUsers = usersOfSelf(specialiser.instances);
  }

  run(): Built {
    const { description } = this;
    const conflicts = new Conflicts(description, this.options, this.entries, this.predicates);
    const frames: Frames[] = [];
    const fields = layoutFields(description.machine, Math.max(description.processes.length, 1));
    const processes: ProcessProgram[] = [];
    const programCounters: Column[] = [];
    for (const [i, process] of description.processes.entries()) {
      const entry = this.entries[i];
      if (entry === undefined) continue;
      const reachable = reachableFrom(entry);
      const cuts = cutsOf(i, process.kind === 'essential', entry, reachable, conflicts, this.options);
      for (const instance of reachable) this.draft(instance, cuts.isWhole(instance) || typeof instance.runner !== 'number', i, cuts);
      const parts = reachable.filter(
        (instance) =>
          this.byInstance.get(instance)?.instance === instance && !cuts.isWhole(instance) && typeof instance.runner === 'number',
      );
      const made = framesOf({
        process: i,
        entry,
        instances: parts,
        all: reachable,
        cuts: possibleCuts(reachable, cuts),
        liveness: (instance) => this.draftOf(instance).liveness,
        isWhole: (instance) => this.draftOf(instance).whole,
        ranges: rangesOf(reachable, tablesByName(description.machine)),
        machine: description.machine,
        packer: fields.packer,
      });
      frames.push(made);
      programCounters.push(made.programCounter);
      processes.push({
        name: process.name,
        essential: process.kind === 'essential',
        entry: { spec: this.draftOf(entry).number, args: process.args },
        resumes: made.resumes.map((r) => ({
          spec: r.instance === null ? -1 : this.draftOf(r.instance).number,
          node: r.node,
          idle: r.idle,
          held: r.instance?.nodes[r.node]?.locks.certainly ?? [],
        })),
        initial: made.initial,
      });
    }
    const alone = [...this.predicates, this.quiescent, this.prologue].filter((instance) => instance !== null);
    for (const entry of alone) for (const instance of reachableFrom(entry)) this.draft(instance, true, null, null);
    const blocks: { spec: number; node: number; edge: number | null }[] = [];
    const specs = this.drafts.map((draft) => this.spec(draft, frames, blocks));
    const layout = fields.finish(programCounters);
    const number = (instance: Instance | null): number | null => (instance === null ? null : this.draftOf(instance).number);
    const prologueSpec = number(this.prologue);
    const program: Program = {
      specs,
      processes,
      prologue: prologueSpec === null ? null : { spec: prologueSpec, args: description.prologue?.args ?? [] },
      predicates: this.predicates.map(number),
      quiescent: number(this.quiescent),
      blocks,
      properties: description.properties.map((p) => p.id),
    };
    return { description, program, layout };
  }

  private draftOf(instance: Instance): Draft {
    const draft = this.byInstance.get(instance);
    if (draft === undefined) throw new Error(`${instance.procedure.name} was not drafted`);
    return draft;
  }

  /** Whole instances differ by procedure, constants and the process they ask for with `self()`; locks are gone. */
  private draft(instance: Instance, whole: boolean, process: number | null, cuts: Cuts | null): void {
    if (this.byInstance.has(instance)) return;
    const key = `${instance.procedure.name}|${instance.constants.join(',')}|${this.selfUsers.has(instance) ? selfOf(instance.runner) : ''}|${instance.runner === 'prologue'}`;
    const same = whole ? this.wholeByKey.get(key) : undefined;
    if (same !== undefined) {
      this.byInstance.set(instance, same);
      return;
    }
    const made: Draft = {
      number: this.drafts.length,
      instance,
      process: whole ? null : process,
      whole,
      cuts: whole ? null : cuts,
      liveness: livenessOf(instance),
    };
    this.drafts.push(made);
    this.byInstance.set(instance, made);
    if (whole) this.wholeByKey.set(key, made);
  }

  private spec(draft: Draft, frames: readonly Frames[], blocks: { spec: number; node: number; edge: number | null }[]): Spec {
    const { instance } = draft;
    const frame = draft.process === null ? undefined : frames[draft.process];
    const types = localTypes(instance);
    const nodes: ProgramNode[] = instance.nodes.map((node) => this.node(draft, node, frame));
    const add = (made: Omit<ProgramNode, 'index'>): number => nodes.push({ ...made, index: nodes.length }) - 1;
    for (const node of instance.nodes) this.insertDangle(draft, node, nodes, add, types);
    this.numberBlocks(draft, nodes, blocks);
    return {
      index: draft.number,
      procedure: instance.procedure,
      constants: instance.constants,
      title: titleOf(instance),
      whole: draft.whole,
      process: draft.process,
      result: instance.procedure.result,
      locals: types,
      nodes,
      entry: instance.entry,
      exits: draft.whole ? 1 : Math.max(instance.exits.length, 1),
      mayFree: [...(this.mayFreeTables.get(instance) ?? [])].sort(),
      frame: frame?.slotsOf(instance) ?? [],
      returnSlot: frame?.returnSlotOf(instance) ?? null,
      callSites: (frame?.callSitesOf(instance) ?? []).map((site) => ({ spec: this.draftOf(site.instance).number, node: site.node })),
    };
  }

  private node(draft: Draft, node: InstanceNode, frame: Frames | undefined): ProgramNode {
    const part = draft.cuts?.partOf(draft.instance, node) ?? { cut: 'never' as const, spends: false };
    const resume = frame?.resumeOf(draft.instance, node) ?? null;
    const suspends = node.op.kind === 'call' && !this.draftOf(node.op.callee).whole;
    return {
      index: node.index,
      op: this.op(node, frame),
      // Whatever sets of locks a whole callee may return with, the points behind it are one for whoever does not cut.
      next: node.op.kind === 'call' && !suspends ? node.next.slice(0, 1) : node.next,
      cut: part.cut,
      spends: part.spends,
      ghost: node.op.kind === 'monitor',
      pos: node.stmt?.pos ?? draft.instance.procedure.pos,
      live: this.liveAt(draft.liveness, node, suspends, resume !== null),
      resume,
      block: null,
    };
  }

  /** Where a process can stop before a call that may stop itself, what the call is given has to be there, too. */
  private liveAt(liveness: Liveness, node: InstanceNode, suspends: boolean, stops: boolean): readonly string[] {
    const before = stops ? liveness.before(node) : [];
    if (!suspends) return before;
    const across = liveness.across(node);
    return stops ? [...new Set([...before, ...across])].sort() : across;
  }

  private op(node: InstanceNode, frame: Frames | undefined): NodeOp {
    const { op } = node;
    switch (op.kind) {
      case 'goto':
        return { kind: 'goto', decided: op.decided };
      case 'call': {
        const spec = this.draftOf(op.callee);
        const returnIndex = spec.whole ? 0 : (frame?.callSitesOf(op.callee).findIndex((s) => s.caller === node) ?? 0);
        return {
          kind: 'call',
          spec: spec.number,
          args: this.argsFor(op.args, op.callee),
          back: op.back,
          dst: op.dst,
          returnIndex,
          stmt: op.stmt,
        };
      }
      case 'wait':
        return { kind: 'wait', spec: this.draftOf(op.callee).number, args: op.args, label: op.label, idle: op.idle, stmt: op.stmt };
      case 'monitor': {
        const property = op.property === null ? null : this.description.properties.findIndex((p) => p.id === op.property);
        return { kind: 'monitor', property, spec: this.draftOf(op.callee).number, args: this.argsFor(op.args, op.callee), stmt: op.stmt };
      }
      default:
        return op;
    }
  }

  private argsFor(args: readonly Extract<InstanceNode['op'], { kind: 'call' }>['args'][number][], callee: Instance) {
    // Alike whole instances have the same constants, so the argument list fits whichever of them stayed.
    return args.map((arg, i) => (callee.constants[i] === null ? arg : null));
  }

  /** Behind a free, or the call of a whole spec that may free: the running function's own references dangle, too. */
  private insertDangle(
    draft: Draft,
    node: InstanceNode,
    nodes: ProgramNode[],
    add: (made: Omit<ProgramNode, 'index'>) => number,
    types: ReadonlyMap<string, { kind: string; table?: string; strong?: boolean }>,
  ): void {
    const made = nodes[node.index];
    if (made === undefined || made.next.length === 0) return;
    for (const table of this.freedBy(node)) {
      const locals = draft.liveness.after(node).filter((name) => {
        const type = types.get(name);
        const refers = (type?.kind === 'ref' && type.strong === true) || type?.kind === 'pointer';
        return refers && type.table === table && !(node.op.kind === 'call' && node.op.dst === name);
      });
      if (locals.length === 0) continue;
      const current = nodes[node.index];
      if (current === undefined) return;
      const inserted = add({
        op: { kind: 'dangle', table, locals },
        next: current.next,
        cut: 'never',
        spends: false,
        ghost: false,
        pos: current.pos,
        live: [],
        resume: null,
        block: null,
      });
      nodes[node.index] = { ...current, next: [inserted] };
    }
  }

  private freedBy(node: InstanceNode): string[] {
    if (node.op.kind === 'leaf' && node.op.stmt.kind === 'free')
      return node.op.stmt.ref.type.kind === 'ref' ? [node.op.stmt.ref.type.table] : [];
    if (node.op.kind === 'call' && this.draftOf(node.op.callee).whole) return [...(this.mayFreeTables.get(node.op.callee) ?? [])];
    return [];
  }

  /** A counter at the entry, at each edge of a branch, at joins and where a process can stop. */
  private numberBlocks(draft: Draft, nodes: ProgramNode[], blocks: { spec: number; node: number; edge: number | null }[]): void {
    const comingFrom = nodes.map(() => 0);
    for (const node of nodes) for (const next of node.next) comingFrom[next] = (comingFrom[next] ?? 0) + 1;
    for (const [index, node] of nodes.entries()) {
      const original = draft.instance.nodes[index];
      const edge = original?.op.kind === 'goto' ? original.op.edge : null;
      const leads = index === draft.instance.entry || edge !== null || (comingFrom[index] ?? 0) > 1 || node.resume !== null;
      if (!leads) continue;
      blocks.push({ spec: draft.number, node: index, edge });
      nodes[index] = { ...node, block: blocks.length - 1 };
    }
  }
}

function titleOf(instance: Instance): string {
  const args = instance.procedure.params.flatMap((p, i) => (instance.constants[i] === null ? [] : [`${p.name}=${instance.constants[i]}`]));
  const locks = instance.entryLocks.title;
  return `${instance.procedure.name}(${args.join(', ')})${locks === '' ? '' : ` with ${locks}`}`;
}

const selfUse = new WeakMap<Procedure, boolean>();
function mentionsSelf(procedure: Procedure): boolean {
  const known = selfUse.get(procedure);
  if (known !== undefined) return known;
  let found = false;
  visitStmts(procedure.body, (stmt) => {
    for (const expr of exprsOf(stmt)) {
      visitExpr(expr, (e) => {
        found ||= e.op === 'self';
      });
    }
  });
  selfUse.set(procedure, found);
  return found;
}

/** Instances that ask for the process that runs, themselves or in what they call. */
function usersOfSelf(instances: readonly Instance[]): ReadonlySet<Instance> {
  const found = new Set(instances.filter((i) => mentionsSelf(i.procedure)));
  const callers = callersOf(instances, calleeOf);
  const work = [...found];
  for (let instance = work.pop(); instance !== undefined; instance = work.pop()) {
    for (const caller of callers.get(instance) ?? []) {
      if (found.has(caller)) continue;
      found.add(caller);
      work.push(caller);
    }
  }
  return found;
}

/** Tables of which an instance, or what it calls, may free rows. */
function mayFree(instances: readonly Instance[]): Map<Instance, ReadonlySet<string>> {
  const found = new Map(instances.map((i) => [i, freedIn(i)]));
  const callers = callersOf(instances, (node) => (node.op.kind === 'call' ? node.op.callee : null));
  const work = instances.filter((i) => (found.get(i)?.size ?? 0) > 0);
  for (let instance = work.pop(); instance !== undefined; instance = work.pop()) {
    for (const caller of callers.get(instance) ?? []) {
      const own = found.get(caller);
      if (own === undefined) continue;
      const size = own.size;
      for (const table of found.get(instance) ?? []) own.add(table);
      if (own.size !== size) work.push(caller);
    }
  }
  return found;
}
function freedIn(instance: Instance): Set<string> {
  const tables = new Set<string>();
  for (const { op } of instance.nodes)
    if (op.kind === 'leaf' && op.stmt.kind === 'free' && op.stmt.ref.type.kind === 'ref') tables.add(op.stmt.ref.type.table);
  return tables;
}

function callersOf(instances: readonly Instance[], callee: (node: InstanceNode) => Instance | null): Map<Instance, Set<Instance>> {
  const callers = new Map<Instance, Set<Instance>>();
  for (const instance of instances) {
    for (const node of instance.nodes) {
      const called = callee(node);
      if (called === null) continue;
      const known = callers.get(called);
      if (known === undefined) callers.set(called, new Set([instance]));
      else known.add(instance);
    }
  }
  return callers;
}
