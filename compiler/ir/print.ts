/**
 * IR as text of the subset, for readers, and for the front end to read again.
 *
 * In: procedures. Out: TypeScript. Never: text that means something else; where the subset has no word
 * (two results of one compare-exchange, a choice that may not repeat) the nearest words are used.
 */
import { printBody } from './printBody.ts';
import { Names, safeName } from './printNames.ts';
import type { PrintOptions } from './printWriter.ts';
import { spellType } from './typeRelations.ts';
import type { Procedure } from './types.ts';

export type { PrintOptions } from './printWriter.ts';

/** One procedure as an exported function with its docstring. */
export function printProcedure(procedure: Procedure, options: PrintOptions = {}): string {
  const names = new Names(procedure);
  const body = printBody(procedure, names, options);
  const doc = procedure.doc === '' ? [] : docLines(procedure.doc);
  const result = spellType(procedure.result);
  return [...doc, `export function ${safeName(procedure.name)}(${printParams(procedure, names)}): ${result} {`, ...body, '}'].join('\n');
}

/** Procedures in the order given, a blank line between them. */
export function printProcedures(procedures: Iterable<Procedure>, options: PrintOptions = {}): string {
  return [...procedures].map((procedure) => `${printProcedure(procedure, options)}\n`).join('\n');
}

function printParams(procedure: Procedure, names: Names): string {
  const done = new Set<string>();
  return procedure.params
    .flatMap((param) => {
      const record = names.recordOf(param.name);
      if (record === null) return [`${names.spell(param.name)}: ${names.typeText(param.type)}`];
      if (done.has(record.name)) return [];
      done.add(record.name);
      return [`${record.name}: ${names.recordType(record)}`];
    })
    .join(', ');
}

function docLines(doc: string): string[] {
  const lines = doc.replaceAll('*/', '* /').split('\n');
  if (lines.length === 1) return [`/** ${lines[0]} */`];
  return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
}
