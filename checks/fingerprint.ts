/**
 * What makes two runs the same run: a hash over everything that its result follows from.
 *
 * In: a system description, compile options. Out: 16 hexadecimal digits. Never: positions, docstrings or statement ids,
 * which change without the meaning changing; nor where row numbers are, which only makes a search shorter.
 */
import { createHash } from 'node:crypto';
import type { CompileOptions, SystemDescription } from '../compiler/index.ts';

export function fingerprintOf(description: SystemDescription, options: CompileOptions = {}): string {
  const text = JSON.stringify([description, options], (key, value: unknown) => {
    if (key === 'pos' || key === 'doc' || key === 'rowNumbers') return undefined;
    if (value instanceof Map) return [...value].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    return isStatement(value) ? { ...value, id: undefined } : value;
  });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function isStatement(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && 'pos' in value;
}
