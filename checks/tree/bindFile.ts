/** Bindings that a user gives in a file: `--bind`. */
import { readFileSync, statSync } from 'node:fs';
import { type BindingPart, bindingParts, bindingPartsWith } from '../../patches/index.ts';
import { UnreadableInput } from '../errors.ts';

/** Largest file of bindings, in bytes. */
const limit = 1024 * 1024;

/** The usual bindings with those of a file of JSON; null: without any. Throws UnreadableInput, and what `bindingPartsWith` throws. */
export function partsWith(file: string | null): readonly BindingPart[] {
  return file === null ? bindingParts : bindingPartsWith(file, readBindings(file));
}

function readBindings(file: string): string {
  try {
    if (statSync(file).size > limit) throw new Error('it is larger than 1 MB');
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UnreadableInput(`${file}: cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}`);
  }
}
