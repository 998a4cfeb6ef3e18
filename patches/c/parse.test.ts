import { expect, test } from 'vitest';
import { type CNode, walk } from './node.ts';
import { type CParser, loadCParser, remembering } from './parse.ts';

const functionText = 'static int f(int a)\n{\n\treturn a + 1;\n}\n';

test('a text is parsed once, and what is remembered is what parsing gives', async () => {
  const parser = await loadCParser();
  const first = parser.parse(functionText);
  expect(parser.parse(functionText)).toBe(first);
  const other = parser.parse(`${functionText} `);
  expect(other).not.toBe(first);
  // The same statement at another place of another text.
  const inner = (root: CNode) => [...walk(root)].map(({ type, text }) => [type, text]);
  const [, ...rest] = inner(first.root);
  expect(inner(other.root).slice(1)).toEqual(rest);
});

test('what was asked for longest ago is forgotten when the texts become too long', () => {
  const asked: string[] = [];
  const plain: CParser = {
    parse(text) {
      asked.push(text);
      return { root: { type: text, field: null, text, row: 0, column: 0, children: [], anonymous: false }, problem: null };
    },
  };
  const parser = remembering(plain, 6);
  for (const text of ['aaa', 'bbb', 'aaa', 'ccc', 'aaa', 'bbb']) expect(parser.parse(text).root.type).toBe(text);
  expect(asked).toEqual(['aaa', 'bbb', 'ccc', 'bbb']);
  // Longer than all that is kept: given, and not kept.
  expect([parser.parse('too long').root.type, parser.parse('too long').root.type]).toEqual(['too long', 'too long']);
  expect(asked.filter((text) => text === 'too long')).toHaveLength(2);
});
