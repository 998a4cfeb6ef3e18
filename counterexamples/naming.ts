/**
 * What a model tells about its own vocabulary (`Naming`), and what names and states look like to it (`Names`, `StateView`).
 *
 * Never: code; see `names.ts` and `view.ts`.
 */
import type { CellState, EventPlace, FieldType, LockState, MachineDescription } from '../compiler/index.ts';
import type { TraceValue } from './schema.ts';

/** How the numbers of one integer or flag field are spelled. */
export type ValueSpelling =
  | { readonly kind: 'enum'; readonly names: Readonly<Record<number, string>> }
  /** Names by mask; what no mask covers is added as a number. */
  | { readonly kind: 'flags'; readonly masks: Readonly<Record<number, string>>; readonly none: string }
  | { readonly kind: 'custom'; readonly spell: (value: number, names: Names) => string };

/** One line of a picture of a state. Lines with the same label at the same depth are compared. */
export interface PictureLine {
  readonly depth: number;
  readonly label: string;
  readonly value: string;
}

/** What a model tells about its own vocabulary. Every part is optional; a field is named `table.path`. */
export interface Naming {
  /** Names of a table's rows, by row. */
  readonly rows?: Readonly<Record<string, readonly string[]>>;
  /** What null is called in references to a table. Default `none`. */
  readonly nulls?: Readonly<Record<string, string>>;
  /** References to no row of a table, by number. Default `special#0`, … */
  readonly specials?: Readonly<Record<string, readonly string[]>>;
  readonly values?: Readonly<Record<string, ValueSpelling>>;
  /** A place of a field, from the name of its row (empty for singletons) and its index. */
  readonly places?: Readonly<Record<string, (row: string, index: number | null) => string>>;
  /** Answers to a free choice, by its label. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Locks that are spinlocks; a mutex otherwise. */
  readonly spinlocks?: readonly string[];
  /** Fields whose changes are for the checker only, beside ghost fields. */
  readonly hidden?: readonly string[];
  /** Fields whose changes a reader wants to see whatever the property: how the state came to be what it is. */
  readonly telling?: readonly string[];
  /** The tables as a reader draws them. Without it: what the violating step changed. */
  readonly picture?: { readonly title: string; readonly lines: (view: StateView) => readonly PictureLine[] };
}

export interface Names {
  row(table: string, row: number): string;
  place(place: PlaceId): string;
  /** Any cell of a field; `field` (`table.path`) chooses the spelling, and may be empty. */
  value(type: FieldType, cell: CellState, field: string): TraceValue;
  /** To be told of rows that come and go, and of those that are there at the start. */
  existed(table: string, row: number): void;
  allocated(table: string, row: number): void;
  /** The names as they are now, whatever comes and goes later. */
  snapshot(): Names;
}

export type PlaceId = Pick<EventPlace, 'table' | 'field' | 'row' | 'index'>;

/** Rows and indices count from 0; leave them out for singletons and plain fields. Throws RangeError for a place that is not there. */
export interface StateView {
  readonly names: Names;
  /** A scalar in the encoding of the IR: a reference is row + 1. */
  number(table: string, field: string, row?: number, index?: number): number;
  list(table: string, field: string, row?: number): readonly number[];
  lock(table: string, field: string, row?: number): Readonly<LockState>;
  /** As it is spelled for people. */
  spelled(table: string, field: string, row?: number, index?: number): string;
  /** Whether the row is allocated; true for tables whose rows always exist. */
  exists(table: string, row: number): boolean;
  readonly machine: MachineDescription;
}
