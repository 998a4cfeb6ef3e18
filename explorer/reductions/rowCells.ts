/**
 * Where a state keeps references to the rows of one dynamic table, element by element.
 *
 * In: a compiled system, a table, what is declared of it. Out: cells, and for each process what its frames hold at each resume
 * point. Never: reading a state.
 */
import type { CompiledSystem, RowLink, RowNumbers, ScalarType } from '../../compiler/index.ts';
import { type Held, keyOf } from './rowFlow.ts';

type Column = CompiledSystem['layout']['programCounters'][number];
type Spec = CompiledSystem['program']['specs'][number];

/** What an element has to do with the table: nothing; a row + 1; a place in a row + 1; a bit per row; perhaps a row inside an integer. */
export type CellKind = 'plain' | 'ref' | 'pointer' | 'set' | 'link';
export interface Cell {
  readonly kind: CellKind;
  readonly word: number;
  readonly shift: number;
  /** Ones, as many as it has bits. */
  readonly ones: number;
  /** What is stored is the value less this. */
  readonly bias: number;
  /** Pointers: places in a row. */
  readonly length: number;
  readonly link: RowLink | null;
}

/** What lies in a process's frames while it is stopped somewhere inside a spec, and in whose frames it goes on. */
export interface FramePlan {
  readonly cells: readonly Cell[];
  /** Holds the number of the caller in `callers`; null: there is one caller at most. */
  readonly returnSlot: Cell | null;
  readonly callers: readonly FramePlan[];
}
export interface ProcessPlan {
  readonly programCounter: Cell;
  /** By resume point. */
  readonly plans: readonly (FramePlan | null)[];
}
export interface RowCells {
  readonly rows: number;
  /** Of everything that is no row of the table: only those that may refer to rows, in the order of the layout. */
  readonly outside: readonly Cell[];
  /** By row: all its cells, the same in the same order for each. */
  readonly rowCells: readonly (readonly Cell[])[];
  /** By row: whether it is allocated. */
  readonly allocated: readonly Cell[];
  readonly processes: readonly ProcessPlan[];
}

export function rowCellsOf(system: CompiledSystem, table: string, declared: RowNumbers | null, held: ReadonlyMap<string, Held>): RowCells {
  const { layout } = system;
  const column = layout.allocated.get(table);
  if (column === undefined) throw new Error(`${table} is no dynamic table`);
  const lengths = new Map(
    [...layout.fields.values()].map(({ table: { name }, field }) => [`${name}.${field.path}`, Math.max(field.length, 1)]),
  );
  const what = (type: ScalarType, numbers: Held | undefined): Pick<Cell, 'kind' | 'length' | 'link'> => {
    if (type.kind === 'ref' && type.table === table) return { kind: 'ref', length: 1, link: null };
    if (type.kind === 'pointer' && type.table === table)
      return { kind: 'pointer', length: lengths.get(`${table}.${type.field}`) ?? 1, link: null };
    if (numbers === 'set') return { kind: 'set', length: 1, link: null };
    const link = numbers === undefined ? undefined : declared?.links.find(({ field }) => field === numbers.link);
    return link === undefined ? plain : { kind: 'link', length: 1, link };
  };
  const outside: Cell[] = [];
  const rowCells: Cell[][] = Array.from({ length: column.count }, () => []);
  for (const [name, { table: owner, field, main, readers, waiting, elements }] of layout.fields) {
    const { type } = field;
    const numbers: Held | undefined = declared?.sets.includes(name) ? 'set' : { link: name };
    const perRow = Math.max(field.length, 1);
    const add = (from: Column | null, each: number, kind: Pick<Cell, 'kind' | 'length' | 'link'>) => {
      if (from === null || from.bits === 0) return;
      for (let k = 0; k < from.count; k++) {
        const cell = { ...cellAt(from, k), ...kind };
        if (owner.name === table) rowCells[Math.floor(k / (perRow * each))]?.push(cell);
        else if (cell.kind !== 'plain') outside.push(cell);
      }
    };
    add(main, 1, type.kind === 'list' || type.kind === 'lock' ? plain : what(type, numbers));
    add(readers, 1, plain);
    add(waiting, 1, plain);
    if (type.kind === 'list') add(elements, type.capacity, what(type.element, undefined));
  }
  const processes = processPlans(system, (spec, local, type) => what(type, held.get(keyOf(spec, local))));
  const allocated = Array.from({ length: column.count }, (_, k) => ({ ...cellAt(column, k), ...plain }));
  return { rows: column.count, outside, rowCells, allocated, processes };
}

/** What the frames of each process hold, of those locals that `kindOf` finds to be more than plain. */
export function processPlans(
  { layout, program }: CompiledSystem,
  kindOf: (spec: Spec, local: string, type: ScalarType) => Pick<Cell, 'kind' | 'length' | 'link'>,
): ProcessPlan[] {
  const plans = new Map<Spec, FramePlan>();
  const planOf = (spec: Spec): FramePlan => {
    const known = plans.get(spec);
    if (known !== undefined) return known;
    const callers: FramePlan[] = [];
    const cells = spec.frame.flatMap(({ local, column: slot }) => {
      const type = spec.locals.get(local);
      const kind = type === undefined ? plain : kindOf(spec, local, type);
      return kind.kind === 'plain' || slot.bits === 0 ? [] : [{ ...cellAt(slot, 0), ...kind }];
    });
    const returnSlot = spec.returnSlot === null || spec.returnSlot.bits === 0 ? null : { ...cellAt(spec.returnSlot, 0), ...plain };
    const plan = { cells, returnSlot, callers };
    plans.set(spec, plan);
    for (const site of spec.callSites) callers.push(planOf(program.specs[site.spec] as Spec));
    return plan;
  };
  return program.processes.map((process, index) => {
    const entry = program.specs[process.entry.spec];
    // Where its first procedure is also called, a frame would not tell whether there is a caller.
    if (entry !== undefined && entry.callSites.length > 0) throw new Error(`${process.name} calls its first procedure`);
    return {
      programCounter: { ...cellAt(layout.programCounters[index] as Column, 0), ...plain },
      plans: process.resumes.map(({ spec }) => (spec < 0 ? null : planOf(program.specs[spec] as Spec))),
    };
  });
}

export const plain = { kind: 'plain', length: 1, link: null } as const;

export function cellAt({ word, shift, bits, count, perWord, bias }: Column, k: number): Pick<Cell, 'word' | 'shift' | 'ones' | 'bias'> {
  const inOne = perWord >= count;
  return {
    word: inOne ? word : word + Math.floor(k / perWord),
    shift: inOne ? shift + k * bits : (k % perWord) * bits,
    ones: bits === 0 ? 0 : -1 >>> (32 - bits),
    bias,
  };
}
