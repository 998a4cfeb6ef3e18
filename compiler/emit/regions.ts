/**
 * Specs that are not whole: one function for each place where running can begin.
 *
 * In: resume points of processes. Out: functions `r<id>(b)`. Never: an enabledness test (that was made before),
 * a copy of the state (likewise).
 *
 * A *region* is what can run from a resume point, from the entry of a spec that was called, or from behind a call that
 * returned, until the step ends or another region goes on. The flags `started` and `spent` are known everywhere in
 * it: it is made of (node, flags). A region gives
 *    0  the step has ended, its state is complete;
 *   -1  there is no such step;
 *   >0  this region goes on (arguments in `A…`, results in `R` and `I…`). Only where regions go round: one that
 *       cannot come back is called in place.
 * Locals are JavaScript locals; a cut stores those that live in the frame and zeroes the rest of it.
 */
import { suspendedLocals } from '../program/suspended.ts';
import type { NodeOp, ProgramNode, Spec } from '../program/types.ts';
import {
  argumentTexts,
  backParameters,
  boundedFunction,
  emitBacks,
  emitDangle,
  emitGiveBack,
  emitMonitor,
  emitWholeCall,
  freshAfter,
  resultValue,
  variableParameters,
} from './bodies.ts';
import { readText, writeManyText } from './columns.ts';
import { type EmitContext, FunctionWriter } from './context.ts';
import { emitCond, emitExpr } from './expressions.ts';
import { emitLeaf, type Surroundings } from './statements.ts';
import type { Exit, Vertex } from './structure.ts';
import { constant, intervalOf, type Value } from './values.ts';
import { branchExit, type EmittedFunction, emitWaitCall } from './whole.ts';

type Call = Extract<NodeOp, { kind: 'call' }>;

/** Where running can begin. */
type Start =
  | { readonly kind: 'resume'; readonly node: number }
  | { readonly kind: 'enter'; readonly spent: boolean }
  | { readonly kind: 'back'; readonly call: number; readonly exit: number; readonly spent: boolean };

export interface Region extends EmittedFunction {
  readonly id: number;
  readonly process: number;
  readonly spec: number;
  /** What running it may need beyond a call: see `steps.ts`. */
  readonly chooses: boolean;
  readonly violates: boolean;
  readonly vanishes: boolean;
  readonly usesSelf: boolean;
  /** Regions that may go on behind it. */
  readonly targets: ReadonlySet<number>;
  /** It may give the number of another region. */
  readonly continues: boolean;
  readonly loops: boolean;
  /** It calls whole specs. */
  readonly calls: boolean;
}

/** Makes regions on demand; each gets a number from 1. */
export class Regions {
  readonly all: Region[] = [];
  private readonly context: EmitContext;
  /** What whole specs do, themselves or through callees. */
  private readonly traits: readonly Traits[];
  private readonly numbers = new Map<string, number>();
  private readonly pending: { readonly id: number; readonly process: number; readonly spec: number; readonly start: Start }[] = [];

  constructor(context: EmitContext, traits: readonly Traits[]) {
    this.context = context;
    this.traits = traits;
  }

  /** The number of a region; it is made by `finish`. */
  request(process: number, spec: number, start: Start): number {
    const key = JSON.stringify([process, spec, start]);
    const old = this.numbers.get(key);
    if (old !== undefined) return old;
    const id = this.numbers.size + 1;
    this.numbers.set(key, id);
    this.pending.push({ id, process, spec, start });
    return id;
  }

  finish(): void {
    for (let next = this.pending.shift(); next !== undefined; next = this.pending.shift()) {
      const spec = this.context.spec(next.spec);
      this.all.push(new RegionWriter(this.context, this, spec, next.process, next.id, this.traits).write(next.start));
    }
    this.all.splice(0, this.all.length, ...linked(this.all));
  }
}

/** Where region `id` goes on: replaced when it is known whether it can be called in place. */
function onward(id: number): string {
  return `return go${id};`;
}

