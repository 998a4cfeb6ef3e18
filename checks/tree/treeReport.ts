/**
 * Which functions of a kernel tree the model can take.
 *
 * In: a directory, a file with more bindings. Out: each function with its status and the reason. Never: a verdict; nothing is run.
 */
import { z } from 'zod';
import {
  lowerContents,
  makeBindings,
  neverReached,
  readTree,
  type TreeImportFunction,
  treeContents,
  UnreadableInput as UnreadableText,
} from '../../patches/index.ts';
import { UnreadableInput } from '../errors.ts';
import { partsWith } from './bindFile.ts';
import { engineSurroundings } from './engines.ts';

export const importStatusSchema = z.enum(['imported', 'ignorable', 'unmodelled', 'unparsed']);
const natural = z.int().min(0);
export const treeReportSchema = z.strictObject({
  tree: z.string(),
  /** Null: nothing in the tree tells its version. */
  version: z.string().nullable(),
  functions: z.array(
    z.strictObject({
      file: z.string(),
      line: natural,
      name: z.string(),
      status: importStatusSchema,
      /** The engine and the scenario of the model whose machine takes it, or comes nearest. */
      engine: z.enum(['shadow', 'tdp']),
      scenario: z.string(),
      /** What the model has not, where, and how to bind it. */
      reason: z.string().nullable(),
      /** How many of its statements the machine never reaches and the model need not have: they are left out. */
      leftOut: natural,
    }),
  ),
  counts: z.strictObject({ imported: natural, ignorable: natural, unmodelled: natural, unparsed: natural }),
});
export type TreeReport = z.infer<typeof treeReportSchema>;

export interface TreeRequest {
  readonly directory: string;
  /** A file of JSON with more bindings. */
  readonly bind: string | null;
}

type Best = TreeImportFunction & { engine: 'shadow' | 'tdp'; scenario: string };

/** Throws UnreadableInput for what is no tree, and for a file that is none of bindings. */
export async function treeReport({ directory, bind }: TreeRequest): Promise<TreeReport> {
  try {
    const parts = partsWith(bind);
    const tree = readTree(directory);
    const contents = treeContents(tree, makeBindings(parts));
    const best = new Map<string, Best>();
    for (const surroundings of engineSurroundings()) {
      const { engine, scenario } = surroundings;
      for (const one of await lowerContents(contents, surroundings, parts)) {
        const key = `${one.file} ${one.line}`;
        const known = best.get(key);
        if (
          known === undefined ||
          one.lacking < known.lacking ||
          (one.lacking === known.lacking && isBetter({ ...one, engine, scenario }, known))
        )
          best.set(key, { ...one, engine, scenario });
      }
    }
    const functions = [...best.values()].map((one) => {
      const { file, line, name, status, engine, scenario, reason } = one;
      return { file, line, name, status, engine, scenario, reason, leftOut: neverReached(one) };
    });
    const count = (status: z.infer<typeof importStatusSchema>) => functions.filter((one) => one.status === status).length;
    return {
      tree: tree.name,
      version: tree.version?.text ?? null,
      functions,
      counts: { imported: count('imported'), ignorable: count('ignorable'), unmodelled: count('unmodelled'), unparsed: count('unparsed') },
    };
  } catch (error) {
    if (error instanceof UnreadableText) throw new UnreadableInput(error.message);
    throw error;
  }
}

/** Where both machines lack as much, that is better which reaches more of the function, and then that which the file is about. */
function isBetter(one: Best, known: Best): boolean {
  const [left, before] = [neverReached(one), neverReached(known)];
  return left === before ? isNearer(one.file, one.engine, known.engine) : left < before;
}

/** Where both engines lack as much, the reason is that of the engine which the file is about. */
function isNearer(file: string, engine: 'shadow' | 'tdp', known: 'shadow' | 'tdp'): boolean {
  const own = file.includes('tdp_') ? 'tdp' : 'shadow';
  return engine === own && known !== own;
}
