/**
 * Which rows of a table have the same processes, compiled alike.
 *
 * In: a compiled system, a table that always exists. Out: rows that may change places, with their processes; or why none may.
 * Never: processes that were cut into other steps; then one of them could do what the other cannot.
 */
import type { CompiledSystem } from '../../compiler/index.ts';

type Program = CompiledSystem['program'];
type Spec = Program['specs'][number];
type Column = CompiledSystem['layout']['programCounters'][number];

/** Rows that may change places with each other, and for each of them its processes in the same order. */
export interface RowOrbit {
  readonly rows: readonly number[];
  readonly processes: readonly (readonly number[])[];
}
export type RowOrbits = { readonly orbits: readonly RowOrbit[] } | { readonly refused: string };

export function rowOrbits(system: CompiledSystem, table: string, rows: number): RowOrbits {
  const { description, program } = system;
  const byRow = Array.from({ length: rows }, () => [] as { readonly key: string; readonly process: number }[]);
  for (const [process, { args, kind, name, procedure }] of description.processes.entries()) {
    const params = program.specs[program.processes[process]?.entry.spec ?? -1]?.procedure.params ?? [];
    const own = params.flatMap(({ type }, k) => {
      const value = args[k] ?? 0;
      const isRow = (type.kind === 'ref' || type.kind === 'pointer') && type.table === table && value > 0;
      if (isRow && type.kind === 'pointer') return [-1];
      return isRow && value <= rows ? [k] : [];
    });
    const [param] = own;
    if (own.length > 1 || param === -1) return { refused: `${name} starts with more than a row of its own` };
    if (param === undefined) continue;
    const key = JSON.stringify([procedure, kind, param, args.toSpliced(param, 1)]);
    byRow[(args[param] as number) - 1]?.push({ key, process });
  }
  const groups = new Map<string, number[]>();
  for (const [row, own] of byRow.entries()) {
    own.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.process - b.process));
    const signature = own.map(({ key }) => key).join('\n');
    groups.set(signature, [...(groups.get(signature) ?? []), row]);
  }
  const orbits = [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group): RowOrbit => ({ rows: group, processes: group.map((row) => (byRow[row] ?? []).map(({ process }) => process)) }));
  if (byRow.every((own) => own.length === 0)) return { refused: 'no process has a row of it' };
  if (orbits.length === 0) return { refused: 'no two rows have the same processes' };
  return { orbits };
}

/** Why the processes of rows that may change places are not compiled alike, or null. */
export function unlikeProcesses(system: CompiledSystem, orbits: readonly RowOrbit[]): string | null {
  for (const { processes } of orbits) {
    const [first = [], ...others] = processes;
    for (const other of others)
      for (const [k, process] of first.entries()) {
        const wrong = new Likeness(system.program, system.layout).difference(process, other[k] as number);
        if (wrong !== null)
          return `${nameOf(system, process)} and ${nameOf(system, other[k] as number)} are compiled differently: ${wrong}`;
      }
  }
  return null;
}

function nameOf({ description }: CompiledSystem, process: number): string {
  return description.processes[process]?.name ?? String(process);
}

/** Compares two processes instance by instance. What they calculate is the same text; where they stop and what they keep must be, too. */
class Likeness {
  readonly #pairs = new Map<number, number>();

  constructor(
    private readonly program: Program,
    private readonly layout: CompiledSystem['layout'],
  ) {}

  difference(p: number, q: number): string | null {
    const [a, b] = [this.program.processes[p], this.program.processes[q]];
    if (a === undefined || b === undefined) return 'one is missing';
    const wrong = this.#specs(a.entry.spec, b.entry.spec);
    if (wrong !== null) return wrong;
    if (a.initial !== b.initial || a.resumes.length !== b.resumes.length) return 'they stop in other places';
    for (const [k, stop] of a.resumes.entries()) {
      const other = b.resumes[k];
      if (other === undefined || stop.node !== other.node || stop.idle !== other.idle) return 'they stop in other places';
      if (stop.spec < 0 ? other.spec >= 0 : this.#pairs.get(stop.spec) !== other.spec) return 'they stop in other procedures';
    }
    const [here, there] = [this.layout.programCounters[p], this.layout.programCounters[q]];
    return here !== undefined && there !== undefined && alike(here, there) ? null : 'their counters differ';
  }

  #specs(p: number, q: number): string | null {
    const [a, b] = [this.program.specs[p], this.program.specs[q]];
    if (a === undefined || b === undefined || a.procedure.name !== b.procedure.name || a.whole !== b.whole)
      return 'they run other procedures';
    // What is whole keeps nothing and stops nowhere: it does the same if its text does.
    if (a.whole) return null;
    const known = this.#pairs.get(p);
    if (known !== undefined) return known === q ? null : 'they call other instances';
    this.#pairs.set(p, q);
    const name = a.procedure.name;
    if (a.nodes.length !== b.nodes.length || a.entry !== b.entry || a.exits !== b.exits) return `${name} has other branches`;
    for (const [k, node] of a.nodes.entries()) {
      const other = b.nodes[k];
      if (other === undefined || node.op.kind !== other.op.kind || node.next.join() !== other.next.join())
        return `${name} has other branches`;
      if (node.cut !== other.cut || node.spends !== other.spends || node.resume !== other.resume) return `${name} ends steps elsewhere`;
      if (statementOf(node) !== statementOf(other)) return `${name} has other statements`;
      if ('spec' in node.op && 'spec' in other.op) {
        const wrong = this.#specs(node.op.spec, other.op.spec);
        if (wrong !== null) return wrong;
        if (node.op.kind === 'call' && other.op.kind === 'call' && node.op.returnIndex !== other.op.returnIndex)
          return `${name} calls in other order`;
      }
    }
    return this.#frames(a, b) ? null : `${name} keeps other things while others run`;
  }

  #frames(a: Spec, b: Spec): boolean {
    if (a.frame.length !== b.frame.length || (a.returnSlot === null) !== (b.returnSlot === null)) return false;
    if (a.returnSlot !== null && b.returnSlot !== null && !alike(a.returnSlot, b.returnSlot)) return false;
    if (a.callSites.length !== b.callSites.length || a.callSites.some(({ node }, k) => node !== b.callSites[k]?.node)) return false;
    return a.frame.every(({ local, column }, k) => {
      const other = b.frame[k];
      return other !== undefined && other.local === local && alike(column, other.column);
    });
  }
}

function statementOf({ op }: Spec['nodes'][number]): string {
  if (op.kind === 'goto') return op.decided === null ? '' : `${op.decided.stmt.id} ${op.decided.value}`;
  return 'stmt' in op && op.stmt !== undefined ? op.stmt.id : '';
}

function alike(a: Column, b: Column): boolean {
  return a.bits === b.bits && a.bias === b.bias && a.signed === b.signed;
}
