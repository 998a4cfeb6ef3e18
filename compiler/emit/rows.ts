/**
 * Rows that come and go: `alloc`, `free` and what a free does to references.
 *
 * In: tables, fields, frames of processes. Out: a function for each table. Never: a strong reference to a freed row
 * left in the state. Locals of running functions are brought up to date by `dangle` nodes, from the masks `Z…`.
 */
import type { FieldType, PointerType, RefType, ScalarType } from '../ir/types.ts';
import type { Column, FieldLayout } from '../machine/layout.ts';
import type { Spec } from '../program/types.ts';
import { maskOf, readText, writeText } from './columns.ts';
import type { EmitContext } from './context.ts';
import { constant, danglingOf, lengthOf, tableOf, type Value } from './values.ts';

const index = (text: string, column: Column): Value => ({ text, lo: 0, hi: Math.max(column.count - 1, 1) });

/** Name of the function (b) that allocates the lowest free row and gives its number, -1 if there is none. */
export function allocFunction(context: EmitContext, table: string): string {
  const name = `al${context.tableNumber(table)}`;
  if (context.helpers.has(name)) return name;
  const column = allocatedColumn(context, table);
  const set = writeText(column, index('r', column), constant(1));
  const loop = `for(let r=0;r<${column.count};r++)if(${readText(column, index('r', column))}===0){${set}return r}return -1`;
  const cell = `M[b+${column.word}]`;
  const fast = `const x=~(${cell}>>>${column.shift})&${maskOf(column.count)};if(x===0)return -1;const r=31-Math.clz32(x&-x);${cell}|=1<<r+${column.shift};return r`;
  const text = `function ${name}(b){${column.bits === 1 && column.perWord >= column.count ? fast : loop}}\n`;
  context.helpers.set(name, { text, raises: false });
  return name;
}

/** Name of the function (b, r) that frees row r, which must be allocated. */
export function freeFunction(context: EmitContext, table: string): string {
  const number = context.tableNumber(table);
  const name = `fr${number}`;
  if (context.helpers.has(name)) return name;
  const description = tableOf(context.tables, table);
  if (description.rows > 32) throw new Error(`dynamic table ${number} has more than 32 rows`);
  const column = allocatedColumn(context, table);
  const parts: string[] = [];
  const cut = (prefix: string, body: string): void => {
    const part = `${name}${prefix}${parts.length}`;
    context.helpers.set(part, { text: `function ${part}(b,r){${body}}\n`, raises: false });
    parts.push(`${part}(b,r);`);
  };
  for (const layout of context.layout.fields.values()) if (layout.table.name === table) cut('z', zeroField(layout));
  for (const layout of context.layout.fields.values()) {
    const body = dangleField(context, layout, table);
    if (body !== '') cut('d', body);
  }
  context.program.processes.forEach((_, process) => {
    const body = dangleFrames(context, process, table);
    if (body !== '') cut('f', body);
  });
  const clear = writeText(column, index('r', column), constant(0));
  context.helpers.set(name, { text: `function ${name}(b,r){${clear}${parts.join('')}Z${number}|=1<<r}\n`, raises: false });
  return name;
}

function allocatedColumn(context: EmitContext, table: string): Column {
  const column = context.layout.allocated.get(table);
  if (column === undefined) throw new Error(`no allocation bits of ${table}`);
  return column;
}

/** All elements of row r become zero. */
function zeroField(layout: FieldLayout): string {
  const length = Math.max(layout.field.length, 1);
  const zero = (column: Column | null, perRow: number): string => {
    if (column === null || column.bits === 0) return '';
    const write = (k: string): string => writeText(column, index(k, column), constant(column.bias));
    if (perRow === 1) return write('r');
    return `for(let i=0,k=r*${perRow};i<${perRow};i++,k++){${write('k')}}`;
  };
  const capacity = layout.field.type.kind === 'list' ? layout.field.type.capacity : 1;
  return zero(layout.main, length) + zero(layout.readers, length) + zero(layout.waiting, length) + zero(layout.elements, length * capacity);
}

/** Condition: value x of this type refers to row r of the table. */
function refersText(context: EmitContext, type: RefType | PointerType): string {
  if (type.kind === 'ref') return 'x===r+1';
  const length = Math.max(lengthOf(context.tables, type.table, type.field), 1);
  return `x>r*${length}&&x<=r*${length}+${length}`;
}

