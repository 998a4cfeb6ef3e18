/**
 * Specialisation: each procedure once per process, constant arguments and locks held at entry.
 *
 * In: instrumented procedures. Out: instances with folded nodes, edges per set of locks, and, for each node, the
 * locks certainly held there. Never: a decision about steps.
 *
 * A point of the flow graph at which different sets of locks may be held becomes several nodes, one per set
 * (conditional locking). Recursion links back to the instance under construction; procedures in `unroll` are
 * instead built anew for each depth, down to `unrollDepth`. How deep is said of all of them that an instance calls: one
 * that was built far down, where the next call is one too many, must not be taken for the same procedure further up.
 */

import { procedureNamed, type SystemDescription } from '../description.ts';
import type { Expr, LockMode, Procedure, ProcedureTable, ScalarType, Stmt } from '../ir/types.ts';
import { exprsOf, localsRead as localsReadBy, localsWritten, mapExprs, visitStmts } from '../ir/walk.ts';
import { type FlowGraph, type FlowNode, flowGraph } from './flow.ts';
import { constantOf, type FoldContext, fold, tablesByName } from './fold.ts';
import type { Instance, InstanceNode, InstanceOp, Runner } from './instance.ts';
import { waitProcedure } from './instrument.ts';
import { type LockSet, lockName, testedLocal } from './locks.ts';
import { findPrivate } from './privacy.ts';
import type { LeafStmt } from './types.ts';

/** The number that `self()` gives, null where there is none. */
export function selfOf(runner: Runner): number | null {
  if (typeof runner === 'number') return runner;
  if (runner === 'prologue') return 0;
  return runner === 'predicate' ? null : Number(runner.slice('hook '.length));
}
function hookRunner(runner: Runner): Runner {
  return typeof runner === 'number' ? `hook ${runner}` : runner;
}

/** A procedure's graph, and the nodes that may give a local its one value: an assignment or call, before every read. */
interface Flow {
  readonly graph: FlowGraph;
  readonly settlers: readonly { readonly node: FlowNode; readonly dst: string }[];
}

const unrollDepth = 4;
/** More specialisations than this of one procedure for one runner, and its arguments are no longer told apart. */
const specialisationsMax = 200;

export class Specialiser {
  readonly instances: Instance[] = [];
  private readonly byKey = new Map<string, Instance>();
  private readonly flows = new Map<string, Flow>();
  private readonly stack: Instance[] = [];
  private readonly countByProcedure = new Map<string, number>();
  private readonly written = new Map<string, ReadonlySet<string>>();
  private readonly called = new Map<string, ReadonlySet<string>>();
  private readonly tables;

  constructor(
    private readonly procedures: ProcedureTable,
    private readonly description: Pick<SystemDescription, 'machine' | 'mayEndLocked'>,
    private readonly unroll: ReadonlySet<string>,
  ) {
    this.tables = tablesByName(description.machine);
  }

  /** The instance of `name` with these constants; built at once with all that it calls. */
  instance(runner: Runner, name: string, constants: readonly (number | null)[], locks: LockSet): Instance {
    const procedure = procedureNamed(this.procedures, name);
    const countKey = `${runner} ${name}`;
    const many = (this.countByProcedure.get(countKey) ?? 0) >= specialisationsMax;
    const told = procedure.params.map((p, i) => (many || this.writtenParams(procedure).has(p.name) ? null : (constants[i] ?? null)));
    const key = `${runner}|${name}|${told.join(',')}|${locks.key}|${this.depths(name)}`;
    const known = this.byKey.get(key);
    if (known !== undefined) {
      if (this.stack.includes(known)) this.markCycle(known);
      return known;
    }
    this.countByProcedure.set(countKey, (this.countByProcedure.get(countKey) ?? 0) + 1);
    const made: Instance = {
      index: this.instances.length,
      procedure,
      runner,
      constants: told,
      entryLocks: locks,
      nodes: [],
      entry: 0,
      exits: [],
      recursive: false,
    };
    this.instances.push(made);
    this.byKey.set(key, made);
    this.stack.push(made);
    this.build(made);
    this.stack.pop();
    return made;
  }

