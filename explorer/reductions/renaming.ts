/**
 * Which tables' rows a search may rename, and the renaming of whole states.
 *
 * In: a compiled system. Out: a decision for each dynamic table, with its reason; a renamer. Never: a table of which neither
 * the program proves nor its description declares that its rows are interchangeable.
 *
 * A table is *proven* if no number is made of its rows and none of its rows of a number: then references are only copied,
 * compared and followed. It is *declared* if the system's description says where numbers of rows are kept; that no other place
 * gets them is still checked (`rowFlow`), but that loops over all rows do the same in any order is vouched for by the
 * description, and by tests that compare with the whole space.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { type RowCells, rowCellsOf } from './rowCells.ts';
import { rowFlow } from './rowFlow.ts';
import { RowRenamer } from './rowRenamer.ts';

export interface TableDecision {
  readonly table: string;
  readonly rows: number;
  readonly decision: 'proven' | 'declared' | 'refused';
  readonly reason: string;
}

/** A decision for each dynamic table, in the order of the machine. */
export function tablesToRename(system: CompiledSystem): TableDecision[] {
  return decide(system).map(({ table, rows, decision, reason }) => ({ table, rows, decision, reason }));
}

/** One line for `--stats`. */
export function decisionText({ table, rows, decision, reason }: TableDecision): string {
  return `rows of ${table} (${rows}): ${decision}: ${reason}`;
}

/** Why this search as a whole cannot rename, or null. */
export function whyNoRenaming(system: CompiledSystem, mode: 'exact' | 'fingerprint'): string | null {
  if (mode === 'fingerprint') return 'fingerprints do not keep the states with which a trace is confirmed';
  if (system.description.properties.some(({ kind }) => kind === 'progress'))
    return 'a lasso of renamed states closes up to renaming only, and what is left of it is not confirmed';
  return null;
}

export class Renaming {
  readonly tables: readonly TableDecision[];
  /** One count, of successors that were renamed: an array, so that those of several threads can be added. */
  readonly tally = new Uint32Array(1);
  readonly #renamers: readonly { readonly table: string; readonly renamer: RowRenamer }[];

  /** `spoil`: what tests break on purpose, to see that something notices. */
  constructor(system: CompiledSystem, spoil: (cells: RowCells) => RowCells = (cells) => cells) {
    const decided = decide(system, spoil);
    this.tables = decided.map(({ table, rows, decision, reason }) => ({ table, rows, decision, reason }));
    this.#renamers = decided.flatMap(({ table, make }) => (make === null ? [] : [{ table, renamer: make() }]));
  }

  /** Whether there is anything to rename. */
  get any(): boolean {
    return this.#renamers.length > 0;
  }

  get renamed(): number {
    return this.tally[0] as number;
  }

  /** Brings the state at `base` into its canonical form. Throws RenamingLost where the argument for it does not hold. */
  rename(buffer: Int32Array, base: number): void {
    for (const { table, renamer } of this.#renamers) {
      const done = renamer.rename(buffer, base);
      if (done === 'freeRowInUse') throw new RenamingLost(`a free row of ${table} is referred to, so it matters which one is taken next`);
      if (done === 'renamed') this.tally[0] = this.renamed + 1;
    }
  }
}

/** The argument for renaming does not hold of this system: the search must go without. */
export class RenamingLost extends Error {
  override readonly name = 'RenamingLost';
}

type Decided = TableDecision & { readonly make: (() => RowRenamer) | null };

function decide(system: CompiledSystem, spoil: (cells: RowCells) => RowCells = (cells) => cells): Decided[] {
  const { description, program, words } = system;
  return description.machine.tables
    .filter(({ dynamic }) => dynamic)
    .map(({ name, rows, fields }): Decided => {
      const declared = description.rowNumbers?.find(({ table }) => table === name) ?? null;
      const refused = (reason: string): Decided => ({ table: name, rows, decision: 'refused', reason, make: null });
      if (rows > 31) return refused('more rows than a bit set has');
      const weak = description.machine.tables.some((table) =>
        table.fields.some(({ type }) => {
          const value = type.kind === 'list' ? type.element : type;
          return value.kind === 'ref' && value.table === name && !value.strong;
        }),
      );
      if (weak) return refused('weak references outlive its rows');
      // Who waits for a lock of a row is asked by process, so locks move with their rows.
      const { complaints, held } = rowFlow(program, name, rows, declared);
      const [first] = complaints;
      if (first !== undefined) return refused(complaints.length === 1 ? first : `${first} (and ${complaints.length - 1} more)`);
      const cells = spoil(rowCellsOf(system, name, declared, held));
      const reason = declared?.because ?? `its ${fields.length} fields and all references are only copied, compared and followed`;
      return { table: name, rows, decision: declared === null ? 'proven' : 'declared', reason, make: () => new RowRenamer(cells, words) };
    });
}
