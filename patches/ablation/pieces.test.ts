/** Pieces of a patch on a small tree, and the patch without one of them. */
import { createTwoFilesPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { kvmBindings } from '../bindings/index.ts';
import { readPatchText } from '../mail/patchText.ts';
import { readUnits } from '../source/readUnits.ts';
import { patchTree } from '../source/treePatch.ts';
import { treeOf } from '../tree/kernelTree.ts';
import { patchWithout } from './pieces.ts';
import { piecesOfTree } from './treePieces.ts';

const path = 'arch/x86/kvm/mmu/mmu.c';
const before = `static int f(struct kvm *kvm)
{
	int n = 0;

	if (kvm)
		old_way(kvm);
	b(kvm);
	return n;
}

static int g(void)
{
	return 0;
}
`;
const after = `static int f(struct kvm *kvm)
{
	int n = 0;

	/* Another way. */
	if (kvm)
		new_way(kvm);
	if (n > 1) {
		c(kvm);
		d(kvm);
	}
	b(kvm);
	return n;
}

/* Says more. */
static int g(void)
{
	return 0;
}
`;

async function read() {
  const diff = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', { context: 1 }).replace(/^=+\n/, '');
  const tree = treeOf('linux-6.12', (asked) => (asked === path ? before : null));
  const applied = patchTree(tree, readPatchText('x.patch', `diff --git a/${path} b/${path}\n${diff}`));
  return { applied, pieces: piecesOfTree(await readUnits(applied, kvmBindings), kvmBindings) };
}

describe('pieces of a patch', () => {
  it('are its hunks, changes, statements and conditions, none twice, no comments', async () => {
    const { pieces } = await read();
    expect(pieces.map(({ kind, side, line, lastLine, text }) => [kind, side, line, lastLine, text])).toEqual([
      ['hunk', 'both', 7, 11, 'new_way(kvm); if (n > 1) { c(kvm); d(kvm); }'],
      ['statement', 'added', 7, 7, 'new_way(kvm);'],
      ['statement', 'added', 8, 11, 'if (n > 1) { c(kvm); d(kvm); }'],
      ['condition', 'added', 8, 11, 'if (n > 1) { }'],
      ['statement', 'added', 9, 9, 'c(kvm);'],
      ['statement', 'added', 10, 10, 'd(kvm);'],
    ]);
  });

  it('are taken out one at a time: what is left applies, and is the file but for them', async () => {
    const { applied, pieces } = await read();
    const without = (text: string): string => {
      const piece = pieces.find((each) => each.kind !== 'hunk' && each.text === text);
      if (piece === undefined) throw new Error(`no piece ${text}`);
      return patchTree(applied.before, patchWithout(applied.patch, piece)).after.read(path) ?? '';
    };
    expect(without('c(kvm);')).toBe(after.replace('\t\tc(kvm);\n', ''));
    expect(without('if (n > 1) { }')).toBe(after.replace('\tif (n > 1) {\n', '').replace('\t\td(kvm);\n\t}\n', '\t\td(kvm);\n'));
    // What an `if` guards leaves an empty statement there: else the next one would be guarded.
    expect(without('new_way(kvm);')).toBe(after.replace('\t\tnew_way(kvm);\n', ';\n'));
    const [hunk] = pieces;
    if (hunk === undefined) throw new Error('there is a hunk');
    const left = patchTree(applied.before, patchWithout(applied.patch, hunk)).after.read(path);
    expect(left).toBe(before.replace('static int g', '/* Says more. */\nstatic int g'));
  });
});
