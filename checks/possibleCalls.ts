/**
 * Whether a scenario may come to a procedure, by the model's text alone: for the many scenarios that do not, without lowering them.
 *
 * In: a choice, names. Out: false if none of the processes can come to any of them. Never: false where one does; true says nothing.
 */
import { type Choice, filesOf } from './describeSystem.ts';
import { functionTexts } from './sources.ts';

/** By file: of each function the words that its text has. */
const wordsOfFile = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();

export function mayReach(choice: Choice, names: ReadonlySet<string>): boolean {
  const { scenario, preset } = choice;
  const { files, replacing } = filesOf(choice);
  // A function that is replaced is there twice: it may be either.
  const tables = [...files, ...replacing].map(wordsIn);
  const first = [...(scenario.prologue === null ? [] : [scenario.prologue]), ...scenario.presets[preset].processes];
  const open = first.map(({ procedure }) => procedure);
  const found = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (names.has(next)) return true;
    if (found.has(next)) continue;
    found.add(next);
    for (const table of tables) open.push(...(table.get(next) ?? []));
  }
  return false;
}

function wordsIn(path: string): ReadonlyMap<string, ReadonlySet<string>> {
  const known = wordsOfFile.get(path);
  if (known !== undefined) return known;
  const found = new Map(
    functionTexts(path).map(({ name, text }) => [name, new Set([...text.matchAll(/[A-Za-z_$][\w$]*/g)].map(([word]) => word))]),
  );
  wordsOfFile.set(path, found);
  return found;
}
