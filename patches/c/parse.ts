/**
 * C text to a syntax tree, by tree-sitter's C grammar in WebAssembly.
 */
import { Language, type Node, Parser } from 'web-tree-sitter';
import { assetPath } from '../../compiler/packageRoot.ts';
import type { CNode } from './node.ts';

/** Deeper nesting than any kernel function has; what recurses over the tree relies on it. */
export const depthLimit = 200;
/** Longest text of one function, in characters. */
export const functionLimit = 200_000;

/** Names, literals and types are shorter; longer nodes are read by their children. */
const textLimit = 400;

/** Characters of all texts whose trees are remembered: a tree's MMU has some 400,000, and each scenario asks for the same functions. */
export const rememberedLength = 1_000_000;

/** Where the text stops being C. Row and column from 0. */
export interface SyntaxProblem {
  readonly row: number;
  readonly column: number;
  readonly what: string;
}
export interface ParsedC {
  readonly root: CNode;
  readonly problem: SyntaxProblem | null;
}
export interface CParser {
  /** Parses a translation unit. Never throws on bad text: see `problem`. What it gives may be given again: nobody changes it. */
  parse(text: string): ParsedC;
}

let loading: Promise<CParser> | null = null;

/** The parser; loaded once. */
export function loadCParser(): Promise<CParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<CParser> {
  await Parser.init();
  const language = await Language.load(assetPath('tree-sitter-c.wasm'));
  const parser = new Parser();
  parser.setLanguage(language);
  return remembering({
    parse(text) {
      if (text.length > functionLimit)
        return { root: emptyNode(), problem: { row: 0, column: 0, what: `longer than ${functionLimit} characters` } };
      const tree = parser.parse(text);
      if (tree === null) return { root: emptyNode(), problem: { row: 0, column: 0, what: 'cannot be parsed' } };
      try {
        return convertTree(tree.rootNode);
      } finally {
        tree.delete();
      }
    },
  });
}

/** What `parser` says, asked once for each text as long as `limit` characters are not passed; then it forgets those that were not asked for longest. */
export function remembering(parser: CParser, limit: number = rememberedLength): CParser {
  /** The text that was asked for last is last. */
  const kept = new Map<string, ParsedC>();
  let length = 0;
  return {
    parse(text) {
      const known = kept.get(text);
      const parsed = known ?? parser.parse(text);
      if (known === undefined) length += text.length;
      else kept.delete(text);
      kept.set(text, parsed);
      for (const oldest of kept.keys()) {
        if (length <= limit) break;
        kept.delete(oldest);
        length -= oldest.length;
      }
      return parsed;
    },
  };
}

function emptyNode(): CNode {
  return { type: 'translation_unit', field: null, text: '', row: 0, column: 0, children: [], anonymous: false };
}

function convertTree(root: Node): ParsedC {
  let problem: SyntaxProblem | null = null;
  const report = (node: Node, what: string): void => {
    problem ??= { row: node.startPosition.row, column: node.startPosition.column, what };
  };
  const convert = (node: Node, field: string | null, depth: number): CNode => {
    if (node.isMissing) report(node, `\`${node.type}\` is missing`);
    else if (node.isError) report(node, 'syntax error');
    if (depth > depthLimit) {
      report(node, `nested deeper than ${depthLimit} levels`);
      return {
        type: node.type,
        field,
        text: '',
        row: node.startPosition.row,
        column: node.startPosition.column,
        children: [],
        anonymous: false,
      };
    }
    const children: CNode[] = [];
    for (let index = 0; index < node.childCount; index += 1) {
      const one = node.child(index);
      if (one !== null) children.push(convert(one, node.fieldNameForChild(index), depth + 1));
    }
    return {
      type: node.type,
      field,
      text: node.endIndex - node.startIndex <= textLimit ? node.text : '',
      row: node.startPosition.row,
      column: node.startPosition.column,
      children,
      anonymous: !node.isNamed,
    };
  };
  const converted = convert(root, null, 0);
  return { root: converted, problem };
}