  /** How many calls of it are being built. */
  private depth(name: string): number {
    return this.stack.filter((i) => i.procedure.name === name).length;
  }

  /**
   * How deep those unrolled procedures are that it leads to, itself among them; empty where none has begun. Others have their place in a recursion,
   * too: what calls a finished instance closes no circle when it is met, so it is not in `unroll`.
   */
  private depths(name: string): string {
    const depths = [...this.unroll].map((other) => (this.calledBy(name).has(other) ? this.depth(other) : 0));
    return depths.some((depth) => depth > 0) ? depths.join(',') : '';
  }

  /** Whom it calls, itself or through others; itself only if it recurs. */
  private calledBy(name: string): ReadonlySet<string> {
    let found = this.called.get(name);
    if (found === undefined) {
      const names = new Set<string>();
      const work = [name];
      for (let at = work.pop(); at !== undefined; at = work.pop()) {
        visitStmts(procedureNamed(this.procedures, at).body, (stmt) => {
          if (stmt.kind !== 'call' || names.has(stmt.callee)) return;
          names.add(stmt.callee);
          work.push(stmt.callee);
        });
      }
      found = names;
      this.called.set(name, found);
    }
    return found;
  }

  /** Parameters that the procedure writes are locals that start with a value, not constants. */
  private writtenParams(procedure: Procedure): ReadonlySet<string> {
    let found = this.written.get(procedure.name);
    if (found === undefined) {
      const names = new Set<string>();
      visitStmts(procedure.body, (stmt) => {
        for (const name of localsWritten(stmt)) names.add(name);
      });
      found = new Set(procedure.params.filter((p) => p.mode === 'inout' || names.has(p.name)).map((p) => p.name));
      this.written.set(procedure.name, found);
    }
    return found;
  }

  private markCycle(start: Instance): void {
    for (const instance of this.stack.slice(this.stack.indexOf(start))) instance.recursive = true;
  }

  private flow(procedure: Procedure): Flow {
    let flow = this.flows.get(procedure.name);
    if (flow === undefined) {
      const graph = flowGraph(procedure);
      flow = { graph, settlers: settlersOf(graph) };
      this.flows.set(procedure.name, flow);
    }
    return flow;
  }

  private build(instance: Instance): void {
    const { graph, settlers } = this.flow(instance.procedure);
    const context = this.constantLocals(instance, settlers);
    const nodesAt: InstanceNode[][] = graph.nodes.map(() => []);
    const work: { node: InstanceNode; flow: FlowNode }[] = [];
    const at = (index: number, locks: LockSet): number => {
      const known = nodesAt[index]?.find((node) => node.locks.key === locks.key);
      if (known !== undefined) return known.index;
      const flow = graph.nodes[index];
      if (flow === undefined) throw new Error('edge to nowhere');
      const node: InstanceNode = {
        index: instance.nodes.length,
        op: this.op(instance, flow, locks, context),
        stmt: flow.stmt,
        next: [],
        locks,
      };
      instance.nodes.push(node);
      work.push({ node, flow });
      const first = this.warned(instance, node);
      nodesAt[index]?.push(first);
      return first.index;
    };
    instance.entry = at(graph.entry, instance.entryLocks);
    for (let item = work.pop(); item !== undefined; item = work.pop()) {
      item.node.next = this.edges(item.node, item.flow, at, context);
    }
    findPrivate(instance);
  }

