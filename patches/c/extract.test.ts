import { describe, expect, it } from 'vitest';
import { kvmBindings } from '../bindings/index.ts';
import { readPatchText } from '../mail/patchText.ts';
import { contentsOf } from './extract.ts';
import { prepare } from './prepare.ts';

/** Contents of the new side of a hunk given by its lines, with the marks of a diff. */
function contents(lines: string[], heading = '') {
  const count = (sign: string) => lines.filter((line) => line[0] === sign || line[0] === ' ').length;
  const text = [
    'diff --git a/a.c b/a.c',
    '--- a/a.c',
    '+++ b/a.c',
    `@@ -1,${count('-')} +1,${count('+')} @@ ${heading}`,
    ...lines,
    '-- ',
    '',
  ].join('\n');
  const [hunk] = readPatchText('m', text).hunks;
  if (hunk === undefined) throw new Error('no hunk');
  return contentsOf(hunk, 'new');
}

describe('what a hunk holds', () => {
  it('functions from their first word to their closing brace, and pieces of others', () => {
    const found = contents(
      [
        ' \treturn 1;',
        ' }',
        '+static int',
        '+f(struct kvm *kvm,',
        '+  int n)',
        '+{',
        '+\tif (n) {',
        '+\t}',
        '+}',
        ' static void g(void)',
        ' {',
        '+\tx();',
      ],
      'int before(void)',
    );
    expect(found.functions.map((one) => [one.name, one.lines[0]?.text, one.lines.at(-1)?.text])).toEqual([['f', 'static int', '}']]);
    expect(found.enclosing).toEqual(['before', 'before', ...Array(7).fill('f'), 'g', 'g', 'g']);
    expect(found.roles.at(-1)).toBe('partial');
  });
  it('functions out of which lines are only taken are changed; their neighbours are not', () => {
    const found = contents([
      ' int f(void)',
      ' {',
      ' \tx();',
      ' }',
      '-',
      ' int g(void)',
      ' {',
      '-\ty();',
      ' }',
      '-',
      ' int h(void)',
      ' {',
      ' }',
    ]);
    expect(found.functions.map((one) => [one.name, one.changed])).toEqual([
      ['f', false],
      ['g', true],
      ['h', false],
    ]);
  });
  it('control statements and macros with a block are no functions', () => {
    const found = contents(
      ['+\tif (a) {', '+\t}', '+\telse if (b) {', '+\t}', '+\tlist_for_each(x) {', '+\t}', '+\treturn f(x);'],
      'int before(void)',
    );
    expect(found.functions).toEqual([]);
    expect(new Set(found.roles)).toEqual(new Set(['partial']));
  });
  it('braces in comments, strings and characters do not count', () => {
    const found = contents(['+int f(void)', '+{', '+\t/* } */', '+\tx("}", \'}\'); // }', '+}', ' int g(void)']);
    expect(found.functions.map((one) => one.lines.length)).toEqual([5]);
  });
  it('may begin and end inside a comment', () => {
    const found = contents([' * f() { is called', '+ * when g() {', ' */', '+\tx();', ' /* and then', '+ * nothing'], 'int before(void)');
    expect(found.roles).toEqual(['comment', 'comment', 'comment', 'partial', 'comment', 'comment']);
  });
  it('defines, with their continuation lines, and prototypes', () => {
    const found = contents([
      ' #define A 1',
      '+#define B(x) \\',
      '+\tKVM_REQ(x) /* one */',
      '+int f(struct kvm *kvm,',
      '+      int n);',
      '+#include <x.h>',
    ]);
    expect(found.defines.map((one) => [one.name, one.body, one.change])).toEqual([
      ['A', '1', 'context'],
      ['B', '(x)KVM_REQ(x)', 'added'],
    ]);
    expect(found.roles).toEqual(['define', 'define', 'define', 'declaration', 'declaration', 'directive']);
  });
});

describe('text before it is parsed', () => {
  const prepared = (text: string) => {
    const lines = text.split('\n').map((one, index) => ({ text: one, line: index + 1, column: 1, hunk: 1, change: 'added' as const }));
    const result = prepare({ lines }, kvmBindings);
    expect(result.text.length).toBe(text.length);
    return { text: result.text, macros: [...result.macros] };
  };
  it('keeps every column: macros with a block become loops of the same length', () => {
    const { text, macros } = prepared('void f(void)\n{\n\tlist_for_each_entry(sp, l, link) {\n\t\tx();\n\t}\n\tfor_each_x(y) z();\n}');
    expect(text).toBe('void f(void)\n{\n\twhile              (sp, l, link) {\n\t\tx();\n\t}\n\twhile     (y) z();\n}');
    expect(macros).toEqual([
      ['2:1', 'list_for_each_entry'],
      ['5:1', 'for_each_x'],
    ]);
  });
  it('blanks attributes, and leaves calls and control alone', () => {
    const text = 'static __always_inline int f(int n)\n{\n\tif (n) {\n\t\treturn (int)n;\n\t}\n\tg(n);\n\treturn h(n) * 2;\n}';
    expect(prepared(text)).toEqual({ text: text.replace('__always_inline', ' '.repeat('__always_inline'.length)), macros: [] });
  });
});
