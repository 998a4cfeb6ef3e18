/**
 * The control state of one process: its resume points and the frames of the specs it can stop in.
 *
 * In: the instances that are not whole, with their cuts and live locals. Out: columns. Never: two live values in
 * the same bits: a callee's frame lies behind those of all its callers, siblings share bits.
 */
import type { MachineDescription } from '../ir/types.ts';
import { bitsFor, type Packer, widthOf, widthOfRange } from '../machine/buildLayout.ts';
import type { Column } from '../machine/layout.ts';
import { calleeOf } from './conflicts.ts';
import { type Cuts, firstAction } from './cuts.ts';
import type { Instance, InstanceNode } from './instance.ts';
import type { Liveness } from './liveness.ts';
import type { Range } from './ranges.ts';
import { localTypes } from './specialise.ts';
import type { FrameSlot } from './types.ts';

export interface Frames {
  readonly programCounter: Column;
  /** Number 0 is "ended". */
  readonly resumes: readonly { readonly instance: Instance | null; readonly node: number; readonly idle: boolean }[];
  readonly initial: number;
  resumeOf(instance: Instance, node: InstanceNode): number | null;
  slotsOf(instance: Instance): readonly FrameSlot[];
  returnSlotOf(instance: Instance): Column | null;
  callSitesOf(instance: Instance): readonly { readonly instance: Instance; readonly node: number; readonly caller: InstanceNode }[];
}

export interface FramesInput {
  readonly process: number;
  readonly entry: Instance;
  /** Not whole. */
  readonly instances: readonly Instance[];
  readonly all: readonly Instance[];
  readonly cuts: Cuts;
  readonly liveness: (instance: Instance) => Liveness;
  readonly isWhole: (instance: Instance) => boolean;
  readonly ranges: ReadonlyMap<Instance, ReadonlyMap<string, Range>>;
  readonly machine: MachineDescription;
  readonly packer: Packer;
}

export function framesOf(input: FramesInput): Frames {
  const resumes: { instance: Instance | null; node: number; idle: boolean }[] = [{ instance: null, node: -1, idle: false }];
  const numbers = new Map<InstanceNode, number>();
  const addResume = (instance: Instance, node: InstanceNode): number => {
    const known = numbers.get(node);
    if (known !== undefined) return known;
    const number = resumes.push({ instance, node: node.index, idle: node.op.kind === 'wait' && node.op.idle }) - 1;
    numbers.set(node, number);
    return number;
  };
  const entryNode = input.entry.nodes[input.entry.entry];
  if (entryNode === undefined) throw new Error('a process without statements');
  // Where it first does something: a process that starts at a wait is seen to be blocked, or idle.
  const initial = addResume(input.entry, firstAction(input.entry, entryNode));
  for (const instance of input.instances) {
    for (const node of instance.nodes) if (input.cuts.partOf(instance, node).cut !== 'never') addResume(instance, node);
  }
  const sites = callSites(input);
  const places = new Placement(input, numbers, sites);
  // Only when every spec is placed is it known how many bits the process needs.
  // A process that cannot end does not need the number for it; one with a single place to be needs no bits.
  const bias = input.entry.exits.length === 0 ? 1 : 0;
  const programCounter = input.packer.place({ bits: bitsFor(resumes.length - bias), bias, signed: false }, 1);
  places.run();
  return {
    programCounter,
    resumes,
    initial,
    resumeOf: (_, node) => numbers.get(node) ?? null,
    slotsOf: (instance) => places.slots.get(instance) ?? [],
    returnSlotOf: (instance) => places.returnSlots.get(instance) ?? null,
    callSitesOf: (instance) => sites.get(instance) ?? [],
  };
}

type Sites = Map<Instance, { instance: Instance; node: number; caller: InstanceNode }[]>;

function callSites(input: FramesInput): Sites {
  const sites: Sites = new Map();
  for (const instance of input.instances) {
    for (const node of instance.nodes) {
      const callee = node.op.kind === 'call' ? calleeOf(node) : null;
      if (callee === null || input.isWhole(callee)) continue;
      const list = sites.get(callee) ?? [];
      list.push({ instance, node: node.index, caller: node });
      sites.set(callee, list);
    }
  }
  return sites;
}

