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
  /** Parses a translation unit. Never throws on bad text: see `problem`. */
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
  return {
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
