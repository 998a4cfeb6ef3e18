import { describe, expect, it } from 'vitest';
import { treeOf } from '../../patches/index.ts';
import { applyEdit, type Change, type TreeEdit } from './treeEdit.ts';

const path = 'arch/x86/kvm/mmu/mmu.c';
const text = `static void before(struct kvm *kvm)
{
	first(kvm);
}

static bool f(struct kvm *kvm, int n)
{
	/* first(kvm); in a comment */
	first(kvm);
	if (n) {
		second(kvm,
		       n);
		third(kvm);
	}

	third(kvm);
	return n;
}
`;
const tree = treeOf('small', (asked) => (asked === path ? text : null));
const edited = (...changes: [Change, ...Change[]]): string => {
  const edit: TreeEdit = {
    name: 'an edit',
    trees: [],
    file: path,
    function: 'f',
    changes,
    scenarios: ['3.3-B'],
    expected: { verdict: 'holds', why: 'a test' },
  };
  const { before, after } = applyEdit(tree, edit);
  expect(before).toBe(text);
  return after;
};
const swapped = (from: string, to: string): string => text.replace(from, () => to);
const whole = '\tif (n) {\n\t\tsecond(kvm,\n\t\t       n);\n\t\tthird(kvm);\n\t}\n';

describe('an edit script', () => {
  it('finds statements by lines of the function, not of comments or neighbours, and takes them whole', () => {
    expect(edited({ delete: 'second' })).toBe(swapped('\t\tsecond(kvm,\n\t\t       n);\n', ''));
    expect(edited({ delete: 'if \\(n' })).toBe(swapped(whole, ''));
    expect(edited({ double: ['if', 'third'] })).toBe(swapped('\t\tthird(kvm);\n', '\t\tthird(kvm);\n\t\tthird(kvm);\n'));
  });
  it('moves statements either way, and replaces within a line', () => {
    const first = '\tfirst(kvm);\n';
    const at = text.lastIndexOf(first);
    const without = text.slice(0, at) + text.slice(at + first.length);
    expect(edited({ move: 'first', behind: 'if \\(n' })).toBe(without.replace(whole, () => whole + first));
    expect(edited({ move: 'return', before: 'if \\(n' })).toBe(swapped(whole, `\treturn n;\n${whole}`).replace(/\treturn n;\n}/, '}'));
    expect(edited({ at: 'return', replace: '\\bn\\b', by: '!n' })).toBe(swapped('return n', 'return !n'));
    expect(edited({ insert: '\tthird(n);', behind: 'second' })).toBe(swapped('       n);\n', '       n);\n\tthird(n);\n'));
  });
  it.each([
    ['is not there', { delete: 'fourth' }, 'no line matches fourth'],
    ['is there twice', { delete: 'third' }, '2 lines match third: say which'],
    ['is no beginning', { delete: '^}' }, 'no statement begins on the line'],
    ['lacks the word', { at: 'return', replace: 'x', by: 'y' }, 'the line of return has no x'],
    ['is what is moved', { move: 'if \\(n', behind: 'second' }, 'a statement cannot be moved into itself'],
    ['stays where it is', { move: 'return', behind: ['if', 'third', 'third'] }, 'nothing is changed'],
  ] as const)('is refused where its place %s', (_, change, message) => {
    expect(() => edited(change)).toThrow(message);
  });
});