/** Regions that go on elsewhere call the next one, unless that can lead back to them; traits are summed up. */
function linked(regions: readonly Region[]): Region[] {
  const byId = new Map(regions.map((region) => [region.id, region]));
  const reach = new Map(regions.map((region) => [region.id, reachedFrom(region.id, byId)]));
  return regions.map((region) => {
    const direct = (id: number): boolean => id !== region.id && reach.get(id)?.has(region.id) !== true;
    const text = region.text.replace(/\bgo(\d+)\b/g, (_, id: string) => (direct(Number(id)) ? `r${id}(b)` : id));
    const all = [region, ...[...(reach.get(region.id) ?? [])].flatMap((id) => byId.get(id) ?? [])];
    const some = (key: 'raises' | 'chooses' | 'violates' | 'vanishes' | 'usesSelf' | 'loops' | 'calls'): boolean =>
      all.some((one) => one[key]);
    return {
      ...region,
      text,
      raises: some('raises'),
      chooses: some('chooses'),
      violates: some('violates'),
      vanishes: some('vanishes'),
      usesSelf: some('usesSelf'),
      loops: some('loops'),
      calls: some('calls'),
      continues: all.some((one) => [...one.targets].some((id) => id === one.id || reach.get(id)?.has(one.id) === true)),
    };
  });
}

function reachedFrom(id: number, byId: ReadonlyMap<number, Region>): Set<number> {
  const found = new Set<number>();
  const work = [...(byId.get(id)?.targets ?? [])];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    work.push(...(byId.get(next)?.targets ?? []));
  }
  return found;
}

/** Properties of whole specs that decide how their callers are run. */
export interface Traits {
  readonly raises: boolean;
  readonly chooses: boolean;
  readonly violates: boolean;
  readonly usesSelf: boolean;
}

class RegionWriter {
  private readonly context: EmitContext;
  private readonly regions: Regions;
  private readonly spec: Spec;
  private readonly process: number;
  private readonly id: number;
  private readonly traits: readonly Traits[];
  private readonly w: FunctionWriter;
  private readonly vertices: Vertex[] = [];
  private readonly states = new Map<string, number>();
  private readonly work: { readonly vertex: number; readonly node: ProgramNode; readonly started: boolean; readonly spent: boolean }[] = [];
  private readonly fresh: ReadonlyMap<number, ReadonlySet<string>>;
  private chooses = false;
  private violates = false;
  private vanishes = false;
  private readonly targets = new Set<number>();

  constructor(context: EmitContext, regions: Regions, spec: Spec, process: number, id: number, traits: readonly Traits[]) {
    this.context = context;
    this.regions = regions;
    this.spec = spec;
    this.process = process;
    this.id = id;
    this.traits = traits;
    this.w = new FunctionWriter(context, spec, process);
    this.fresh = freshAfter(spec);
  }

  write(start: Start): Region {
    const { w } = this;
    const head = this.startLines(start);
    const entry =
      start.kind === 'resume'
        ? this.state(this.node(start.node), false, false)
        : this.target(start.kind === 'enter' ? this.spec.entry : this.nextOfCall(start), start.spent);
    for (let next = this.work.pop(); next !== undefined; next = this.work.pop()) {
      this.vertices[next.vertex] = this.vertexOf(next.node, next.started, next.spent);
    }
    const owner = usesFrameWalk(this.context) ? `K=${this.spec.index};` : '';
    const locals = [...w.used].map((local) => w.nameOf(local));
    const { text, loops } = boundedFunction(
      { name: `r${this.id}`, parameters: [], locals, head: owner + head, vertices: this.vertices, entry, recursive: false },
      w,
    );
    const called = [...w.callees].flatMap((callee) => this.traits[callee] ?? []);
    return {
      id: this.id,
      process: this.process,
      spec: this.spec.index,
      name: `r${this.id}`,
      text,
      raises: w.raises || called.some((trait) => trait.raises),
      callees: w.callees,
      chooses: this.chooses || called.some((trait) => trait.chooses),
      violates: this.violates || called.some((trait) => trait.violates),
      vanishes: this.vanishes,
      usesSelf: owner !== '' || called.some((trait) => trait.usesSelf),
      continues: false,
      targets: this.targets,
      loops,
      calls: w.callees.size > 0,
    };
  }

  private node(index: number): ProgramNode {
    const node = this.spec.nodes[index];
    if (node === undefined) throw new Error(`${this.spec.title}: no node ${index}`);
    return node;
  }

  private nextOfCall(start: Extract<Start, { kind: 'back' }>): number {
    const next = this.node(start.call).next[start.exit];
    if (next === undefined) throw new Error(`${this.spec.title}: call ${start.call} has no exit ${start.exit}`);
    return next;
  }

