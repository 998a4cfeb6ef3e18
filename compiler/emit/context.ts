/**
 * What all parts of the emitter share while one system is compiled, and what is kept for one function.
 *
 * In: description, program, layout. Out: numbers for faults, helper functions, names of locals.
 * Never: a name of the model in a text that is run; names appear as numbers only.
 */

import type { SystemDescription } from '../description.ts';
import type { Fault, FaultKind } from '../faults.ts';
import type { OutOfRange, Position, ScalarType } from '../ir/types.ts';
import type { FieldLayout, Layout } from '../machine/layout.ts';
import type { Program, ProgramNode, Spec } from '../program/types.ts';
import { constant, intervalOf, type Tables, type Value } from './values.ts';

/** For tests: `always`, also where it is no less work; `forget`, a field (`table.field`) that is taken for one that predicates do not read. */
export interface Remembering {
  readonly always?: boolean;
  readonly forget?: string;
}

export class EmitContext {
  readonly description: SystemDescription;
  readonly program: Program;
  readonly layout: Layout;
  readonly tables: Tables;
  /** Every way in which some statement can fault; generated code raises them by number. */
  readonly faults: Fault[] = [];
  /** Helper functions made on demand (list operations, `free`), by their name. */
  readonly helpers = new Map<string, { text: string; raises: boolean }>();
  /** Names of `mark` statements: their counters are numbered in this order. */
  readonly marks: string[] = [];
  /** Block numbers by spec, node and edge of a branch. */
  readonly edgeBlocks = new Map<string, number>();
  /** Whole specs whose call may end the path without a successor. */
  readonly vanishing: ReadonlySet<number>;
  /** Whole specs that can call themselves, directly or not. */
  readonly recursive: ReadonlySet<number>;
  /** Whether counters of blocks are emitted. */
  readonly coverage: boolean;
  /** Longest body of a generated function, in characters, where it can be cut. */
  readonly bodyMax: number;
  /** How answers of predicates are remembered; null: not at all. */
  readonly remembers: Remembering | null;
  /** Words of the array `B` that are taken. */
  rememberedWords = 0;
  private readonly faultNumbers = new Map<string, number>();
  private readonly names = new Map<number, ReadonlyMap<string, string>>();

  constructor(
    description: SystemDescription,
    program: Program,
    layout: Layout,
    coverage: boolean,
    bodyMax: number,
    remembers: Remembering | null = {},
  ) {
    this.description = description;
    this.program = program;
    this.layout = layout;
    this.coverage = coverage;
    this.bodyMax = bodyMax;
    this.remembers = remembers;
    this.tables = new Map(description.machine.tables.map((table) => [table.name, table]));
    program.blocks.forEach(({ spec, node, edge }, block) => {
      if (edge !== null) this.edgeBlocks.set(`${spec} ${node} ${edge}`, block);
    });
    const calls = program.specs.map((spec) => calledBy(spec));
    this.vanishing = closure(
      program.specs.filter((spec) => spec.whole && spec.nodes.some(mayVanish)).map((spec) => spec.index),
      calls,
    );
    this.recursive = new Set(program.specs.filter((spec) => reaches(spec.index, calls)).map((spec) => spec.index));
  }

  spec(index: number): Spec {
    const spec = this.program.specs[index];
    if (spec === undefined) throw new Error(`no spec ${index}`);
    return spec;
  }

  field(table: string, field: string): FieldLayout {
    const found = this.layout.fields.get(`${table}.${field}`);
    if (found === undefined) throw new Error(`no field ${table}.${field} in the layout`);
    return found;
  }

  /** Names of a spec's locals in generated text: `v0`, `v1`, … */
  namesOf(spec: Spec): ReadonlyMap<string, string> {
    const known = this.names.get(spec.index);
    if (known !== undefined) return known;
    const made = new Map([...spec.locals.keys()].map((local, k) => [local, `v${k}`]));
    this.names.set(spec.index, made);
    return made;
  }

  /** Number of a table among all, for names of helpers and masks. */
  tableNumber(name: string): number {
    return this.description.machine.tables.findIndex((table) => table.name === name);
  }

  /** Number of a field among all, for names of helpers. */
  fieldNumber(layout: FieldLayout): number {
    return [...this.layout.fields.values()].indexOf(layout);
  }

  /** The number under which generated code raises this fault at this statement. */
  fault(at: { readonly pos: Position; readonly id: string }, kind: FaultKind, message: string): number {
    const key = JSON.stringify([kind, message, at.id, at.pos]);
    const old = this.faultNumbers.get(key);
    if (old !== undefined) return old;
    this.faults.push({ kind, message, position: at.pos, statement: at.id });
    this.faultNumbers.set(key, this.faults.length - 1);
    return this.faults.length - 1;
  }

  /** Number of the counter of a `mark`. */
  mark(name: string): number {
    const index = this.marks.indexOf(name);
    return index >= 0 ? index : this.marks.push(name) - 1;
  }

  /** Text that counts an entry of a block; empty where none is asked for. */
  count(block: number | null | undefined): string {
    return this.coverage && block !== null && block !== undefined ? `C[${block}]++;` : '';
  }
}

function calledBy(spec: Spec): number[] {
  return spec.nodes.flatMap(({ op }) => (op.kind === 'call' || op.kind === 'monitor' || op.kind === 'wait' ? [op.spec] : []));
}
function mayVanish({ op }: ProgramNode): boolean {
  return op.kind === 'wait' || (op.kind === 'leaf' && (op.stmt.kind === 'assume' || op.stmt.kind === 'acquire'));
}
/** The specs that reach one of `seeds` through calls. */
function closure(seeds: readonly number[], calls: readonly (readonly number[])[]): Set<number> {
  const found = new Set(seeds);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    calls.forEach((callees, caller) => {
      if (callees.some((callee) => found.has(callee))) found.add(caller);
    });
  }
  return found;
}
function reaches(start: number, calls: readonly (readonly number[])[]): boolean {
  const seen = new Set<number>();
  const work = [...(calls[start] ?? [])];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (at === start) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    work.push(...(calls[at] ?? []));
  }
  return false;
}

