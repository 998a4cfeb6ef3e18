/**
 * How values, rows and places are spelled for people. The rules come from a `Naming` that the caller gives (a
 * model knows what its fields mean); without one every table is spelled plainly (`pages#1.role.invalid`).
 *
 * A row that is freed and allocated again is another object to the reader: it gets a prime (`P`, then `P'`).
 * Apart from that a row has one name in the whole trace, in every form of it.
 */

import type {
  CellState,
  FieldType,
  LockState,
  MachineDescription,
  PointerType,
  RefType,
  ScalarType,
  TableDescription,
} from '../compiler/index.ts';
import type { Names, Naming, PlaceId, ValueSpelling } from './naming.ts';
import { clip, traceLimits } from './schema.ts';

/** `pages[1].role.invalid`, `vm.gen`, `mmus[0].prev_roots.hpa[1]`: the same whatever the naming. */
export function canonicalPlace({ table, field, row, index }: PlaceId): string {
  return `${canonicalRow(table, row)}.${field}${index === null ? '' : `[${index}]`}`;
}
export function canonicalRow(table: string, row: number | null): string {
  return row === null ? table : `${table}[${row}]`;
}
export function fieldKey({ table, field }: Pick<PlaceId, 'table' | 'field'>): string {
  return `${table}.${field}`;
}

export function createNames(machine: MachineDescription, naming: Naming): Names {
  return namesWith(machine, naming, new Map());
}

/** `lives`: how many objects each row has been, by canonical row. */
function namesWith(machine: MachineDescription, naming: Naming, lives: Map<string, number>): Names {
  const tables = new Map(machine.tables.map((table) => [table.name, table]));

  const row = (table: string, at: number): string => {
    const base = naming.rows?.[table]?.[at] ?? `${table}#${at}`;
    const life = lives.get(`${table}[${at}]`) ?? 1;
    return life <= 1 ? base : life === 2 ? `${base}'` : `${base}'${life}`;
  };
  const place = (id: PlaceId): string => {
    const rowName = id.row === null ? '' : row(id.table, id.row);
    const custom = naming.places?.[fieldKey(id)];
    if (custom !== undefined) return custom(rowName, id.index);
    const path = indexedPath(tables.get(id.table), id.field, id.index);
    return rowName === '' ? path : `${rowName}.${path}`;
  };
  const names: Names = {
    row,
    place,
    value: (type, cell, field) => ({ raw: rawOf(cell), display: clip(spell(type, cell, field), traceLimits.text) }),
    existed: (table, at) => {
      lives.set(`${table}[${at}]`, 1);
    },
    allocated: (table, at) => {
      lives.set(`${table}[${at}]`, (lives.get(`${table}[${at}]`) ?? 0) + 1);
    },
    snapshot: () => namesWith(machine, naming, new Map(lives)),
  };
  function spell(type: FieldType, cell: CellState, field: string): string {
    if (type.kind === 'list') return Array.isArray(cell) ? listText(cell.map((element) => scalar(type.element, element, field))) : '?';
    if (type.kind === 'lock') return typeof cell === 'object' && !Array.isArray(cell) ? lockText(cell, type.flavour) : '?';
    return typeof cell === 'number' ? scalar(type, cell, field) : '?';
  }
  function scalar(type: ScalarType, value: number, field: string): string {
    const spelling = naming.values?.[field];
    if (spelling !== undefined) return spelled(spelling, value, names);
    if (type.kind === 'ref') return reference(type, value);
    if (type.kind === 'pointer') return pointer(type, value);
    return String(value);
  }
  function reference(type: RefType, value: number): string {
    const rows = tables.get(type.table)?.rows ?? 0;
    if (value === 0) return naming.nulls?.[type.table] ?? 'none';
    if (value <= rows) return row(type.table, value - 1);
    if (value <= rows + type.specials) return naming.specials?.[type.table]?.[value - rows - 1] ?? `special#${value - rows - 1}`;
    return 'dangling';
  }
  function pointer(type: PointerType, value: number): string {
    const table = tables.get(type.table);
    const length = Math.max(1, table?.fields.find((field) => field.path === type.field)?.length ?? 1);
    if (value === 0) return 'none';
    if (table === undefined || value > table.rows * length) return 'dangling';
    return place({
      table: type.table,
      field: type.field,
      row: table.singleton ? null : Math.floor((value - 1) / length),
      index: (value - 1) % length,
    });
  }
  return names;
}

/** `prev_roots[1].hpa` for a member of an array of records, `spt[1]` for an array, `gen` for a plain field. */
function indexedPath(table: TableDescription | undefined, path: string, index: number | null): string {
  if (index === null) return path;
  const dot = path.indexOf('.');
  const record = path.slice(0, dot + 1);
  const length = table?.fields.find((field) => field.path === path)?.length;
  // An array of records shows as several fields of one length under one name.
  const siblings = dot < 0 ? [] : (table?.fields.filter((field) => field.path.startsWith(record)) ?? []);
  const isRecord = siblings.length > 1 && siblings.every((field) => field.length === length);
  return isRecord ? `${path.slice(0, dot)}[${index}]${path.slice(dot)}` : `${path}[${index}]`;
}

function spelled(spelling: ValueSpelling, value: number, names: Names): string {
  switch (spelling.kind) {
    case 'enum':
      return spelling.names[value] ?? String(value);
    case 'custom':
      return spelling.spell(value, names);
    case 'flags': {
      let rest = value;
      const set: string[] = [];
      for (const [mask, name] of Object.entries(spelling.masks)) {
        if ((rest & Number(mask)) !== Number(mask) || Number(mask) === 0) continue;
        set.push(name);
        rest &= ~Number(mask);
      }
      if (rest !== 0) set.push(String(rest));
      return set.length === 0 ? spelling.none : set.join('|');
    }
  }
}

function listText(elements: readonly string[]): string {
  return elements.length === 0 ? 'empty' : `[${elements.join(', ')}]`;
}

/** Who holds it, and who waits to write: processes are the CPUs of the text form. */
export function lockText({ writer, readers, waiting }: LockState, flavour: 'mutex' | 'rwlock'): string {
  const holders: string[] = [];
  if (writer > 0) holders.push(flavour === 'mutex' ? `CPU ${writer - 1}` : `write: CPU ${writer - 1}`);
  if (readers !== 0) holders.push(`read: ${cpus(readers)}`);
  if (waiting !== 0) holders.push(`waits to write: ${cpus(waiting)}`);
  return holders.length === 0 ? 'free' : holders.join(', ');
}

function cpus(set: number): string {
  const members = [];
  for (let bit = 0; bit < 32; bit++) if (((set >>> bit) & 1) === 1) members.push(`CPU ${bit}`);
  return members.join(', ');
}

function rawOf(cell: CellState): number | number[] {
  if (typeof cell === 'number') return cell;
  return Array.isArray(cell) ? cell.slice(0, traceLimits.list) : [cell.writer, cell.readers, cell.waiting];
}
