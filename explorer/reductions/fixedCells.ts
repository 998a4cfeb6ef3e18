/**
 * Where a state keeps what has to do with the rows of a table that always exists: the rows themselves, their processes, and
 * everything that says which row or which process.
 *
 * In: a compiled system, rows that may change places, kinds of numbers. Out: cells. Never: reading a state.
 */
import type { CompiledSystem, ScalarType } from '../../compiler/index.ts';
import { type Cell, cellAt, type FramePlan, type ProcessPlan, plain, processPlans } from './rowCells.ts';
import type { RowKinds } from './rowKinds.ts';
import type { RowOrbit } from './rowProcesses.ts';

type Column = CompiledSystem['layout']['programCounters'][number];
type Spec = CompiledSystem['program']['specs'][number];

/** Bits that move as they are. */
export type Bits = Pick<Cell, 'word' | 'shift' | 'ones'>;
/** What an element says: a process + 1; a bit per process; or what `Cell` says of rows. */
export type FixedCell = Omit<Cell, 'kind' | 'link'> & { readonly kind: 'ref' | 'pointer' | 'set' | 'process' | 'processes' };

export interface FixedCells {
  readonly rows: number;
  readonly orbits: readonly RowOrbit[];
  /** By row: everything that goes with it to another row, the same in the same order for all rows of an orbit; empty for other rows. */
  readonly units: readonly (readonly Bits[])[];
  /** Of a unit, for each orbit: which of its parts say nothing of rows or processes. */
  readonly plainParts: readonly (readonly boolean[])[];
  /** Everything that says which row or process, in fields. */
  readonly fields: readonly FixedCell[];
  /** Of these: what is in no row of the table, and says something of single rows: sets, and processes. */
  readonly about: readonly FixedCell[];
  /** Whether anything but `about` speaks of rows, so that rows of equal parts may still differ. */
  readonly relations: boolean;
  readonly processes: readonly ProcessPlan[];
}

export function fixedCells(system: CompiledSystem, table: string, orbits: readonly RowOrbit[], kinds: RowKinds): FixedCells | string {
  const { layout } = system;
  const rows = system.description.machine.tables.find(({ name }) => name === table)?.rows ?? 0;
  const lengths = new Map([...layout.fields.values()].map((one) => [`${one.table.name}.${one.field.path}`, Math.max(one.field.length, 1)]));
  const kindOf = (type: ScalarType, isSet: boolean): Pick<FixedCell, 'kind' | 'length'> | null => {
    if (type.kind === 'ref' && type.table === table) return { kind: 'ref', length: 1 };
    if (type.kind === 'pointer' && type.table === table) return { kind: 'pointer', length: lengths.get(`${table}.${type.field}`) ?? 1 };
    return isSet ? { kind: 'set', length: 1 } : null;
  };
  const units: Bits[][] = Array.from({ length: rows }, () => []);
  const isPlain: boolean[][] = Array.from({ length: rows }, () => []);
  const moving = new Set(orbits.flatMap((orbit) => orbit.rows));
  const fields: FixedCell[] = [];
  const about: FixedCell[] = [];
  let relations = false;
  for (const [name, { table: owner, field, main, readers, waiting, elements }] of layout.fields) {
    const perRow = Math.max(field.length, 1);
    const add = (column: Column | null, each: number, kind: Pick<FixedCell, 'kind' | 'length'> | null) => {
      if (column === null || column.bits === 0) return;
      for (let k = 0; k < column.count; k++) {
        const at = cellAt(column, k);
        const cell = kind === null ? null : { ...at, ...kind };
        const row = owner.name === table ? Math.floor(k / (perRow * each)) : -1;
        if (row >= 0 && moving.has(row)) {
          units[row]?.push(at);
          isPlain[row]?.push(cell === null);
        }
        if (cell === null) continue;
        fields.push(cell);
        if (row < 0 && cell.kind !== 'ref' && cell.kind !== 'pointer') about.push(cell);
        else relations = true;
      }
    };
    const { type } = field;
    if (type.kind === 'lock') {
      add(main, 1, { kind: 'process', length: 1 });
      add(readers, 1, { kind: 'processes', length: 1 });
      add(waiting, 1, { kind: 'processes', length: 1 });
      continue;
    }
    add(main, 1, type.kind === 'list' ? null : kindOf(type, kinds.sets.has(name)));
    if (type.kind === 'list') add(elements, type.capacity, kindOf(type.element, false));
  }
  const frameKind = (spec: Spec, local: string, type: ScalarType) => kindOf(type, kinds.setLocals.has(`${spec.procedure.name}:${local}`));
  const processes = processPlans(system, (spec, local, type) => {
    const kind = frameKind(spec, local, type);
    return kind === null ? plain : { ...kind, kind: kind.kind as Cell['kind'], link: null };
  });
  for (const { frame, procedure } of system.program.specs)
    for (const { local, column } of frame)
      if (kinds.rowLocals.has(`${procedure.name}:${local}`) && column.bits > 0)
        return `${local} of ${procedure.name} keeps the number of a row while others run`;
  const narrow = processes.some(({ plans }) => plans.some((plan) => plan !== null && isNarrow(plan, rows)));
  if (narrow) return 'a set of rows is kept in fewer bits than there are rows while others run';
  relations ||= processes.some(({ plans }) => plans.some((plan) => hasCells(plan)));
  for (const orbit of orbits) addProcesses(system, orbit, frameKind, units, isPlain);
  const plainParts = orbits.map(({ rows: [first = 0] }) => isPlain[first] ?? []);
  return { rows, orbits, units, plainParts, fields, about, relations, processes };
}

