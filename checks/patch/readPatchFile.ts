/**
 * A patch from a file or standard input, with errors as the command line knows them.
 */
import { basename } from 'node:path';
import { type ReadPatch, readInput, readPatch, UnreadableInput as UnreadablePatch } from '../../patches/index.ts';
import { UnreadableInput } from '../errors.ts';

/** `-`: standard input. Throws UnreadableInput in one line, whatever the file is. */
export async function readPatchFile(file: string): Promise<{ patch: ReadPatch; text: string }> {
  try {
    const text = await readInput(file);
    return { patch: await readPatch(shownName(file), text), text };
  } catch (error) {
    if (error instanceof UnreadablePatch) throw new UnreadableInput(error.message);
    throw error;
  }
}

/** In positions and titles: where the file lies says nothing about the patch, and must not get into a kept trace. */
export function shownName(file: string): string {
  return file === '-' ? '<stdin>' : basename(file);
}
