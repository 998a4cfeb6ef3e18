/**
 * Small files of checks that can be gone on with.
 *
 * In: JSON. Out: what a schema has checked. Never: half a file; a stack trace for one that is damaged.
 */
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { escapeText } from '../counterexamples/index.ts';
import { replaceFile } from '../explorer/index.ts';
import { UnreadableInput } from './errors.ts';

/** Throws what the file system throws. */
export function writeJson(file: string, content: unknown): void {
  replaceFile(file, (write) => write(Buffer.from(`${JSON.stringify(content)}\n`)));
}

/** Throws UnreadableInput: `complaint` goes on from the name of the file. */
export function readJson<S extends z.ZodType>(file: string, schema: S, complaint: string): z.infer<S> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UnreadableInput(`${named(file)} cannot be read`);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new UnreadableInput(`${named(file)} ${complaint}`);
  }
}

/** A path as it may be printed. */
export function named(path: string): string {
  return escapeText(path, 200);
}
