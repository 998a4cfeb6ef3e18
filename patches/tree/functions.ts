/**
 * The functions of a tree, with their lines, after conditional compilation.
 */

import { usualConfiguration } from '../bindings/configuration.ts';
import type { Bindings } from '../bindings/schema.ts';
import type { KernelVersion } from '../bindings/version.ts';
import { definitionStarts } from '../c/extract.ts';
import { partners, type SideLine, type Token, tokensOf } from '../c/tokens.ts';
import { resolveConditions } from './conditional.ts';
import type { KernelTree } from './kernelTree.ts';
import { sources } from './sources.ts';

export interface TreeFunction {
  readonly name: string;
  /** Relative to the tree. */
  readonly path: string;
  /** Lines of the file, from 1, both included. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** From its first word to the brace: `static bool f(struct kvm *kvm)`, on one line. */
  readonly signature: string;
  /** Its text as the file has it. */
  readonly text: string;
  /** Its lines as they are parsed: what is not compiled and attributes are blank, nothing has moved. */
  readonly lines: readonly SideLine[];
  /** Of a header: inline, or a macro's companion. */
  readonly inHeader: boolean;
}
export interface MacroDefinition {
  readonly name: string;
  /** Null: without parentheses. */
  readonly params: readonly string[] | null;
  readonly body: string;
  readonly path: string;
  readonly line: number;
}
export interface TreeContents {
  readonly functions: readonly TreeFunction[];
  /** Macros that are compiled; of several of one name the last. */
  readonly macros: ReadonlyMap<string, MacroDefinition>;
  /** Texts of structures and unions, by name: `struct tdp_iter`. */
  readonly structs: ReadonlyMap<string, string>;
  readonly version: KernelVersion | null;
}

type Rewriting = Pick<Bindings, 'attributes' | 'annotations' | 'pastings'>;

/** Everything in `tree` that the model is about. Throws `UnreadableInput` only for what the tree itself refuses. */
export function treeContents(tree: KernelTree, bindings: Rewriting): TreeContents {
  const functions: TreeFunction[] = [];
  const macros = new Map<string, MacroDefinition>();
  const structs = new Map<string, string>();
  for (const source of sources) {
    const found = source.paths.flatMap((path) => {
      const text = tree.read(path);
      return text === null ? [] : [{ path, text }];
    })[0];
    if (found === undefined) continue;
    const file = fileContents(found.path, found.text, bindings);
    for (const one of file.functions) {
      if (source.only?.test(one.name) === false) continue;
      functions.push(source.header === true ? { ...one, inHeader: true } : one);
    }
    for (const [name, text] of file.structs) structs.set(name, text);
    if (source.only === undefined) for (const macro of file.macros) macros.set(macro.name, macro);
  }
  return { functions, macros, structs, version: tree.version };
}

/** `contents`, with the very functions of `other` where they are the same, text and place: what is known of one of them is known of both. */
export function sharing(other: TreeContents, contents: TreeContents): TreeContents {
  const placeOf = ({ path, name, firstLine }: TreeFunction): string => `${path} ${name} ${firstLine}`;
  const textOf = ({ lines }: TreeFunction): string => lines.map((line) => line.text).join('\n');
  const known = new Map(other.functions.map((one) => [placeOf(one), one]));
  return {
    ...contents,
    functions: contents.functions.map((one) => {
      const same = known.get(placeOf(one));
      return same !== undefined && same.text === one.text && textOf(same) === textOf(one) ? same : one;
    }),
  };
}

export interface FileContents {
  readonly functions: TreeFunction[];
  readonly macros: MacroDefinition[];
  readonly structs: ReadonlyMap<string, string>;
}

