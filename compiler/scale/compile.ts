/**
 * The back end for true scale: procedures as ordinary functions on one state that is changed in place.
 *
 * In: a machine, procedures, which of them are called from outside, answers to choices. Out: a `ScaleSystem`.
 * Never: a second meaning: what a statement does is what the interpreter does, but for what `memory.ts` and
 * `expressions.ts` say; two processes at a time; a hook or a ghost.
 */
import type { MachineDescription, Procedure, ProcedureTable } from '../ir/types.ts';
import { visitStmts } from '../ir/walk.ts';
import { bring } from './expressions.ts';
import { fault } from './fault.ts';
import { type LockListener, ScaleMemory } from './memory.ts';
import { indexedFields, rowScansOf } from './rowScans.ts';
import { emitStmts, type Scope } from './statements.ts';

export interface ScaleOptions {
  /** Procedures that `call` may call; what they call is compiled, too. */
  readonly entries: readonly string[];
  /** Answers a free choice of 0..count-1. Left out: there must be none. */
  readonly choose?: (label: string, count: number) => number;
  /** Whether somebody waits for a lock, where the kernel asks. Default: nobody. */
  readonly contended?: (lock: string) => boolean;
  /** Called at each of these procedures: with its parameters, at its return with the result behind them. */
  readonly onCall?: ReadonlyMap<string, (args: readonly number[]) => void>;
  readonly onReturn?: ReadonlyMap<string, (args: readonly number[]) => void>;
  readonly onLock?: LockListener;
  /** Loops over the rows of a table walk all of them, as they are written: to compare with. */
  readonly walkRows?: boolean;
}

export interface ScaleSystem {
  readonly memory: ScaleMemory;
  /** `table.field` of each index by which loops over rows find theirs. Only procedures may write such a field. */
  readonly indexed: readonly string[];
  /**
   * Runs a procedure to its end and gives its result, 0 if it has none. `args` in the encoding of `ir/types.ts`
   * (a reference is row + 1). Throws ScaleFault where it faults, warns, or would block.
   */
  call(procedure: string, args?: readonly number[], process?: number): number;
  /** How often a procedure was called, by whomever, calls for rows that an index passes over aside; 0 if it is not part of this system. */
  calls(procedure: string): number;
}

type Compiled = (procedure: number, args: readonly number[], process: number) => number;

/** Throws Error for a procedure that is missing. The generated code holds numbers in place of all names. */
export function compileAtScale(machine: MachineDescription, procedures: ProcedureTable, options: ScaleOptions): ScaleSystem {
  const memory = new ScaleMemory(machine, options.onLock ?? (() => undefined));
  const reached = reachedFrom(options.entries, procedures);
  const numbers = new Map(reached.map(({ name }, k) => [name, k]));
  const counts = new Float64Array(reached.length);
  const tables = new Map(machine.tables.map((table) => [table.name, table]));
  const fields = new Map([...memory.fields.keys()].map((name, k) => [name, k]));
  const scans = new Map(reached.map((procedure) => [procedure, rowScansOf(procedure, tables, procedures)]));
  const indexed =
    options.walkRows === true
      ? []
      : indexedFields(
          reached,
          [...scans.values()].flatMap((each) => [...each.values()]),
        );
  const indexNumbers = new Map(indexed.map(({ table, field }, k) => [`${table}.${field}`, k]));
  const tableNumbers = new Map(machine.tables.map(({ name }, k) => [name, k]));
  const shared = {
    memory,
    tables,
    cells: (table: string, field: string) => `f${fields.get(`${table}.${field}`)}`,
    rows: (table: string) => `r${tableNumbers.get(table)}`,
    index: (table: string, field: string) => {
      const number = indexNumbers.get(`${table}.${field}`);
      return number === undefined ? null : `x${number}`;
    },
    call: (callee: string, args: readonly string[]) => `p${numbers.get(callee)}(${args.join(',')})`,
  };
  const source = [
    "'use strict';",
    prelude,
    'let S=0;const OUT=[];',
    ...[...fields.values()].map((k) => `const f${k}=CELLS[${k}];`),
    ...indexed.map((_, k) => `const x${k}=INDEXES[${k}];`),
    ...[...memory.allocated.keys()].map((name) => `const r${tableNumbers.get(name)}=M.allocated.get(${JSON.stringify(name)});`),
    ...reached.map((procedure, k) =>
      emitProcedure(procedure, k, { ...shared, scan: (loop) => scans.get(procedure)?.get(loop) ?? null }, options),
    ),
    `const P=[${reached.map((_, k) => `p${k}`).join(',')}];`,
    'return (procedure,args,process)=>{S=process;return P[procedure](...args);};',
  ].join('\n');
  const made = new Function('M', 'CELLS', 'INDEXES', 'COUNTS', 'fault', 'choose', 'contended', 'TOLD', source);
  const run = made(
    memory,
    [...memory.fields.values()].map(({ cells }) => cells),
    indexed.map(({ table, field }) => memory.index(table, field)),
    counts,
    fault,
    options.choose ?? ((label: string) => fault(`nobody answers: ${label}`)),
    (lock: string) => (options.contended?.(lock) === true ? 1 : 0),
    reached.map(({ name }) => [options.onCall?.get(name), options.onReturn?.get(name)]),
  ) as Compiled;
  return {
    memory,
    indexed: [...indexNumbers.keys()],
    call: (name, args = [], process = 0) => {
      const number = numbers.get(name);
      if (number === undefined) throw new Error(`${name} is no procedure that can be called`);
      return run(number, args, process);
    },
    calls: (name) => counts[numbers.get(name) ?? -1] ?? 0,
  };
}

