import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inputLimit, readInput, textOf } from './readBytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-read-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe('reading an input', () => {
  it('gives the text', async () => {
    expect(await readInput(file('a', 'Zürich\n'))).toBe('Zürich\n');
  });
  it('refuses a large file by its size, before it is read', async () => {
    const path = join(folder, 'large');
    closeSync(openSync(path, 'w'));
    truncateSync(path, 50 * 1024 * 1024);
    await expect(readInput(path)).rejects.toMatchObject({
      reason: 'too-large',
      message: `${path}: is larger than 8 MB: give one patch or one series, not an archive`,
    });
  });
  it('refuses what is not there, or a folder', async () => {
    await expect(readInput(join(folder, 'none'))).rejects.toMatchObject({ reason: 'missing', message: expect.stringContaining('ENOENT') });
    await expect(readInput(folder)).rejects.toMatchObject({ reason: 'missing' });
  });
  it.each([
    ['zeros', new Uint8Array(100)],
    ['random bytes', Uint8Array.from({ length: 3000 }, (_, index) => ((index * 7919) % 251) + 1)],
    ['UTF-16', Buffer.from('diff --git a/a b/a', 'utf16le')],
  ])('refuses binary data: %s', (_what, bytes) => {
    expect(() => textOf(bytes, 'm')).toThrow(/^m: is binary data/);
  });
  it('takes Latin-1 names in their stride', () => {
    expect(textOf(Buffer.from('Signed-off-by: J\xfcrgen Somebody <j@example.org>\n', 'latin1'), 'm')).toContain('rgen');
  });
  it('refuses a buffer beyond the limit', () => {
    expect(() => textOf(new Uint8Array(inputLimit + 1).fill(65), 'm')).toThrow(/larger than/);
  });
});