/** Functions, macros and structures of one file. */
export function fileContents(path: string, text: string, bindings: Rewriting): FileContents {
  const written = text.split('\n');
  const compiled = resolveConditions(written, usualConfiguration).map(
    (line, index): SideLine => ({ text: line, line: index + 1, column: 1, hunk: 0, change: 'context' }),
  );
  const tokens = tokensOf(compiled);
  const lines = rewrite(compiled, tokens, bindings);
  const rewritten = tokensOf(lines);
  const partner = partners(rewritten);
  const functions = definitionStarts(rewritten, partner).flatMap(({ first, open, name }): TreeFunction[] => {
    const close = partner[open] ?? -1;
    const from = rewritten[first]?.at;
    const to = rewritten[close]?.at;
    if (close < 0 || from === undefined || to === undefined) return [];
    const signature = rewritten
      .slice(first, open)
      .map((token) => token.text)
      .join(' ');
    return [
      {
        name,
        path,
        firstLine: from + 1,
        lastLine: to + 1,
        signature: spaced(signature),
        text: written.slice(from, to + 1).join('\n'),
        lines: lines.slice(from, to + 1),
        inHeader: false,
      },
    ];
  });
  return { functions, structs: structsIn(lines, rewritten, partner), macros: tokens.flatMap((token) => macroOf(token, path) ?? []) };
}

/** `struct x { … }` wherever it stands; of several of one name the last. */
function structsIn(lines: readonly SideLine[], tokens: readonly Token[], partner: Int32Array): Map<string, string> {
  const found = new Map<string, string>();
  tokens.forEach((token, index) => {
    const [name, open] = [tokens[index + 1], tokens[index + 2]];
    const close = tokens[partner[index + 2] ?? -1];
    if ((token.text !== 'struct' && token.text !== 'union') || name?.kind !== 'word' || open?.text !== '{' || close === undefined) return;
    const rows = lines.slice(token.at, close.at + 1).map((line) => line.text);
    const last = (rows.pop() ?? '').slice(0, close.offset + 1);
    const all = [...rows, last];
    all[0] = (all[0] ?? '').slice(token.offset);
    found.set(`${token.text} ${name.text}`, all.join('\n'));
  });
  return found;
}

function spaced(signature: string): string {
  return signature
    .replace(/ ?\( ?/g, '(')
    .replace(/ ([,)])/g, '$1')
    .replace(/\* /g, '*');
}

/** At equal length: attributes, also those with arguments, become blanks, and `FNAME(walk_addr)` one word. */
function rewrite(lines: readonly SideLine[], tokens: readonly Token[], bindings: Rewriting): SideLine[] {
  const rows = lines.map((line) => line.text);
  const partner = partners(tokens);
  const overwrite = (token: Token, by: string): void => {
    const row = rows[token.at] ?? '';
    rows[token.at] = row.slice(0, token.offset) + by.padEnd(token.text.length) + row.slice(token.offset + token.text.length);
  };
  tokens.forEach((token, index) => {
    if (token.kind !== 'word') return;
    const open = tokens[index + 1];
    const close = open?.text === '(' ? (partner[index + 1] ?? -1) : -1;
    if (bindings.attributes.has(token.text)) overwrite(token, '');
    else if (bindings.annotations.has(token.text) && close > 0) {
      for (const one of tokens.slice(index, close + 1)) overwrite(one, '');
    } else if (bindings.pastings.has(token.text) && close === index + 3 && open !== undefined) {
      const last = tokens[close];
      overwrite(open, '_');
      if (last !== undefined) overwrite(last, '');
    }
  });
  return lines.map((line, index) => ({ ...line, text: rows[index] ?? '' }));
}

function macroOf(token: Token, path: string): MacroDefinition | null {
  const match = token.kind === 'directive' ? /^#\s*define\s+([A-Za-z_]\w*)(\(([^)]*)\))?\s*(.*)$/s.exec(token.text) : null;
  if (match === null) return null;
  const params =
    match[2] === undefined
      ? null
      : (match[3] ?? '')
          .split(',')
          .map((one) => one.trim())
          .filter((one) => one !== '');
  return { name: match[1] ?? '', params, body: (match[4] ?? '').trim(), path, line: token.at + 1 };
}