function isNarrow(plan: FramePlan, rows: number): boolean {
  return (
    plan.cells.some(({ kind, ones }) => kind === 'set' && ones < 2 ** rows - 1) || plan.callers.some((caller) => isNarrow(caller, rows))
  );
}

function hasCells(plan: ProcessPlan['plans'][number]): boolean {
  return plan !== null && (plan.cells.length > 0 || plan.callers.some(hasCells));
}

/** Adds what the processes of an orbit's rows keep: where each stands, and its frames, bit by bit, since frames lie over each other. */
function addProcesses(
  system: CompiledSystem,
  { rows, processes }: RowOrbit,
  kindOf: (spec: Spec, local: string, type: ScalarType) => object | null,
  units: Bits[][],
  isPlain: boolean[][],
): void {
  const bits = processes.map((own) => own.flatMap((process) => bitsOf(system, process, kindOf)));
  const [first = []] = bits;
  // Bits that are listed twice, in two frames, must be the same twice everywhere.
  const seen = new Map<number, number>();
  const plainBit = new Map<number, boolean>();
  for (const [k, { bit, relates }] of first.entries()) {
    const before = seen.get(bit);
    plainBit.set(bit, plainBit.get(bit) !== false && !relates);
    if (before === undefined) seen.set(bit, k);
    else if (bits.some((list) => list[k]?.bit !== list[before]?.bit))
      throw new Error('frames of like processes lie over each other differently');
  }
  const order = [...seen].sort(([a], [b]) => a - b).map(([, k]) => k);
  const at = (row: number, k: number) => (bits[row]?.[k]?.bit ?? 0) as number;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    const relates = (index: number) => plainBit.get(at(0, order[index] as number)) === false;
    const follows = (list: number) => {
      const [here, before] = [at(list, order[to] as number), at(list, order[to - 1] as number)];
      return here === before + 1 && here % 32 !== 0;
    };
    while (to < order.length && relates(to) === relates(from) && bits.every((_, list) => follows(list))) to++;
    for (const [list, row] of rows.entries()) {
      const bit = at(list, order[from] as number);
      units[row]?.push({ word: Math.floor(bit / 32), shift: bit % 32, ones: -1 >>> (32 - (to - from)) });
      isPlain[row]?.push(!relates(from));
    }
    from = to;
  }
}

/** All bits of a process in an order that is the same for processes that are compiled alike. */
function bitsOf(
  { program, layout }: CompiledSystem,
  process: number,
  kindOf: (spec: Spec, local: string, type: ScalarType) => object | null,
): { readonly bit: number; readonly relates: boolean }[] {
  const columns: { readonly column: Column; readonly relates: boolean }[] = [];
  const counter = layout.programCounters[process];
  if (counter !== undefined) columns.push({ column: counter, relates: false });
  const seen = new Set<number>();
  const visit = (index: number): void => {
    const spec = program.specs[index];
    if (spec === undefined || spec.whole || seen.has(index)) return;
    seen.add(index);
    for (const { local, column } of spec.frame) {
      const type = spec.locals.get(local);
      columns.push({ column, relates: type !== undefined && kindOf(spec, local, type) !== null });
    }
    if (spec.returnSlot !== null) columns.push({ column: spec.returnSlot, relates: false });
    for (const { op } of spec.nodes) if ('spec' in op) visit(op.spec);
  };
  visit(program.processes[process]?.entry.spec ?? -1);
  return columns.flatMap(({ column: { word, shift, bits }, relates }) =>
    Array.from({ length: bits }, (_, k) => ({ bit: word * 32 + shift + k, relates })),
  );
}
