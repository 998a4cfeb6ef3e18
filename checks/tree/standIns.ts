/**
 * Functions of a tree whose own text does not run, though something runs under their name.
 *
 * In: runs with what kept its place in them. Out: such functions, by name, and those that import and take no place anywhere. Never: a function
 * that nobody who ran calls.
 */
import type { TreeImportFunction } from '../../patches/index.ts';
import type { PlacedTree } from './placeTree.ts';
import type { TreeCheckReport, TreeRun } from './treeCheckReport.ts';

type StandIn = TreeCheckReport['standIns'][number];

export class StandIns {
  private readonly found = new Map<string, StandIn>();
  private readonly placed = new Set<string>();
  /** That would import, if it were not for who calls them. */
  private readonly misfits = new Map<string, TreeCheckReport['notPlaced'][number]>();

  add({ scenario, ran, standIns }: TreeRun, { functions, placed, kept, bound }: PlacedTree): void {
    for (const name of [...placed.values()].map((one) => one.name).concat(ran)) this.placed.add(name);
    for (const { function: one, reason } of kept.values()) {
      if (reason.includes(misfit) && !this.misfits.has(one.name))
        this.misfits.set(one.name, { ...placeOf(one), reason: shortened(one, reason) });
    }
    const run = new Set(ran);
    const texts = functions.flatMap(({ name, source }) => (run.has(name) ? [source.text] : []));
    const called = new Set(texts.flatMap((text) => [...text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].flatMap(([, name]) => name ?? [])));
    for (const [name, { function: one, means }] of bound) {
      if (called.has(name)) this.note(one, 'binding', `it means ${means}`, scenario);
    }
    const standing = new Set(standIns);
    for (const [name, { function: one, reason }] of kept) {
      if (standing.has(one.name) && !bound.has(name)) this.note(one, 'model', shortened(one, reason), scenario);
    }
  }

  entries(): StandIn[] {
    return inOrder([...this.found.values()]);
  }

  notPlaced(): TreeCheckReport['notPlaced'] {
    return inOrder([...this.misfits.values()].filter(({ name }) => !this.placed.has(name)));
  }

  private note(one: TreeImportFunction, by: StandIn['by'], reason: string, scenario: string): void {
    const key = `${by} ${one.file} ${one.line}`;
    const known = this.found.get(key) ?? { ...placeOf(one), by, reason, scenarios: [] };
    this.found.set(key, { ...known, scenarios: [...known.scenarios, scenario] });
  }
}

/** Of the reason that lowering gives for a function that is left to the model's, though it could be lowered. */
const misfit = "is left to the model's procedure";

function placeOf({ name, file, line }: TreeImportFunction): { name: string; file: string; line: number } {
  return { name, file, line };
}

/** Without the file that the entry names already. */
function shortened({ file }: TreeImportFunction, reason: string): string {
  return reason.startsWith(`${file}:`) ? `line ${reason.slice(file.length + 1)}` : reason;
}

function inOrder<T extends { readonly file: string; readonly line: number }>(entries: T[]): T[] {
  return entries.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
