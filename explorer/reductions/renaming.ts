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
import { type FixedCells, fixedCells } from './fixedCells.ts';
import { RenamingLost } from './lost.ts';
import { type RowCells, rowCellsOf } from './rowCells.ts';
import { rowFlow } from './rowFlow.ts';
import { rowKinds } from './rowKinds.ts';
import { RowPermuter } from './rowPermuter.ts';
import { rowOrbits, unlikeProcesses } from './rowProcesses.ts';
import { RowRenamer } from './rowRenamer.ts';

export interface TableDecision {
  readonly table: string;
  readonly rows: number;
  readonly decision: 'proven' | 'declared' | 'refused';
  readonly reason: string;
}

/** A decision for each dynamic table, then for each other one of several rows, in the order of the machine. */
export function tablesToRename(system: CompiledSystem): TableDecision[] {
  return [...decide(system, {}), ...decideFixed(system, {})].map(({ table, rows, decision, reason }) => ({
    table,
    rows,
    decision,
    reason,
  }));
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

/** For each table whose rows change places with their processes: new row by old row. */
export type Permutation = readonly Int32Array[];

export class Renaming {
  readonly tables: readonly TableDecision[];
  /** One count, of successors that were renamed: an array, so that those of several threads can be added. */
  readonly tally = new Uint32Array(1);
  readonly #permuters: readonly RowPermuter[];
  readonly #renamers: readonly { readonly table: string; readonly renamer: RowRenamer }[];

  /** `spoil`: what tests break on purpose, to see that something notices. */
  constructor(system: CompiledSystem, spoil: Spoil = {}) {
    const fixed = decideFixed(system, spoil);
    const decided = decide(system, spoil);
    this.tables = [...decided, ...fixed].map(({ table, rows, decision, reason }) => ({ table, rows, decision, reason }));
    this.#permuters = fixed.flatMap(({ make }) => (make === null ? [] : [make()]));
    this.#renamers = decided.flatMap(({ table, make }) => (make === null ? [] : [{ table, renamer: make() }]));
  }

  /** Whether there is anything to rename. */
  get any(): boolean {
    return this.#renamers.length + this.#permuters.length > 0;
  }
  /** Whether processes change places. */
  get permutes(): boolean {
    return this.#permuters.length > 0;
  }

  get renamed(): number {
    return this.tally[0] as number;
  }

  /** Brings the state at `base` into its canonical form. Throws RenamingLost where the argument for it does not hold. */
  rename(buffer: Int32Array, base: number): void {
    let changed = this.#renumber(buffer, base);
    let moved = false;
    for (const permuter of this.#permuters) if (permuter.rename(buffer, base)) moved = true;
    // Rows that come and go are reached in another order now. They had to have their numbers before: rows that are sorted may hold them.
    if (moved && this.#renumber(buffer, base)) changed = true;
    if (changed || moved) this.tally[0] = this.renamed + 1;
  }

  #renumber(buffer: Int32Array, base: number): boolean {
    let changed = false;
    for (const { table, renamer } of this.#renamers) {
      const done = renamer.rename(buffer, base);
      if (done === 'freeRowInUse') throw new RenamingLost(`a free row of ${table} is referred to, so it matters which one is taken next`);
      if (done === 'renamed') changed = true;
    }
    return changed;
  }

  /**
   * The same for `made` states from `out` on, `words` each, that are steps from the canonical state at `base`; `status`: those that are
   * states at all. Most steps leave references alone, and then there is nothing to do.
   */
  renameSteps(buffer: Int32Array, base: number, out: number, made: number, words: number, status: Int32Array): void {
    const only = this.permutes || this.#renamers.length !== 1 ? undefined : this.#renamers[0]?.renamer;
    let stays: boolean | null = only === undefined ? false : null;
    for (let k = 0; k < made; k++) {
      if (status[k] !== 0) continue;
      const at = out + k * words;
      if (stays !== false && only?.keepsNumbers(buffer, base, at) === true) {
        stays ??= only.reachesAll(buffer, base);
        if (stays) continue;
      }
      this.rename(buffer, at);
    }
  }

  identity(): Permutation {
    return this.#permuters.map(({ to }) => to.map((_, row) => row));
  }
  /** Permutes a state. */
  apply(state: Int32Array, to: Permutation): void {
    for (const [k, permuter] of this.#permuters.entries()) permuter.apply(state, 0, to[k] as Int32Array);
  }
  /** `to`, and then what the last `rename` did. */
  after(to: Permutation): Permutation {
    return this.#permuters.map((permuter, k) => (to[k] as Int32Array).map((row) => permuter.to[row] as number));
  }
  /** Number of a process under `to`. */
  processUnder(to: Permutation, process: number): number {
    return this.#permuters.reduce((now, permuter, k) => permuter.processUnder(to[k] as Int32Array, now), process);
  }
}

/** Of tests. */
export interface Spoil {
  readonly cells?: (cells: RowCells) => RowCells;
  readonly fixed?: (cells: FixedCells) => FixedCells;
  /** Tables that always exist are believed to be symmetric. */
  readonly trusted?: boolean;
}

type Decided<T> = TableDecision & { readonly make: (() => T) | null };

/** Tables that always exist: whose rows change places with their processes. */
function decideFixed(system: CompiledSystem, { fixed: spoilt = (cells) => cells, trusted = false }: Spoil): Decided<RowPermuter>[] {
  return system.description.machine.tables
    .filter(({ dynamic, singleton, rows }) => !dynamic && !singleton && rows > 1)
    .map(({ name, rows }): Decided<RowPermuter> => {
      const refused = (reason: string): Decided<RowPermuter> => ({ table: name, rows, decision: 'refused', reason, make: null });
      if (rows > 31) return refused('more rows than a bit set has');
      const found = rowOrbits(system, name, rows);
      if ('refused' in found) return refused(found.refused);
      const kinds = rowKinds(system, name, rows);
      const [first] = trusted ? [] : kinds.complaints;
      if (first !== undefined) return refused(kinds.complaints.length === 1 ? first : `${first} (and ${kinds.complaints.length - 1} more)`);
      const unlike = unlikeProcesses(system, found.orbits);
      if (unlike !== null) return refused(unlike);
      const cells = fixedCells(system, name, found.orbits, kinds);
      if (typeof cells === 'string') return refused(cells);
      const moved = found.orbits.map((orbit) => `${orbit.rows.length} rows with ${orbit.processes[0]?.length ?? 0} processes each`);
      const reason = `nothing tells ${moved.join(', and ')} apart`;
      return { table: name, rows, decision: 'proven', reason, make: () => new RowPermuter(spoilt(cells), system.words) };
    });
}

function decide(system: CompiledSystem, { cells: spoilt = (cells) => cells }: Spoil): Decided<RowRenamer>[] {
  const { description, program, words } = system;
  return description.machine.tables
    .filter(({ dynamic }) => dynamic)
    .map(({ name, rows, fields }): Decided<RowRenamer> => {
      const declared = description.rowNumbers?.find(({ table }) => table === name) ?? null;
      const refused = (reason: string): Decided<RowRenamer> => ({ table: name, rows, decision: 'refused', reason, make: null });
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
      const cells = spoilt(rowCellsOf(system, name, declared, held));
      const reason = declared?.because ?? `its ${fields.length} fields and all references are only copied, compared and followed`;
      return { table: name, rows, decision: declared === null ? 'proven' : 'declared', reason, make: () => new RowRenamer(cells, words) };
    });
}