  /**
   * What is run before a node: nothing, or a warning, where on the way that leads here a process ends with a lock, or takes one that it holds.
   * Nobody else need ever wait for that lock, and readers do not wait for themselves, so no deadlock would tell of it.
   */
  private warned(instance: Instance, node: InstanceNode): InstanceNode {
    if (this.description.mayEndLocked === true || typeof instance.runner !== 'number') return node;
    const held = node.locks.certainly;
    if (node.op.kind === 'return' && this.stack.length === 1 && held.length > 0)
      return warning(instance, node, `the thread ends and holds ${held.map(({ lock, mode }) => spoken(lock, mode)).join(', ')}`);
    const taken = node.op.kind === 'leaf' && node.op.stmt.kind === 'acquire' ? lockName(node.op.stmt.lock) : null;
    const again = held.find(({ lock }) => lock === taken);
    return again === undefined ? node : warning(instance, node, `${spoken(again.lock, again.mode)} is taken by who holds it`);
  }

  private op(instance: Instance, flow: FlowNode, locks: LockSet, context: FoldContext): InstanceOp {
    const folded = (expr: Expr): Expr => fold(expr, context);
    const { op } = flow;
    switch (op.kind) {
      case 'leaf':
        return { kind: 'leaf', stmt: exprsOf(op.stmt).every((e) => folded(e) === e) ? op.stmt : (mapExprs(op.stmt, folded) as LeafStmt) };
      case 'branch': {
        const cond = folded(op.cond);
        const value = constantOf(cond);
        if (value === null) return { kind: 'branch', cond, stmt: op.stmt };
        return { kind: 'goto', edge: null, back: 'none', decided: { stmt: op.stmt, value: value !== 0 } };
      }
      case 'goto':
        return { ...op, decided: null };
      case 'call':
        return this.call(instance, op.stmt, locks, folded);
      case 'wait': {
        const name = waitProcedure(instance.procedure.name, op.stmt);
        const params = procedureNamed(this.procedures, name).params;
        const args = params.map((p) => folded({ op: 'local', type: p.type, local: p.name }));
        const callee = this.instance(hookRunner(instance.runner), name, args.map(constantOf), locks.certain());
        return { kind: 'wait', callee, args, label: op.stmt.label, idle: op.stmt.idle, stmt: op.stmt };
      }
      case 'monitor': {
        const args = op.stmt.args.map(folded);
        const callee = this.instance(hookRunner(instance.runner), op.stmt.procedure, args.map(constantOf), locks.certain());
        return { kind: 'monitor', callee, args: withoutConstants(args, callee), property: op.stmt.property, stmt: op.stmt };
      }
      case 'return': {
        const exit = locks.certain();
        let number = instance.exits.findIndex((e) => e.key === exit.key);
        if (number < 0) number = instance.exits.push(exit) - 1;
        const value = op.value === null ? null : folded(op.value);
        return { kind: 'return', value, exit: number, ...(flow.stmt === null ? {} : { stmt: flow.stmt }) };
      }
    }
  }

  private call(instance: Instance, stmt: Extract<Stmt, { kind: 'call' }>, locks: LockSet, folded: (e: Expr) => Expr): InstanceOp {
    if (stmt.dst !== null) {
      const type = localTypes(instance).get(stmt.dst);
      const known = type === undefined ? null : constantOf(folded({ op: 'local', type, local: stmt.dst }));
      // A call that was found to compute a constant: what is left of it is the assignment.
      if (type !== undefined && known !== null)
        return {
          kind: 'leaf',
          stmt: { kind: 'assign', id: stmt.id, pos: stmt.pos, dst: stmt.dst, value: { op: 'const', type, value: known } },
        };
    }
    if (this.unroll.has(stmt.callee) && this.depth(stmt.callee) >= unrollDepth)
      return { kind: 'bound', message: `recursion depth ${unrollDepth} of ${stmt.callee}`, stmt };
    const callee = procedureNamed(this.procedures, stmt.callee);
    const values = stmt.args.map((arg, i): Expr => {
      if (arg.mode === 'in') return folded(arg.value);
      const type = callee.params[i]?.type;
      if (type === undefined) throw new Error(`${instance.procedure.name} calls ${stmt.callee} with too many arguments`);
      return { op: 'local', type, local: arg.local };
    });
    const constants = values.map((value, i) => (stmt.args[i]?.mode === 'in' ? constantOf(value) : null));
    const target = this.instance(instance.runner, stmt.callee, constants, locks.certain());
    return {
      kind: 'call',
      callee: target,
      args: withoutConstants(values, target),
      back: stmt.args.map((arg) => (arg.mode === 'inout' ? arg.local : null)),
      dst: stmt.dst,
      stmt,
    };
  }

