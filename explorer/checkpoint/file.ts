/**
 * The file of a checkpoint: written whole or not at all, and believed only if nothing of it changed.
 *
 * In: a header and words. Out: the same again. Never: half a file under the name of a whole one; a word of a damaged one.
 *
 * 8 bytes of magic; the version of the format and the length of the header in bytes, 32 bits each, little-endian; the header as JSON,
 * filled up with spaces to whole words; words, in the order of the machine; SHA-256 of all that.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatVersion, type Header, headerSchema } from './header.ts';
import { CheckpointRefused } from './refused.ts';
import type { WordSink, WordSource } from './words.ts';

const magic = 'mmuckpt\n';
const prefixBytes = magic.length + 8;
const digestBytes = 32;
const chunkBytes = 1 << 20;

/**
 * `fill` is called twice: to count, and to write. Throws what the file system throws; then an older file is as it was.
 */
export function writeCheckpoint(path: string, header: Omit<Header, 'bodyWords'>, fill: (sink: WordSink) => void): void {
  let bodyWords = 0;
  fill({
    write: ({ length }) => {
      bodyWords += length;
    },
  });
  const text = Buffer.from(JSON.stringify({ ...header, bodyWords } satisfies Header));
  const padded = Buffer.alloc(4 * Math.ceil(text.length / 4), ' ');
  text.copy(padded);
  const prefix = Buffer.alloc(prefixBytes);
  prefix.write(magic, 'latin1');
  prefix.writeUInt32LE(formatVersion, magic.length);
  prefix.writeUInt32LE(padded.length, magic.length + 4);

  replaceFile(path, (write) => {
    const hash = createHash('sha256');
    const put = (bytes: Uint8Array) => {
      hash.update(bytes);
      write(bytes);
    };
    put(prefix);
    put(padded);
    fill({ write: (words) => put(new Uint8Array(words.buffer, words.byteOffset, words.byteLength)) });
    write(hash.digest());
  });
}

/** Puts a file in the place of an older one in one step, when all of it is on the disk. Throws what the file system throws. */
export function replaceFile(path: string, fill: (write: (bytes: Uint8Array) => void) => void): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w');
  try {
    fill((bytes) => {
      for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from, Math.min(chunkBytes, bytes.length - from));
    });
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Reads a checkpoint that is whole. Throws CheckpointRefused; the message goes on from the name of the file. */
export function readCheckpoint(path: string, take: (header: Header, source: WordSource) => void): void {
  const file = openForReading(path);
  try {
    const size = fstatSync(file).size;
    const prefix = Buffer.alloc(Math.min(prefixBytes, size));
    readAt(file, prefix, 0);
    if (size < prefixBytes + digestBytes || prefix.toString('latin1', 0, magic.length) !== magic) {
      throw new CheckpointRefused('is no checkpoint, or a truncated one');
    }
    const format = prefix.readUInt32LE(magic.length);
    if (format !== formatVersion) throw new CheckpointRefused(`has format ${format}, and this is mmucheck with format ${formatVersion}`);
    verifyDigest(file, size);
    const headerBytes = prefix.readUInt32LE(magic.length + 4);
    const bodyAt = prefixBytes + headerBytes;
    if (bodyAt + digestBytes > size) throw new CheckpointRefused('is truncated');
    const header = readHeader(file, headerBytes);
    if (bodyAt + 4 * header.bodyWords + digestBytes !== size) throw new CheckpointRefused('is not as long as it says');
    let at = bodyAt;
    take(header, {
      read: (words) => {
        if (at + words.byteLength > size - digestBytes) throw new CheckpointRefused('ends too early');
        readAt(file, new Uint8Array(words.buffer, words.byteOffset, words.byteLength), at);
        at += words.byteLength;
      },
    });
    if (at !== size - digestBytes) throw new CheckpointRefused('holds more than belongs to it');
  } finally {
    closeSync(file);
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch {
    throw new CheckpointRefused('cannot be opened');
  }
}

function verifyDigest(file: number, size: number): void {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(chunkBytes);
  const end = size - digestBytes;
  for (let at = 0; at < end; at += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, end - at));
    readAt(file, part, at);
    hash.update(part);
  }
  const digest = Buffer.alloc(digestBytes);
  readAt(file, digest, end);
  if (!hash.digest().equals(digest)) throw new CheckpointRefused('is damaged: its checksum does not fit');
}

function readHeader(file: number, bytes: number): Header {
  const text = Buffer.alloc(bytes);
  readAt(file, text, prefixBytes);
  try {
    return headerSchema.parse(JSON.parse(text.toString()));
  } catch {
    throw new CheckpointRefused('has a header that is none');
  }
}

function readAt(file: number, into: Uint8Array, at: number): void {
  for (let done = 0; done < into.length; ) {
    const got = readSync(file, into, done, into.length - done, at + done);
    if (got === 0) throw new CheckpointRefused('ends too early');
    done += got;
  }
}

/** So that the new name outlives a loss of power. Not every file system can. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The file itself is on the disk; the older one is as good a place to go on from.
  }
}
