/**
 * Who waits for what in a state that nobody leaves, in words.
 */
import { decodeWorld, nodeOf } from '../compiler/interpret/world.ts';
import type { CompiledSystem } from '../compiler/system.ts';
import type { Names } from './names.ts';
import { clip } from './schema.ts';

/** One sentence per process that is blocked in the state at `base`, and the fields of the locks they wait for. */
export function blockedProcesses(system: CompiledSystem, base: number, names: Names): { notes: string[]; fields: string[] } {
  const world = decodeWorld(system.program, system.layout, system.buffer, base);
  const notes: string[] = [];
  const fields: string[] = [];
  system.program.processes.forEach((_, process) => {
    if (system.processStatus(base, process) !== 'blocked') return;
    const frame = world.stacks[process]?.at(-1);
    if (frame === undefined) return;
    const { op } = nodeOf(frame.spec, frame.node);
    const where = `CPU ${process} waits in ${frame.spec.procedure.name}()`;
    if (op.kind === 'wait') notes.push(clip(`${where}${op.label === '' ? '' : ` for: ${op.label}`}.`));
    else if (op.kind === 'leaf' && op.stmt.kind === 'acquire') {
      const { lock } = op.stmt;
      fields.push(`${lock.table}.${lock.field}`);
      // Without the row: which one it is depends on a local of the process.
      const singleton = lock.kind === 'field' && lock.row === null;
      const name = singleton
        ? names.place({ table: lock.table, field: lock.field, row: null, index: null })
        : `${lock.table}.${lock.field}`;
      const holders = system.waitsFor(base, process);
      const who = system.program.processes.flatMap((__, other) => ((holders >>> other) & 1 ? [`CPU ${other}`] : []));
      notes.push(
        clip(`${where} for ${name}${who.length === 0 ? '' : `, which ${who.join(' and ')} ${who.length === 1 ? 'holds' : 'hold'}`}.`),
      );
    } else notes.push(clip(`${where}.`));
  });
  return { notes, fields };
}