/** Locals that have to be kept: live where the process can stop, over a call that may stop, or at the entry. */
function keptLocals(input: FramesInput, instance: Instance, numbers: ReadonlyMap<InstanceNode, number>): string[] {
  const kept = new Set<string>();
  const liveness = input.liveness(instance);
  for (const node of instance.nodes) {
    if (numbers.has(node) || node.index === instance.entry) for (const local of liveness.before(node)) kept.add(local);
    const callee = node.op.kind === 'call' ? calleeOf(node) : null;
    if (callee !== null && !input.isWhole(callee)) for (const local of liveness.across(node)) kept.add(local);
  }
  return [...kept].sort();
}

/** Frames in levels: an instance lies behind all its callers. The words of a level are shared by its siblings. */
class Placement {
  readonly slots = new Map<Instance, FrameSlot[]>();
  readonly returnSlots = new Map<Instance, Column>();

  constructor(
    private readonly input: FramesInput,
    private readonly numbers: ReadonlyMap<InstanceNode, number>,
    private readonly sites: Sites,
  ) {}

  run(): void {
    const depth = new Map<Instance, number>();
    const depthOf = (instance: Instance): number => {
      const known = depth.get(instance);
      if (known !== undefined) return known;
      const callers = this.sites.get(instance) ?? [];
      const found = callers.reduce((deepest, site) => Math.max(deepest, depthOf(site.instance) + 1), 0);
      depth.set(instance, found);
      return found;
    };
    const levels: Instance[][] = [];
    for (const instance of this.input.instances) {
      const level = levels[depthOf(instance)] ?? [];
      level.push(instance);
      levels[depthOf(instance)] = level;
    }
    for (const level of levels) this.placeLevel(level ?? []);
  }

  /**
   * Instances of one level are never active at once in one process, so they share bits: slots of equal
   * rank, widest first, share a column as wide as the widest of them.
   */
  private placeLevel(level: readonly Instance[]): void {
    const wanted = level.map((instance) => ({
      instance,
      slots: this.wantedSlots(instance).toSorted((a, b) => b.width.bits - a.width.bits),
    }));
    const ranks = Math.max(0, ...wanted.map((w) => w.slots.length));
    for (let rank = 0; rank < ranks; rank++) {
      const here = wanted.flatMap((w) => {
        const slot = w.slots[rank];
        return slot === undefined ? [] : [{ instance: w.instance, slot }];
      });
      const bits = Math.max(...here.map((h) => h.slot.width.bits));
      const shared = this.input.packer.place({ bits, bias: 0, signed: false }, 1);
      for (const { instance, slot } of here) {
        const column: Column = { ...shared, bits: slot.width.bits, signed: slot.width.signed, bias: slot.width.bias };
        if (slot.local === null) this.returnSlots.set(instance, column);
        else this.slots.set(instance, [...(this.slots.get(instance) ?? []), { local: slot.local, column }]);
      }
    }
  }

  private wantedSlots(instance: Instance): { local: string | null; width: { bits: number; bias: number; signed: boolean } }[] {
    const types = localTypes(instance);
    const ranges = this.input.ranges.get(instance);
    const wanted: { local: string | null; width: { bits: number; bias: number; signed: boolean } }[] = keptLocals(
      this.input,
      instance,
      this.numbers,
    ).map((local) => {
      const type = types.get(local);
      if (type === undefined) throw new Error(`${instance.procedure.name}: no local ${local}`);
      const range = type.kind === 'int' ? ranges?.get(local) : undefined;
      return { local, width: range === undefined ? widthOf(type, this.input.machine) : widthOfRange(range.min, range.max) };
    });
    const callers = this.sites.get(instance)?.length ?? 0;
    if (callers > 1) wanted.push({ local: null, width: { bits: bitsFor(callers), bias: 0, signed: false } });
    return wanted;
  }
}