  /** What gives the locals their values where the region starts. */
  private startLines(start: Start): string {
    const { w } = this;
    switch (start.kind) {
      case 'resume':
        this.load(this.node(start.node).live);
        break;
      case 'enter':
        variableParameters(this.spec).forEach(({ name }, k) => {
          w.line(`${w.nameOf(name)}=A${k};`);
        });
        break;
      case 'back': {
        const { op, live } = this.node(start.call);
        if (op.kind !== 'call') throw new Error(`${this.spec.title}: node ${start.call} is no call`);
        this.load(suspendedLocals(op, live));
        w.at(op.stmt);
        const callee = this.context.spec(op.spec);
        emitBacks(op, callee, w);
        if (op.dst !== null && callee.result.kind !== 'void') w.assign(op.dst, resultValue(callee, 'R', this.context));
        // Frees in the callee found the frame; marks of older ones are stale.
        for (const table of this.spec.mayFree) w.line(`Z${this.context.tableNumber(table)}=0;`);
        break;
      }
    }
    return w.take();
  }

  private load(live: readonly string[]): void {
    for (const { local, column } of this.spec.frame) {
      if (live.includes(local)) this.w.line(`${this.w.nameOf(local)}=${readText(column, constant(0))};`);
    }
  }

  /** The vertex in which `node` is executed under these flags. */
  private state(node: ProgramNode, started: boolean, spent: boolean): number {
    const key = `${node.index} ${started} ${spent}`;
    const old = this.states.get(key);
    if (old !== undefined) return old;
    const vertex = this.vertices.push({ code: '', exit: { kind: 'end' } }) - 1;
    this.states.set(key, vertex);
    this.work.push({ vertex, node, started, spent });
    return vertex;
  }

  /** Where control goes that reaches node `index` with `started` set: into the node, or to the end of the step. */
  private target(index: number, spent: boolean): number {
    const node = this.node(index);
    const ends = node.cut === 'started' || (node.cut === 'spent' && spent);
    if (!ends) return this.state(node, true, spent);
    const key = `stop ${index}`;
    const old = this.states.get(key);
    if (old !== undefined) return old;
    const vertex = this.vertices.push({ code: this.stopText(node), exit: { kind: 'end' } }) - 1;
    this.states.set(key, vertex);
    return vertex;
  }

  private counter(): { column: Parameters<typeof readText>[0] } {
    const column = this.context.layout.programCounters[this.process];
    if (column === undefined) throw new Error(`no program counter of process ${this.process}`);
    return { column };
  }

  private stopText(node: ProgramNode): string {
    if (node.resume === null) throw new Error(`${this.spec.title}: node ${node.index} can stop and is no resume point`);
    return `${this.storeText(node.live, [{ ...this.counter(), value: constant(node.resume) }])}return 0;`;
  }

  /** The frame with the locals in `live`, the rest of it zero, and `others`. */
  private storeText(
    live: readonly string[],
    others: readonly { readonly column: Parameters<typeof readText>[0]; readonly value: Value }[],
  ): string {
    const slots = this.spec.frame.map(({ local, column }) => ({
      column,
      value: live.includes(local) ? this.w.local(local) : constant(column.bias),
    }));
    return writeManyText([...slots, ...others]);
  }

