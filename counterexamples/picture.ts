/**
 * The picture of a violation: the state before and after the violating step, side by side. What is drawn is
 * the model's business (`Naming.picture`); without it, the places that the step changed or the reason names.
 * Locks that somebody holds are always added: a reader wants to know who held what.
 */
import type { MachineDescription, MachineState } from '../compiler/index.ts';

import { canonicalPlace, fieldKey } from './names.ts';
import type { Names, Naming, PictureLine } from './naming.ts';
import { clip, type TracePicture, traceLimits } from './schema.ts';
import { cellsOf, viewOf } from './view.ts';

const linesMax = 64;

/** Of one state. `places` are canonical places worth drawing where the model does not draw. */
export function pictureLines(
  machine: MachineDescription,
  state: MachineState,
  names: Names,
  naming: Naming,
  places: ReadonlySet<string>,
): PictureLine[] {
  const drawn =
    naming.picture?.lines(viewOf(machine, state, names)) ??
    cellsOf(machine, state)
      .filter(({ id, field }) => field.type.kind !== 'lock' && places.has(canonicalPlace(id)))
      .map(({ id, field, cell }) => ({ depth: 0, label: names.place(id), value: names.value(field.type, cell, fieldKey(id)).display }));
  const labels = new Set(drawn.map((line) => line.label));
  const locks = cellsOf(machine, state)
    .filter(({ field }) => field.type.kind === 'lock')
    .map(({ id, field, cell }) => ({ depth: 0, label: names.place(id), value: names.value(field.type, cell, '').display }));
  return [...drawn, ...locks.filter((line) => !labels.has(line.label))];
}

/** Lines that both states have, under the same headings, are compared; a lock that is free in both is left out. */
export function comparePictures(title: string, before: readonly PictureLine[], after: readonly PictureLine[]): TracePicture {
  const old = withPaths(before);
  const now = withPaths(after);
  const stays = new Set(now.map(({ path }) => path));
  const lines: TracePicture['lines'] = [];
  const add = ({ depth, label }: PictureLine, was: string, is: string) => {
    if (was === 'free' && is === 'free') return;
    const text = (value: string) => clip(value, traceLimits.text);
    lines.push({ depth: Math.max(0, Math.min(12, depth)), label: clip(label), before: text(was), after: text(is) });
  };
  for (const { line, path } of now) {
    // What is gone keeps its place: it is shown before the next line that stays.
    const at = old.findIndex((candidate) => candidate.path === path);
    const passed = at < 0 ? [] : old.splice(0, at + 1);
    for (const gone of passed.slice(0, -1)) if (!stays.has(gone.path)) add(gone.line, gone.line.value, '-');
    // Lines that changed their order wait for their turn.
    old.unshift(...passed.slice(0, -1).filter((candidate) => stays.has(candidate.path)));
    add(line, passed.at(-1)?.line.value ?? '-', line.value);
  }
  for (const gone of old) if (!stays.has(gone.path)) add(gone.line, gone.line.value, '-');
  return { title: clip(title, traceLimits.text), lines: lines.slice(0, linesMax) };
}

/** A line is told from others of its label by the lines it is indented under. */
function withPaths(lines: readonly PictureLine[]): { line: PictureLine; path: string }[] {
  const above: PictureLine[] = [];
  return lines.map((line) => {
    while ((above.at(-1)?.depth ?? -1) >= line.depth) above.pop();
    above.push(line);
    return { line, path: JSON.stringify(above.map((heading) => heading.label)) };
  });
}
