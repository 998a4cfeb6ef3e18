/**
 * Who waits for what in a state that nobody leaves, in words.
 */
import { type CompiledSystem, standOf } from '../compiler/index.ts';
import type { Names } from './naming.ts';
import { clip } from './schema.ts';

/** One sentence per process that is blocked in the state at `base`, and the fields of the locks they wait for. */
export function blockedProcesses(system: CompiledSystem, base: number, names: Names): { notes: string[]; fields: string[] } {
  const notes: string[] = [];
  const fields: string[] = [];
  for (const process of system.program.processes.keys()) {
    const stand = system.processStatus(base, process) === 'blocked' ? standOf(system, base, process) : null;
    if (stand === null) continue;
    const where = `CPU ${process} waits in ${stand.procedure}()`;
    if (stand.lock === null) {
      const label = stand.wait?.label ?? '';
      notes.push(clip(`${where}${label === '' ? '' : ` for: ${label}`}.`));
      continue;
    }
    const { place } = stand.lock;
    fields.push(`${place.table}.${place.field}`);
    // Without the row: which one it is depends on a local of the process.
    const singleton = place.kind === 'field' && place.row === null;
    const name = singleton
      ? names.place({ table: place.table, field: place.field, row: null, index: null })
      : `${place.table}.${place.field}`;
    notes.push(clip(`${where} for ${name}${holdersText(system, base, process)}.`));
  }
  return { notes, fields };
}

function holdersText(system: CompiledSystem, base: number, process: number): string {
  const holders = system.waitsFor(base, process);
  const who = system.program.processes.flatMap((_, other) => ((holders >>> other) & 1 ? [`CPU ${other}`] : []));
  return who.length === 0 ? '' : `, which ${who.join(' and ')} ${who.length === 1 ? 'holds' : 'hold'}`;
}