  private edges(node: InstanceNode, flow: FlowNode, at: (index: number, locks: LockSet) => number, context: FoldContext): number[] {
    const { op } = node;
    const first = flow.next[0];
    if (first === undefined || op.kind === 'bound') return [];
    if (flow.op.kind === 'branch') {
      const value = constantOf(fold(flow.op.cond, context));
      if (value !== null) return [at(flow.next[value !== 0 ? 0 : 1] ?? first, node.locks)];
      const test = testedLocal(flow.op.cond);
      return flow.next.map((target, edge) =>
        at(target, test === null ? node.locks : node.locks.decided(test.local, (edge === 0) === test.value)),
      );
    }
    if (op.kind === 'call') {
      // A recursive call under construction has no exits yet: it is taken to return with what it was given.
      const exits = op.callee.exits.length > 0 ? op.callee.exits : [op.callee.entryLocks];
      return exits.map((exit) => at(first, exit));
    }
    return [at(first, locksAfter(op, node.locks))];
  }

  /** The value that an assignment, or a call of a procedure that only computes, gives to its local. */
  private constantResult(instance: Instance, node: FlowNode, context: FoldContext): number | null {
    if (node.op.kind === 'leaf') return node.op.stmt.kind === 'assign' ? constantOf(fold(node.op.stmt.value, context)) : null;
    if (node.op.kind !== 'call') return null;
    const { callee, args } = node.op.stmt;
    if (this.stack.some((i) => i.procedure.name === callee)) return null;
    // A patch's own functions stay, so that it is seen which of their statements ran.
    if (procedureNamed(this.procedures, callee).pos.language === 'c') return null;
    const constants = args.map((arg) => (arg.mode === 'in' ? constantOf(fold(arg.value, context)) : null));
    if (constants.includes(null)) return null;
    return returnedConstant(this.instance(instance.runner, callee, constants, instance.entryLocks.certain()));
  }

  /** Parameters that are constant and never written; locals with one assignment, of a constant, before every use. */
  private constantLocals(instance: Instance, settlers: Flow['settlers']): FoldContext {
    const locals = new Map<string, number>();
    instance.procedure.params.forEach((param, i) => {
      const value = instance.constants[i];
      if (value !== null && value !== undefined) locals.set(param.name, value);
    });
    const context: FoldContext = { locals, self: selfOf(instance.runner), tables: this.tables };
    for (let again = true; again; ) {
      again = false;
      for (const { node, dst } of settlers) {
        if (locals.has(dst)) continue;
        const known = this.constantResult(instance, node, context);
        if (known === null) continue;
        locals.set(dst, known);
        again = true;
      }
    }
    return context;
  }
}

/** A warning in front of a node. */
function warning(instance: Instance, before: InstanceNode, message: string): InstanceNode {
  const { index, stmt: at, locks } = before;
  const { name, pos } = instance.procedure;
  const stmt: LeafStmt = {
    kind: 'assert',
    id: `${at?.id ?? name}@held`,
    pos: at?.pos ?? pos,
    cond: { op: 'const', type: { kind: 'bool' }, value: 0 },
    severity: 'warn',
    message,
    // Where somebody asks for warnings.
    property: 'WARN',
  };
  const check: InstanceNode = { index: instance.nodes.length, op: { kind: 'leaf', stmt }, stmt, next: [index], locks };
  instance.nodes.push(check);
  return check;
}
function spoken(lock: string, mode: LockMode): string {
  return `${lock.replaceAll('[0]', '')}${mode === 'shared' ? ' (shared)' : ''}`;
}

