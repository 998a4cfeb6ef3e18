/**
 * How the locals of a procedure are spelled and typed in text, and where they can be declared.
 *
 * In: a procedure. Out: spellings, record shapes, counts of reads and writes. Never: a statement's text.
 */
import { spellType } from './typeRelations.ts';
import type { Procedure, ScalarType, Stmt } from './types.ts';
import { bodiesOf, localsRead, localsWritten, visitStmts } from './walk.ts';

export interface RecordShape {
  /** The record's name; its members in order, each with the IR's name of the local. */
  readonly name: string;
  readonly members: readonly { readonly path: string; readonly local: string; readonly type: ScalarType }[];
}

export class Names {
  readonly types = new Map<string, ScalarType>();
  readonly records = new Map<string, RecordShape>();
  readonly #spellings = new Map<string, string>();
  readonly #recordOf = new Map<string, string>();
  readonly #temporaries = new Set<string>();
  readonly #reads = new Map<string, number>();
  readonly #writes = new Map<string, number>();

  constructor(procedure: Procedure) {
    const passed = new Set(procedure.params.filter((param) => param.mode === 'inout').map((param) => param.name));
    visitStmts(procedure.body, (stmt) => {
      if (stmt.kind === 'call') for (const arg of stmt.args) if (arg.mode === 'inout') passed.add(arg.local);
      for (const name of localsRead(stmt)) this.#reads.set(name, (this.#reads.get(name) ?? 0) + 1);
      for (const name of localsWritten(stmt)) this.#writes.set(name, (this.#writes.get(name) ?? 0) + 1);
    });
    const taken = new Set<string>();
    for (const { name, type } of [...procedure.params, ...procedure.locals]) {
      this.types.set(name, type);
      // What is passed in and out is a record in the text: `n` becomes `n.value`.
      const path = name.includes('.') ? name : passed.has(name) ? `${name}.value` : name;
      const [head = '', ...rest] = path.split('.');
      const spelled = [safeName(head), ...rest].join('.');
      this.#spellings.set(name, spelled);
      taken.add(spelled);
      if (rest.length > 0) this.#addMember(safeName(head), rest.join('.'), name, type);
    }
    for (const local of procedure.locals) if (local.temporary && !this.#recordOf.has(local.name)) this.#temporaries.add(local.name);
  }

  spell(local: string): string {
    return this.#spellings.get(local) ?? safeName(local);
  }
  recordOf(local: string): RecordShape | null {
    const name = this.#recordOf.get(local);
    return name === undefined ? null : (this.records.get(name) ?? null);
  }
  isTemporary(local: string): boolean {
    return this.#temporaries.has(local);
  }
  reads(local: string): number {
    return this.#reads.get(local) ?? 0;
  }
  writes(local: string): number {
    return this.#writes.get(local) ?? 0;
  }
  typeText(type: ScalarType): string {
    const text = spellType(type);
    // A range that the subset has no word for: the next C type that holds it.
    if (type.kind === 'int' && /^-?\d/.test(text)) return type.min < 0 ? 's32' : 'u32';
    return text;
  }
  recordType(shape: RecordShape): string {
    const only = shape.members[0];
    if (shape.members.length === 1 && only?.path === 'value') return `Out<${this.typeText(only.type)}>`;
    return `{ ${shape.members.map((member) => `${member.path}: ${this.typeText(member.type)}`).join('; ')} }`;
  }

  #addMember(record: string, path: string, local: string, type: ScalarType): void {
    const shape = this.records.get(record);
    this.records.set(record, { name: record, members: [...(shape?.members ?? []), { path, local, type }] });
    this.#recordOf.set(local, record);
  }
}

/** Names that TypeScript keeps for itself, and what is no identifier, made into one. */
export function safeName(name: string): string {
  const word = name.replace(/[^\w$]/g, '_').replace(/^(?=\d)/, '_');
  return reserved.has(word) ? `${word}_` : word;
}
const reserved = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in ' +
    'instanceof new null return super switch this throw true try typeof var void while with let static yield await async ghost NULL'
  ).split(' '),
);

/** All occurrences of locals in a list and what is nested in it. */
export function occurrences(body: readonly Stmt[], into = new Map<string, number>()): Map<string, number> {
  for (const stmt of body) {
    for (const name of [...localsRead(stmt), ...localsWritten(stmt)]) into.set(name, (into.get(name) ?? 0) + 1);
    for (const inner of bodiesOf(stmt)) occurrences(inner, into);
  }
  return into;
}