  private vertexOf(node: ProgramNode, started: boolean, spentBefore: boolean): Vertex {
    const { w } = this;
    const { op } = node;
    const spent = spentBefore || node.spends;
    w.at({ pos: node.pos, id: '' });
    // A counter counts what was executed: behind the test of a statement that may block.
    const count = this.context.count(node.block);
    const around: Surroundings = {
      vanish: 'G=0;return -1;',
      announced: started ? null : 'return 0;',
      tested: !started,
      clearMask: (table) => `Z${this.context.tableNumber(table)}=0;`,
    };
    let exit: Exit = { kind: 'end' };
    const onward = (): void => {
      exit = { kind: 'goto', to: this.target(node.next[0] ?? -1, spent), text: '' };
    };
    if (op.kind !== 'wait' && !(op.kind === 'leaf' && op.stmt.kind === 'acquire')) w.line(count);
    switch (op.kind) {
      case 'leaf':
        emitLeaf(op.stmt, w, around);
        if (op.stmt.kind === 'acquire') w.line(count);
        this.note(op, started);
        onward();
        break;
      case 'goto':
        onward();
        break;
      case 'branch': {
        w.at(op.stmt);
        const branch = branchExit(node, emitCond(op.cond, w), w);
        exit = branch.kind === 'branch' ? { ...branch, yes: this.target(branch.yes, spent), no: this.target(branch.no, spent) } : branch;
        break;
      }
      case 'call':
        if (this.context.spec(op.spec).whole) {
          emitWholeCall(op, w, around);
          if (this.context.vanishing.has(op.spec)) this.vanishes = true;
          onward();
        } else this.emitCall(op, node, spent);
        break;
      case 'monitor':
        emitMonitor(op, w, around);
        if (op.property !== null) this.violates = true;
        onward();
        break;
      case 'wait':
        // At the start of a step it was tested, but a fault of the condition has to be raised again.
        if (started || this.traits[op.spec]?.raises === true) {
          w.line(`if(${emitWaitCall(op, w)}===0){${around.vanish}}`);
          this.vanishes = true;
        }
        w.line(count);
        onward();
        break;
      case 'dangle':
        emitDangle(op, this.fresh.get(node.index) ?? new Set(), w);
        onward();
        break;
      case 'bound':
        w.at(op.stmt);
        w.line(w.raise('bound', op.message));
        break;
      case 'return':
        this.emitReturn(op, spent);
        break;
    }
    return { code: w.take(), exit };
  }

  private note(op: Extract<NodeOp, { kind: 'leaf' }>, started: boolean): void {
    const { kind } = op.stmt;
    if (kind === 'choose') this.chooses = true;
    if (kind === 'assert') this.violates = true;
    if (kind === 'assume' || (kind === 'acquire' && started)) this.vanishes = true;
  }

  /** Suspends this frame and goes on in the callee. */
  private emitCall(op: Call, node: ProgramNode, spent: boolean): void {
    const { w } = this;
    w.at(op.stmt);
    const callee = this.context.spec(op.spec);
    argumentTexts(callee, op.args, w).forEach((arg, k) => {
      w.line(`A${k}=${arg};`);
    });
    const slot = callee.returnSlot === null ? [] : [{ column: callee.returnSlot, value: constant(op.returnIndex) }];
    w.line(this.storeText(suspendedLocals(op, node.live), slot));
    w.line(this.onward(this.regions.request(this.process, op.spec, { kind: 'enter', spent })));
  }

  private onward(region: number): string {
    this.targets.add(region);
    return onward(region);
  }

  private emitReturn(op: Extract<NodeOp, { kind: 'return' }>, spent: boolean): void {
    const { w, spec } = this;
    if (op.value !== null && spec.result.kind !== 'void') w.line(`R=${w.bring(emitExpr(op.value, w), spec.result).text};`);
    if (backParameters(spec).length > 0) emitGiveBack(w);
    const clear = (slots: Parameters<RegionWriter['storeText']>[1]): string => this.storeText([], slots);
    const slot = spec.returnSlot === null ? [] : [{ column: spec.returnSlot, value: constant(spec.returnSlot.bias) }];
    const sites = spec.callSites.flatMap((site, k) => {
      const call = this.context.spec(site.spec).nodes[site.node];
      if (call?.next[op.exit] === undefined) return [];
      return [{ k, region: () => this.regions.request(this.process, site.spec, { kind: 'back', call: site.node, exit: op.exit, spent }) }];
    });
    const [first] = sites;
    if (first === undefined) {
      w.line(`${clear([...slot, { ...this.counter(), value: constant(0) }])}return 0;`);
      return;
    }
    if (sites.length === 1 || spec.returnSlot === null) {
      w.line(`${clear(slot)}${this.onward(first.region())}`);
      return;
    }
    const from = w.temporary({ text: readText(spec.returnSlot, constant(0)), ...intervalOf(this.context.tables, { kind: 'bool' }) });
    const cases = sites.map((site) => `case ${site.k}:${this.onward(site.region())}`);
    w.line(`${clear(slot)}switch(${from.text}){${cases.join('')}}return 0;`);
  }
}

/** Whether frees must know which spec runs. */
function usesFrameWalk(context: EmitContext): boolean {
  return context.program.specs.some((spec) => spec.mayFree.length > 0);
}