function settlersOf(graph: FlowGraph): Flow['settlers'] {
  const writes = new Map<string, number>();
  for (const node of graph.nodes) {
    if (node.op.kind === 'goto' || node.op.kind === 'branch' || node.stmt === null) continue;
    for (const name of localsWritten(node.stmt)) writes.set(name, (writes.get(name) ?? 0) + 1);
  }
  return graph.nodes.flatMap((node) => {
    const { op } = node;
    const dst = op.kind === 'call' ? op.stmt.dst : op.kind === 'leaf' && op.stmt.kind === 'assign' ? op.stmt.dst : null;
    return dst !== null && writes.get(dst) === 1 && definitelyAssigned(graph, dst, node.index) ? [{ node, dst }] : [];
  });
}

/** What an instance always returns, if it does nothing else. */
function returnedConstant(instance: Instance): number | null {
  let found: number | null = null;
  for (const { op } of instance.nodes) {
    if (op.kind === 'goto' || op.kind === 'branch' || (op.kind === 'leaf' && op.stmt.kind === 'assign')) continue;
    const value = op.kind === 'return' && op.value !== null ? constantOf(op.value) : null;
    if (value === null || (found !== null && found !== value)) return null;
    found = value;
  }
  return found;
}

/** Parameters told apart as constants take no argument. */
function withoutConstants(args: readonly Expr[], callee: Instance): (Expr | null)[] {
  return args.map((arg, i) => (callee.constants[i] === null ? arg : null));
}

/** Whether every read of `local` comes after the node that assigns it: no read is reachable around it. */
function definitelyAssigned(graph: FlowGraph, local: string, assignment: number): boolean {
  const seen = new Set<number>([graph.entry]);
  const work = [graph.entry];
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    const node = graph.nodes[index];
    if (node === undefined || index === assignment) continue;
    if (reads(node, local)) return false;
    for (const next of node.next) {
      if (!seen.has(next)) {
        seen.add(next);
        work.push(next);
      }
    }
  }
  return true;
}

function reads(node: FlowNode, local: string): boolean {
  // A wait's procedure takes what it reads by name: be careful and say that it reads everything.
  if (node.op.kind === 'wait') return true;
  return node.stmt !== null && node.op.kind !== 'goto' && localsReadBy(node.stmt).includes(local);
}

function locksAfter(op: InstanceOp, locks: LockSet): LockSet {
  if (op.kind !== 'leaf') return locks;
  const { stmt } = op;
  switch (stmt.kind) {
    case 'acquire':
      return locks.with(lockName(stmt.lock), stmt.mode);
    case 'release':
      return locks.without(lockName(stmt.lock));
    case 'tryAcquire':
      return locks.assigned(stmt.dst, null).with(lockName(stmt.lock), stmt.mode, stmt.dst);
    case 'assign':
      return locks.assigned(stmt.dst, stmt.value.op === 'local' ? stmt.value.local : null);
    default:
      return localsWritten(stmt).reduce((set, name) => set.assigned(name, null), locks);
  }
}

/** Types of the locals of an instance that are not constants of it. */
export function localTypes(instance: Instance): ReadonlyMap<string, ScalarType> {
  const known = typesKnown.get(instance);
  if (known !== undefined) return known;
  const types = new Map<string, ScalarType>();
  instance.procedure.params.forEach((p, i) => {
    if (instance.constants[i] === null) types.set(p.name, p.type);
  });
  for (const l of instance.procedure.locals) types.set(l.name, l.type);
  typesKnown.set(instance, types);
  return types;
}
const typesKnown = new WeakMap<Instance, ReadonlyMap<string, ScalarType>>();
