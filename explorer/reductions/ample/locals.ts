/**
 * Where each process is and what it knows: the bits of a state that are its own, as a number.
 *
 * In: words of states. Out: a number for each local state of one process, and what it stands for. Never: an allocation for one that is known.
 */
import {
  type Column,
  type CompiledSystem,
  type KnownStack,
  type ResumePoint,
  readElement,
  type ScalarType,
  type TableDescription,
} from '../../../compiler/index.ts';

export interface LocalState {
  readonly point: ResumePoint;
  /** Null: the process has ended. */
  readonly stack: KnownStack | null;
}

/** Whether what a local holds does not count: its value changes for reasons that are not the process's own. */
export type Ignored = (spec: number, local: string) => boolean;

export class LocalStates {
  readonly all: LocalState[] = [];
  /** Words of the state that hold bits of this process, and which. */
  readonly words: Int32Array;
  readonly masks: Int32Array;
  /** The bits of them that others change: references that dangle when a row is freed. */
  readonly dangling: Int32Array;
  private readonly ignored: Int32Array;
  private keys = new Int32Array(0);
  /** Number + 1 by hash; 0 is empty. */
  private slots = new Int32Array(64);

  constructor(
    private readonly system: CompiledSystem,
    private readonly process: number,
    private readonly ignores: Ignored,
  ) {
    const { program, layout, words } = system;
    const own = new Int32Array(words);
    this.ignored = new Int32Array(words);
    const dangling = new Int32Array(words);
    mark(own, layout.programCounters[process] as Column);
    for (const spec of program.specs) {
      if (spec.process !== process) continue;
      if (spec.returnSlot !== null) mark(own, spec.returnSlot);
      for (const { local, column } of spec.frame) {
        mark(ignores(spec.index, local) ? this.ignored : own, column);
        if (this.dynamicTable(spec.locals.get(local)) !== null) mark(dangling, column);
      }
    }
    // Specs share bits: what counts for one of them may not count for another.
    const masks = own.map((mask, word) => mask & ~(this.ignored[word] as number));
    this.words = Int32Array.from(masks.keys()).filter((word) => masks[word] !== 0);
    this.masks = this.words.map((word) => masks[word] as number);
    this.dangling = this.words.map((word) => (masks[word] as number) & (dangling[word] as number));
  }

  /** The number of the local state in the state at `base`; a new one is added. */
  at(base: number): number {
    const { words, masks, slots } = this;
    const { buffer } = this.system;
    const length = words.length;
    let hash = 0;
    for (let i = 0; i < length; i++) {
      hash = Math.imul(hash ^ ((buffer[base + (words[i] as number)] as number) & (masks[i] as number)), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const ones = slots.length - 1;
    for (let slot = hash & ones; ; slot = (slot + 1) & ones) {
      const number = (slots[slot] as number) - 1;
      if (number < 0) return this.add(base, hash);
      let i = 0;
      while (i < length && this.keys[number * length + i] === ((buffer[base + (words[i] as number)] as number) & (masks[i] as number))) i++;
      if (i === length) return number;
    }
  }

  /** Whether the state at `base` has the local state of that number: less work than to look for it. */
  isAt(number: number, base: number): boolean {
    const { words, masks, keys } = this;
    const { buffer } = this.system;
    const length = words.length;
    const key = number * length;
    for (let i = 0; i < length; i++)
      if (((buffer[base + (words[i] as number)] as number) & (masks[i] as number)) !== keys[key + i]) return false;
    return true;
  }

  private add(base: number, hash: number): number {
    const { words, masks } = this;
    const { buffer } = this.system;
    const number = this.all.push(this.decode(base)) - 1;
    const length = words.length;
    if ((number + 1) * length > this.keys.length) {
      const longer = new Int32Array(Math.max(64 * length, 2 * this.keys.length));
      longer.set(this.keys);
      this.keys = longer;
    }
    for (let i = 0; i < length; i++)
      this.keys[number * length + i] = (buffer[base + (words[i] as number)] as number) & (masks[i] as number);
    if (2 * (number + 1) > this.slots.length) this.rehash();
    else this.place(hash, number);
    return number;
  }

  private place(hash: number, number: number): void {
    const ones = this.slots.length - 1;
    let slot = hash & ones;
    while (this.slots[slot] !== 0) slot = (slot + 1) & ones;
    this.slots[slot] = number + 1;
  }

  private rehash(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    const length = this.words.length;
    for (let number = 0; number < this.all.length; number++) {
      let hash = 0;
      for (let i = 0; i < length; i++) {
        hash = Math.imul(hash ^ (this.keys[number * length + i] as number), 0x9e3779b1);
        hash ^= hash >>> 15;
      }
      this.place(hash, number);
    }
  }

  private decode(base: number): LocalState {
    const { buffer, program, layout } = this.system;
    const resume = readElement(buffer, base, layout.programCounters[this.process] as Column, 0);
    const point = program.processes[this.process]?.resumes[resume];
    if (point === undefined) throw new RangeError(`process ${this.process} has no resume point ${resume}`);
    return { point, stack: point.spec < 0 ? null : this.frameAt(base, point.spec, point.node) };
  }

  private frameAt(base: number, number: number, node: number): KnownStack {
    const { buffer, program } = this.system;
    const spec = program.specs[number];
    if (spec === undefined) throw new RangeError(`no spec ${number}`);
    const known = new Map<string, number>();
    for (const { local, column } of spec.frame) {
      if (this.ignores(number, local) || overlaps(this.ignored, column)) continue;
      const value = readElement(buffer, base, column, 0);
      // Of a reference that dangles it is not told which row it was to: in another order it may not dangle yet.
      if (!this.dangles(spec.locals.get(local), value)) known.set(local, value);
    }
    const site = spec.callSites[spec.returnSlot === null ? 0 : readElement(buffer, base, spec.returnSlot, 0)];
    return { spec: number, node, known, caller: site === undefined ? null : this.frameAt(base, site.spec, site.node) };
  }

  private dangles(type: ScalarType | undefined, value: number): boolean {
    const table = this.dynamicTable(type);
    if (table === null || (type?.kind !== 'pointer' && type?.kind !== 'ref')) return false;
    const length = type.kind === 'pointer' ? Math.max(1, table.fields.find(({ path }) => path === type.field)?.length ?? 1) : 1;
    return value > table.rows * length + (type.kind === 'ref' ? type.specials : 0);
  }

  /** The table whose rows come and go, of a reference that dangles when its row goes; else null. */
  private dynamicTable(type: ScalarType | undefined): TableDescription | null {
    if (type?.kind !== 'pointer' && !(type?.kind === 'ref' && type.strong)) return null;
    const table = this.system.description.machine.tables.find(({ name }) => name === type.table);
    return table?.dynamic === true ? table : null;
  }
}

function onesOf({ bits }: Column): number {
  return bits === 32 ? -1 : (1 << bits) - 1;
}
/** Columns of control state have one element. */
function mark(words: Int32Array, column: Column): void {
  if (column.bits > 0) words[column.word] = (words[column.word] as number) | (onesOf(column) << column.shift);
}
function overlaps(words: Int32Array, column: Column): boolean {
  return column.bits > 0 && ((words[column.word] as number) & (onesOf(column) << column.shift)) !== 0;
}
