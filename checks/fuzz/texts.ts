/**
 * What strangers' texts are made from: patches of our own, and, where they are at hand, the mails that the project was given and diffs on
 * parts of kernel trees. Those lie outside the repository and are read at run time.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { packageRoot } from '../../compiler/packageRoot.ts';
import { type KernelTree, treeOf } from '../../patches/index.ts';
import { flushOfBoth, obsoleteIf, orphansGo } from '../patch/testing.ts';
import { edit, mmuPath, mmuText } from '../patch/testingTree.ts';

/** A patch, and a tree that it may be for. */
export interface FuzzText {
  readonly text: string;
  readonly tree: FuzzTree;
}
/** A tree in memory. */
export interface FuzzTree {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}
export interface Corpus {
  readonly texts: readonly FuzzText[];
  /** What was not found, a sentence each. */
  readonly absent: readonly string[];
}

/** Written for tests. */
export const small: FuzzTree = { name: 'linux-6.1', files: new Map([[mmuPath, mmuText]]) };

/** Everything that is at hand, in the same order every time. */
export function fuzzCorpus(): Corpus {
  const absent: string[] = [];
  const texts = own().map((text): FuzzText => ({ text, tree: small }));
  const seeds = process.env['MMUCHECK_SEEDS'] ?? join(packageRoot(), '..', 'shared', 'seeds');
  if (existsSync(seeds)) {
    for (const name of readdirSync(seeds).sort()) texts.push({ text: readFileSync(join(seeds, name), 'utf8'), tree: small });
  } else {
    absent.push('no patch mails: MMUCHECK_SEEDS names no folder');
  }
  const trees = treeFolders();
  if (trees.length === 0) absent.push('no kernel trees: MMUCHECK_TREES names no folder that holds any');
  for (const folder of trees) texts.push(...diffsOn(folder));
  return { texts, absent };
}

/** The kernel trees of MMUCHECK_TREES: the folders in it that have KVM's MMU. */
export function treeFolders(): string[] {
  const folder = process.env['MMUCHECK_TREES'];
  if (folder === undefined || !existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, mmuPath)));
}

/** As the readers want it; every path that is asked for goes through `seen` first. */
export function asTree({ name, files }: FuzzTree, seen: (path: string) => void): KernelTree {
  return treeOf(name, (path) => {
    seen(path);
    return files.get(path) ?? null;
  });
}

/** A diff between two texts of one file, as git writes it. */
export function gitDiff(before: string, after: string, path: string = mmuPath): string {
  const diff = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', { context: 3 }).replace(/^=+\n/, '');
  return `diff --git a/${path} b/${path}\n${diff}`;
}

/** `diff` as git format-patch sends it. */
export function mailOf(subject: string, diff: string): string {
  const head = [
    'From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001',
    'From: Nobody <nobody@example.org>',
    `Subject: ${subject}`,
  ];
  return [...head, '', 'Why.', '---', `${diff}-- `, '2.39.5', '', ''].join('\n');
}

function own(): string[] {
  const second = edit(mmuText, 'hpa_t hpa = mmu->prev_roots[slot].hpa;', 'hpa_t hpa = mmu->root.hpa;');
  const third = edit(second, 'int nr = count_somewhere(shrink);', 'int nr = 1;\n\n\tfor_each_thing(shrink) {\n\t\tnr++;\n\t}');
  const macro = edit(
    mmuText,
    'static int tries = 3;',
    '#define KVM_REQ_X KVM_ARCH_REQ(9)\n#ifdef CONFIG_X\nstatic int tries = 3;\n#else\nstatic int tries = 4;\n#endif',
  );
  const mails = [gitDiff(mmuText, second), gitDiff(second, third)].map((diff, index) => mailOf(`[PATCH ${index + 1}/2] x: y`, diff));
  const made = `diff --git a/x.c b/x.c\nnew file mode 100644\n--- /dev/null\n+++ b/x.c\n@@ -0,0 +1,3 @@\n+int f(void)\n+{\n+}\n`;
  const gone = `diff --git a/x.c b/y.c\nsimilarity index 90%\nrename from x.c\nrename to y.c\n--- a/x.c\n+++ b/y.c\n@@ -1,3 +1,2 @@\n int f(void)\n-{\n }\n`;
  const plain = [gitDiff(mmuText, second), gitDiff(mmuText, third), gitDiff(mmuText, macro), made, gone];
  const quoted = plain.slice(0, 2).map((diff) => `Subject: Re: x\n\nOn Monday you wrote:\n${diff.replace(/^/gm, '> ')}\nNo.\n`);
  const stripped = gitDiff(mmuText, third).replace(/^([ +-])?[ \t]+/gm, '$1');
  return [...plain, ...mails, mails.join(''), ...quoted, stripped, orphansGo('child->role.guest_mode'), obsoleteIf('0'), flushOfBoth()];
}

/** Lines of the parts of mmu.c that are cut out: whole functions of a usual size around these. */
const excerpts = ['is_obsolete_root', 'kvm_zap_obsolete_pages', 'kvm_mmu_free_roots', 'kvm_mmu_prepare_zap_page', 'direct_map'];

function diffsOn(folder: string): FuzzText[] {
  const lines = readFileSync(join(folder, mmuPath), 'utf8').split('\n');
  return excerpts.flatMap((name) => {
    const at = lines.findIndex((line) => new RegExp(`^[a-z].*\\b${name}\\(`).test(line));
    if (at < 0) return [];
    const from = lines.lastIndexOf('}', at) + 1;
    const part = lines.slice(from, lines.indexOf('}', at + 60) + 1);
    const text = `${part.join('\n')}\n`;
    const tree: FuzzTree = { name: 'linux-6.12', files: new Map([[mmuPath, text]]) };
    return [0, 1, 2, 3].map((nth) => ({ text: gitDiff(text, `${altered(part, nth).join('\n')}\n`), tree }));
  });
}

/** The text with one line gone, one twice, or two changed places, in the middle. */
function altered(lines: readonly string[], nth: number): string[] {
  const at = Math.floor((lines.length * (nth + 2)) / 7);
  const line = lines[at] ?? '';
  const next = lines[at + 1] ?? '';
  if (nth === 0) return lines.toSpliced(at, 1);
  if (nth === 1) return lines.toSpliced(at, 0, line);
  return nth === 2 ? lines.toSpliced(at, 2, next, line) : lines.with(at, `${line} /* ${nth} */`).with(at + 9, '');
}
