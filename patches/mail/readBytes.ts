/**
 * From a path, or standard input, to text: bounded in size, and certain to be text.
 */
import { open } from 'node:fs/promises';
import { UnreadableInput } from './unreadable.ts';

/** The largest file that is read, in bytes: a series of a hundred mails fits many times. */
export const inputLimit = 8 * 1024 * 1024;

/**
 * Reads `path`, or standard input if it is `-`. A file that says to be larger than `limit` is refused
 * before it is read; a pipe as soon as it gave more. Throws `UnreadableInput`.
 */
export async function readInput(path: string, limit: number = inputLimit): Promise<string> {
  const name = path === '-' ? '<stdin>' : path;
  const bytes = path === '-' ? await readStream(process.stdin, name, limit) : await readFileBounded(path, limit);
  return textOf(bytes, name, limit);
}

/** Bytes as text. Refuses what is too large, binary, or in a 16-bit encoding. Throws `UnreadableInput`. */
export function textOf(bytes: Uint8Array, name: string, limit: number = inputLimit): string {
  if (bytes.length > limit) throw tooLarge(name, limit);
  if (bytes.includes(0))
    throw new UnreadableInput('binary', name, null, 'is binary data, not a mail or a diff: give the patch as plain text');
  const text = new TextDecoder('utf-8').decode(bytes);
  let strange = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0xfffd || (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d && code !== 0x0c)) strange += 1;
  }
  // Names in old mails may be Latin-1; every tenth character is no longer a mail.
  if (strange * 10 > text.length)
    throw new UnreadableInput('binary', name, null, 'is binary data, not a mail or a diff: give the patch as plain text');
  return text;
}

async function readFileBounded(path: string, limit: number): Promise<Uint8Array> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw new UnreadableInput('missing', path, null, `cannot be opened (${codeOf(error)}): check the path`);
  }
  try {
    const status = await handle.stat();
    if (status.isDirectory()) throw new UnreadableInput('missing', path, null, 'is a directory: give one file, or - for standard input');
    if (status.size > limit) throw tooLarge(path, limit);
    return await readStream(handle.createReadStream({ autoClose: false }), path, limit);
  } finally {
    await handle.close();
  }
}

async function readStream(stream: AsyncIterable<Uint8Array | string>, name: string, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > limit) throw tooLarge(name, limit);
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof UnreadableInput) throw error;
    throw new UnreadableInput('missing', name, null, `cannot be read (${codeOf(error)})`);
  }
  return Buffer.concat(chunks);
}

function tooLarge(name: string, limit: number): UnreadableInput {
  return new UnreadableInput(
    'too-large',
    name,
    null,
    `is larger than ${limit / 1024 / 1024} MB: give one patch or one series, not an archive`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