/** Small functions of the generated code. They are part of its text, so that each system's are fast for it alone. */
const prelude = `
const below=(i,n)=>i>=0&&i<n?i:fault('index '+i+' of '+n);
const row=(r,n)=>r>=1&&r<=n?r-1:fault(r===0?'null is dereferenced':'no row behind reference '+r);
const alive=(r,rows)=>rows[r-1]===1?r-1:fault(r===0?'null is dereferenced':'a free row is used: '+(r-1));
const aliveCell=(k,length,rows)=>rows[Math.floor(k/length)]===1?k:fault('a free row is used: '+Math.floor(k/length));
const notNull=(p)=>p!==0?p-1:fault('a null pointer is dereferenced');
const pointed=(p,length)=>p===0?0:Math.floor((p-1)/length)+1;
const cast=(r,rows,specials)=>r<=rows+specials?r:0;
const divisor=(d)=>d!==0?d:fault('division by zero');
const atLeast=(v,min)=>v>=min?v:fault(v+' is below '+min);
const within=(v,min,max,what)=>v>=min&&v<=max?v:fault(what+': '+v+' is outside '+min+'..'+max);`;

function reachedFrom(entries: readonly string[], procedures: ProcedureTable): Procedure[] {
  const reached = new Map<string, Procedure>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    const procedure = procedures.get(name);
    if (procedure === undefined) throw new Error(`no procedure ${name}`);
    reached.set(name, procedure);
    visitStmts(procedure.body, (stmt) => {
      if (stmt.kind === 'call') visit(stmt.callee);
    });
  };
  for (const entry of entries) visit(entry);
  return [...reached.values()];
}

function emitProcedure(
  procedure: Procedure,
  number: number,
  shared: Pick<Scope, 'memory' | 'tables' | 'cells' | 'rows' | 'index' | 'scan' | 'call'>,
  options: ScaleOptions,
): string {
  const { params, locals, body } = procedure;
  const types = new Map([...params, ...locals].map((local) => [local.name, local.type]));
  const names = new Map([...types.keys()].map((name, k) => [name, `v${k}`]));
  const labels = new Map<string, string>();
  const local = (name: string): string => {
    const found = names.get(name);
    if (found === undefined) throw new Error(`${procedure.name}: no local ${name}`);
    return found;
  };
  const mine = params.map(({ name }) => local(name));
  const told = (which: 0 | 1, values: readonly string[]) => `TOLD[${number}][${which}]([${values.join(',')}]);`;
  const giveBack = params.flatMap(({ mode, name }, k) => (mode === 'inout' ? [`OUT[${k}]=${local(name)};`] : [])).join('');
  // What is told may call nothing, so OUT is still the caller's to read.
  const leave = (value: string | null): string => {
    if (options.onReturn?.has(procedure.name) !== true) return `${giveBack}return ${value ?? 0};`;
    return `{const result=${value ?? 0};${told(1, [...mine, 'result'])}${giveBack}return result;}`;
  };
  const scope: Scope = {
    ...shared,
    local,
    label: (name) => {
      const label = labels.get(name) ?? `l${labels.size}`;
      labels.set(name, label);
      return label;
    },
    bringLocal: (name, text) => {
      const type = types.get(name);
      return type?.kind === 'int' ? bring(text, type) : text;
    },
    leave,
  };
  const own = locals.map(({ name }) => `${local(name)}=0`);
  return [
    `function p${number}(${mine.join(',')}){`,
    own.length === 0 ? '' : `let ${own.join(',')};`,
    `COUNTS[${number}]++;`,
    options.onCall?.has(procedure.name) === true ? told(0, mine) : '',
    emitStmts(body, scope),
    leave(null),
    '}',
  ].join('\n');
}
