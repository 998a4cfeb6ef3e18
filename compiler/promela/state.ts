/**
 * The state as a C structure: one member a field, one byte or more an element, nothing packed.
 *
 * In: tables, frames of processes. Out: C declarations, and `free` of each table. Never: the packed layout, which it is to check.
 */
import type { FieldDescription, TableDescription } from '../ir/types.ts';
import { type PromelaContext, remark } from './context.ts';

/** Member of the state that keeps a local of a process over steps. */
export function frameName(spec: number, slot: number): string {
  return `g${spec}_${slot}`;
}
export function returnName(spec: number): string {
  return `ret${spec}`;
}

/** `typedef struct { … } MmuState;`, and for each process a structure of its frames inside it. */
export function stateDeclaration(context: PromelaContext): string {
  const tables = context.description.machine.tables.flatMap((table) => [
    `  ${remark(table.name)}`,
    ...(table.dynamic ? [`  unsigned char ${context.liveName(table.name) ?? ''}[${table.rows}];`] : []),
    ...table.fields.flatMap((field) => members(context, table, field).map((member) => `  ${member} ${remark(field.path)}`)),
  ]);
  const processes = context.program.processes.flatMap((process, index) => [
    `  ${remark(process.name)}`,
    `  unsigned short pc${index};`,
    `  struct {\n${frames(context, index)}    char unused;\n  } p${index};`,
  ]);
  return ['typedef struct {', ...tables, ...processes, '} MmuState;'].join('\n');
}

function members(context: PromelaContext, table: TableDescription, field: FieldDescription): string[] {
  const name = context.fieldName(table.name, field.path);
  const count = table.rows * context.lengthOf(table.name, field.path);
  switch (field.type.kind) {
    case 'lock':
      return [`unsigned char ${name}w[${count}]; unsigned int ${name}r[${count}]; unsigned int ${name}q[${count}];`];
    case 'list':
      return [`unsigned int ${name}n[${count}]; unsigned int ${name}e[${count}][${field.type.capacity}];`];
    default:
      return [`${context.cType(field.type)} ${name}[${count}];`];
  }
}

function frames(context: PromelaContext, process: number): string {
  return context.program.specs
    .filter((spec) => !spec.whole && spec.process === process)
    .flatMap((spec) => [
      ...spec.frame.map((slot, k) => {
        const type = spec.locals.get(slot.local);
        if (type === undefined) throw new Error(`${spec.title}: no local ${slot.local}`);
        return `    ${context.cType(type)} ${frameName(spec.index, k)};\n`;
      }),
      ...(spec.returnSlot === null ? [] : [`    unsigned short ${returnName(spec.index)};\n`]),
    ])
    .join('');
}

/** `free2(row)` for each table whose rows come and go: the row becomes zero, every strong reference to it dangles. */
export function freeFunctions(context: PromelaContext): string {
  return context.description.machine.tables
    .filter(({ dynamic }) => dynamic)
    .map((table) => freeFunction(context, table))
    .join('\n');
}

function freeFunction(context: PromelaContext, table: TableDescription): string {
  const number = context.tableNumber(table.name);
  const zeroed = table.fields.flatMap((field) => {
    const name = context.fieldName(table.name, field.path);
    const length = context.lengthOf(table.name, field.path);
    const suffixes = field.type.kind === 'lock' ? ['w', 'r', 'q'] : field.type.kind === 'list' ? ['n', 'e'] : [''];
    return suffixes.map((suffix) => `  memset(&N.${name}${suffix}[row * ${length}], 0, ${length} * sizeof N.${name}${suffix}[0]);`);
  });
  return [
    `static void free${number}(int row) {`,
    `  N.${context.liveName(table.name) ?? ''}[row] = 0;`,
    ...zeroed,
    ...context.description.machine.tables.flatMap((other) => other.fields.flatMap((field) => dangleField(context, other, field, number))),
    ...dangleFrames(context, number),
    `  dangle_links(${number}, row);`,
    '}',
  ].join('\n');
}

function dangleField(context: PromelaContext, table: TableDescription, field: FieldDescription, freed: number): string[] {
  const type = field.type.kind === 'list' ? field.type.element : field.type;
  if (type.kind === 'lock') return [];
  const shape = context.refShape(type);
  if (shape?.table !== freed) return [];
  const name = context.fieldName(table.name, field.path);
  const count = table.rows * context.lengthOf(table.name, field.path);
  const one = (place: string) => `${place} = dangled(${place}, ${freed}, row, &(Shape){${freed}, ${shape.length}, ${shape.dangling}});`;
  if (field.type.kind !== 'list') return [`  for (int k = 0; k < ${count}; k++) ${one(`N.${name}[k]`)}`];
  return [`  for (int k = 0; k < ${count}; k++) for (unsigned j = 0; j < N.${name}n[k]; j++) ${one(`N.${name}e[k][j]`)}`];
}

/** Of processes that are stopped; the one that runs has its locals in `links`. */
function dangleFrames(context: PromelaContext, freed: number): string[] {
  return context.program.specs.flatMap((spec) =>
    spec.whole
      ? []
      : spec.frame.flatMap((slot, k) => {
          const type = spec.locals.get(slot.local);
          const shape = type === undefined ? null : context.refShape(type);
          if (shape?.table !== freed) return [];
          const place = `N.p${spec.process}.${frameName(spec.index, k)}`;
          return [`  ${place} = dangled(${place}, ${freed}, row, &(Shape){${freed}, ${shape.length}, ${shape.dangling}});`];
        }),
  );
}