/** State while the text of one generated function is written. */
export class FunctionWriter {
  readonly context: EmitContext;
  readonly spec: Spec;
  /** The process, where it is known. */
  readonly self: number | null;
  /** What the function does beyond plain reads and writes: decides how it is called. */
  raises = false;
  readonly callees = new Set<number>();
  readonly helpersUsed = new Set<string>();
  /** Locals that the text mentions. */
  readonly used = new Set<string>();
  /** Substitutes for locals, e.g. reads of frame slots. */
  substitutes: ReadonlyMap<string, Value> | null = null;
  private readonly names: ReadonlyMap<string, string>;
  private temporaries = 0;
  private out: string[] = [];
  private place: { readonly pos: Position; readonly id: string };

  constructor(context: EmitContext, spec: Spec, self: number | null) {
    this.context = context;
    this.spec = spec;
    this.self = self;
    this.names = context.namesOf(spec);
    this.place = { pos: spec.procedure.pos, id: '' };
  }

  /** Statement that faults are put down to from now on. */
  at(place: { readonly pos: Position; readonly id: string }): void {
    this.place = { pos: place.pos, id: place.id };
  }

  line(text: string): void {
    this.out.push(text);
  }

  /** The lines since the last call. */
  take(): string {
    const text = this.out.join('');
    this.out = [];
    return text;
  }

  /** A fresh constant holding `value`, unless it is cheap to repeat anyway. */
  temporary(value: Value): Value {
    if (/^[\w.]+$/.test(value.text)) return value;
    const name = `t${this.temporaries++}`;
    this.line(`const ${name}=${value.text};`);
    return { ...value, text: name };
  }

  fault(kind: FaultKind, message: string): number {
    this.raises = true;
    return this.context.fault(this.place, kind, message);
  }

  /** A statement that raises. */
  raise(kind: FaultKind, message: string): string {
    return `X(${this.fault(kind, message)});`;
  }

  /** Type of a local or parameter. */
  typeOf(local: string): ScalarType {
    const type = this.spec.locals.get(local);
    if (type === undefined) throw new Error(`${this.spec.title}: no local ${local}`);
    return type;
  }

  nameOf(local: string): string {
    const name = this.names.get(local);
    if (name === undefined) throw new Error(`${this.spec.title}: no local ${local}`);
    this.used.add(local);
    return name;
  }

  local(local: string): Value {
    const substitute = this.substitutes?.get(local);
    if (substitute !== undefined) return substitute;
    const position = this.spec.procedure.params.findIndex((param) => param.name === local);
    const fixed = position < 0 || this.spec.locals.has(local) ? null : (this.spec.constants[position] ?? null);
    if (fixed !== null) return constant(fixed);
    return { text: this.nameOf(local), ...intervalOf(this.context.tables, this.typeOf(local)) };
  }

  /** A statement that gives a local a value, brought into its type. */
  assign(local: string, value: Value): void {
    this.line(`${this.nameOf(local)}=${this.bring(value, this.typeOf(local)).text};`);
  }

  /** `value` in the range of `type`, by its rule. */
  bring(value: Value, type: ScalarType): Value {
    if (type.kind === 'bool') return value.lo >= 0 && value.hi <= 1 ? value : { text: `(${value.text}!==0?1:0)`, lo: 0, hi: 1 };
    if (type.kind !== 'int') return value;
    const { min, max, overflow, underflow } = type;
    if (value.lo >= min && value.hi <= max) return value;
    const lo = Math.max(value.lo, min);
    const hi = Math.min(value.hi, max);
    const range = lo <= hi ? { lo, hi } : { lo: min, hi: max };
    const bits = Math.log2(max - min + 1);
    if (overflow === 'wrap' && underflow === 'wrap' && Number.isInteger(bits) && (min === 0 || min === -(2 ** (bits - 1)))) {
      return { text: wrapText(value.text, bits, min < 0), lo: min, hi: max };
    }
    let text = value.text;
    if (value.hi > max) text = this.side(text, 'over', overflow, min, max);
    if (value.lo < min) text = this.side(text, 'under', underflow, min, max);
    return { text, ...(overflow === 'wrap' || underflow === 'wrap' ? { lo: min, hi: max } : range) };
  }

  private side(text: string, side: 'over' | 'under', rule: OutOfRange, min: number, max: number): string {
    const limit = side === 'over' ? max : min;
    if (rule === 'wrap') return `w${side === 'over' ? 'o' : 'u'}(${text},${min},${max})`;
    if (rule === 'saturate') return side === 'over' ? `co(${text},${max})` : `cu(${text},${min})`;
    const number =
      rule === 'fault'
        ? this.fault('underflow', `value ${side === 'over' ? 'above' : 'below'} ${limit}`)
        : this.fault('bound', `of values ${side === 'over' ? 'up to' : 'from'} ${limit}`);
    return `q${side === 'over' ? 'o' : 'u'}(${text},${limit},${number})`;
  }
}

function wrapText(text: string, bits: number, signed: boolean): string {
  if (bits === 32) return signed ? `(${text}|0)` : `(${text}>>>0)`;
  return signed ? `(${text}<<${32 - bits}>>${32 - bits})` : `(${text}&${2 ** bits - 1})`;
}