/** The reference type whose values a free of `table` must look at in a field, or null. */
function referring(context: EmitContext, type: FieldType, table: string): RefType | PointerType | null {
  const element = type.kind === 'list' ? type.element : type;
  if (element.kind !== 'ref' && element.kind !== 'pointer') return null;
  return element.table === table && danglingOf(context.tables, element) >= 0 ? element : null;
}

function dangleField(context: EmitContext, layout: FieldLayout, table: string): string {
  const type = referring(context, layout.field.type, table);
  if (type === null) return '';
  const column = layout.field.type.kind === 'list' ? layout.elements : layout.main;
  return column === null ? '' : dangleColumn(context, column, type);
}

function dangleColumn(context: EmitContext, column: Column, type: RefType | PointerType): string {
  const write = (k: Value): string => writeText(column, k, constant(danglingOf(context.tables, type)));
  if (column.count === 1) return `{const x=${readText(column, constant(0))};if(${refersText(context, type)}){${write(constant(0))}}}`;
  const k = index('k', column);
  return `for(let k=0;k<${column.count};k++){const x=${readText(column, k)};if(${refersText(context, type)}){${write(k)}}}`;
}

/** Frame slots of the calls that are under way in a process. */
function dangleFrames(context: EmitContext, process: number, table: string): string {
  const specs = context.program.specs.filter((spec) => !spec.whole && spec.process === process);
  const bodies = new Map(specs.map((spec) => [spec.index, slotsCall(context, spec, table)]));
  if ([...bodies.values()].every((body) => body === '')) return '';
  if (!overlaps(specs)) return [...bodies.values()].join('');
  const counter = context.layout.programCounters[process];
  const resumes = context.program.processes[process]?.resumes ?? [];
  if (counter === undefined) throw new Error(`no program counter of process ${process}`);
  const bySpec = new Map<number, number[]>();
  resumes.forEach((resume, pc) => {
    if (resume.spec >= 0) bySpec.set(resume.spec, [...(bySpec.get(resume.spec) ?? []), pc]);
  });
  const starts = [...bySpec].map(([spec, pcs]) => `${pcs.map((pc) => `case ${pc}:`).join('')}s=${spec};break;`).join('');
  const walk = specs.map((spec) => `case ${spec.index}:${bodies.get(spec.index) ?? ''}${callerText(spec)}`).join('');
  return `let s=-1;if(S===${process})s=K;else switch(${readText(counter, constant(0))}){${starts}}for(;;)switch(s){${walk}default:return}`;
}

/** Goes on with the spec that called this one. */
function callerText(spec: Spec): string {
  const [first] = spec.callSites;
  if (first === undefined) return 'return;';
  if (spec.returnSlot === null || spec.callSites.every((site) => site.spec === first.spec)) return `s=${first.spec};continue;`;
  const cases = spec.callSites.map((site, k) => `case ${k}:s=${site.spec};break;`).join('');
  return `switch(${readText(spec.returnSlot, constant(0))}){${cases}}continue;`;
}

/** Call of a function (b, r) for the slots of one spec; empty if none of them refers to the table. */
function slotsCall(context: EmitContext, spec: Spec, table: string): string {
  const text = slotsText(context, spec, table);
  if (text === '') return '';
  const name = `fr${context.tableNumber(table)}s${spec.index}`;
  context.helpers.set(name, { text: `function ${name}(b,r){${text}}\n`, raises: false });
  return `${name}(b,r);`;
}

function slotsText(context: EmitContext, spec: Spec, table: string): string {
  return spec.frame
    .map(({ local, column }) => {
      const type: ScalarType | undefined = spec.locals.get(local);
      const found = type === undefined ? null : referring(context, type, table);
      return found === null ? '' : dangleColumn(context, column, found);
    })
    .join('');
}

/** Whether two frames of one process share bits, so that only those in use may be touched. */
function overlaps(specs: readonly Spec[]): boolean {
  const taken = new Map<number, number>();
  for (const spec of specs) {
    for (const column of [...spec.frame.map((slot) => slot.column), ...(spec.returnSlot === null ? [] : [spec.returnSlot])]) {
      const mask = maskOf(column.bits) << column.shift;
      const old = taken.get(column.word) ?? 0;
      if ((old & mask) !== 0) return true;
      taken.set(column.word, old | mask);
    }
  }
  return false;
}
