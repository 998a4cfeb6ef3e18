/**
 * Numbers and C spellings of what a system consists of: tables, fields, specs and their locals.
 *
 * In: a compiled system. Out: texts made of numbers. Never: a name of the model outside a comment.
 */

import type { SystemDescription } from '../description.ts';
import type { FieldDescription, PointerType, RefType, ScalarType, TableDescription } from '../ir/types.ts';
import type { Program, ProgramNode, Spec } from '../program/types.ts';
import type { CompiledSystem } from '../system.ts';

/** How C sees a reference or pointer that a `free` makes dangling. */
export interface RefShape {
  readonly table: number;
  /** Elements a row: value v refers to row (v - 1) / length. */
  readonly length: number;
  readonly dangling: number;
}

export class PromelaContext {
  readonly description: SystemDescription;
  readonly program: Program;
  /** Messages of `bound` faults and of failed assertions that end a path, by number. */
  readonly messages: string[] = [];
  private readonly tables: ReadonlyMap<string, { readonly table: TableDescription; readonly index: number }>;

  constructor(system: Pick<CompiledSystem, 'description' | 'program'>) {
    this.description = system.description;
    this.program = system.program;
    this.tables = new Map(system.description.machine.tables.map((table, index) => [table.name, { table, index }]));
  }

  table(name: string): TableDescription {
    return this.tableEntry(name).table;
  }
  tableNumber(name: string): number {
    return this.tableEntry(name).index;
  }
  field(table: string, path: string): FieldDescription {
    const found = this.table(table).fields.find((field) => field.path === path);
    if (found === undefined) throw new Error(`no field ${table}.${path}`);
    return found;
  }
  /** `f2_7`: the member of the state that holds the field; locks and lists add a suffix. */
  fieldName(table: string, path: string): string {
    return `f${this.tableNumber(table)}_${this.table(table).fields.findIndex((field) => field.path === path)}`;
  }
  /** `live3`, a byte a row; null if rows of the table do not come and go. */
  liveName(table: string): string | null {
    return this.table(table).dynamic ? `live${this.tableNumber(table)}` : null;
  }
  lengthOf(table: string, path: string): number {
    return Math.max(this.field(table, path).length, 1);
  }

  /** The value of `type` that stands for "its row was freed"; -1 if it has none. */
  dangling(type: RefType | PointerType): number {
    const { rows, dynamic } = this.table(type.table);
    if (!dynamic) return -1;
    if (type.kind === 'ref') return type.strong ? rows + type.specials + 1 : -1;
    return rows * this.lengthOf(type.table, type.field) + 1;
  }
  /** Null for types that no `free` touches. */
  refShape(type: ScalarType): RefShape | null {
    if (type.kind !== 'ref' && type.kind !== 'pointer') return null;
    const dangling = this.dangling(type);
    if (dangling < 0) return null;
    const length = type.kind === 'ref' ? 1 : this.lengthOf(type.table, type.field);
    return { table: this.tableNumber(type.table), length, dangling };
  }
  /** The least C type that holds every value of `type`. */
  cType(type: ScalarType): string {
    const [min, max] = this.range(type);
    if (min >= 0) return max <= 0xff ? 'unsigned char' : max <= 0xffff ? 'unsigned short' : 'unsigned int';
    return min >= -0x80 && max <= 0x7f ? 'signed char' : min >= -0x8000 && max <= 0x7fff ? 'short' : 'int';
  }
  private range(type: ScalarType): [number, number] {
    switch (type.kind) {
      case 'bool':
        return [0, 1];
      case 'int':
        return [type.min, type.max];
      case 'ref':
        return [0, this.table(type.table).rows + type.specials + 1];
      case 'pointer':
        return [0, this.table(type.table).rows * this.lengthOf(type.table, type.field) + 1];
    }
  }

  spec(index: number): Spec {
    const spec = this.program.specs[index];
    if (spec === undefined) throw new Error(`no spec ${index}`);
    return spec;
  }
  node(spec: Spec, index: number): ProgramNode {
    const node = spec.nodes[index];
    if (node === undefined) throw new Error(`no node ${index} in spec ${spec.index}`);
    return node;
  }
  /** Number under which C prints the message. */
  message(text: string): number {
    const known = this.messages.indexOf(text);
    return known >= 0 ? known : this.messages.push(text) - 1;
  }

  private tableEntry(name: string): { readonly table: TableDescription; readonly index: number } {
    const found = this.tables.get(name);
    if (found === undefined) throw new Error(`no table ${name}`);
    return found;
  }
}

/** A name inside a C comment: nothing that could end the comment, or start anything. */
export function remark(text: string): string {
  return `/* ${text.replace(/[^A-Za-z0-9_.,:=()[\] -]/g, '?')} */`;
}
/** Text inside a C string that is also inside a Promela text. */
export function quoted(text: string): string {
  return `"${text.replace(/[^A-Za-z0-9_.,:=()[\] -]/g, '?')}"`;
}
