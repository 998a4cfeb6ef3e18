/**
 * The picture of a violation: the state before and after the violating step, side by side. What is drawn is
 * the model's business (`Naming.picture`); without it, the places that the step changed or the reason names.
 * Locks that somebody holds are always added: a reader wants to know who held what.
 */
import type { MachineDescription, MachineState } from '../compiler/index.ts';

import { canonicalPlace, fieldKey, type Names, type Naming, type PictureLine } from './names.ts';
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

/** Lines that both states have are compared; a lock that is free in both is left out. */
export function comparePictures(title: string, before: readonly PictureLine[], after: readonly PictureLine[]): TracePicture {
  const key = (line: PictureLine) => `${line.depth} ${line.label}`;
  const inAfter = new Set(after.map(key));
  const old = [...before];
  const lines: { depth: number; label: string; before: string; after: string }[] = [];
  const add = ({ depth, label }: PictureLine, was: string, is: string) => {
    if (was === 'free' && is === 'free') return;
    const text = (value: string) => clip(value, traceLimits.text);
    lines.push({ depth: Math.max(0, Math.min(12, depth)), label: clip(label), before: text(was), after: text(is) });
  };
  const gone = (line: PictureLine) => add(line, line.value, '-');
  for (const line of after) {
    const at = old.findIndex((candidate) => key(candidate) === key(line));
    // Lines of before that come first and are gone keep their place.
    while (at > 0 && old[0] !== undefined && !inAfter.has(key(old[0])) && key(old[0]) !== key(line)) {
      gone(old[0]);
      old.shift();
    }
    const found = old.findIndex((candidate) => key(candidate) === key(line));
    const [was] = found < 0 ? [] : old.splice(found, 1);
    add(line, was?.value ?? '-', line.value);
  }
  for (const line of old) if (!inAfter.has(key(line))) gone(line);
  return { title: clip(title, traceLimits.text), lines: lines.slice(0, linesMax) };
}
