/**
 * For tests: a small tree, written for these tests in the spellings of 5.18 and later, and diffs on it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const mmuPath = 'arch/x86/kvm/mmu/mmu.c';

/** What is obsolete, and what becomes of roots that are; and a function that no model has. */
export const mmuText = `// SPDX-License-Identifier: GPL-2.0
/*
 * Roots of a small machine.
 */
#include <linux/kvm_host.h>

static int tries = 3;

/* Says nothing. */
static bool is_obsolete_root(struct kvm *kvm, hpa_t root_hpa)
{
	struct kvm_mmu_page *page;

	/*
	 * No root is never
	 * an obsolete one.
	 */
	if (!VALID_PAGE(root_hpa))
		return false;

	page = to_shadow_page(root_hpa);
	if (!page)
		return true;
	return is_obsolete_sp(kvm, page);
}

static void __kvm_mmu_free_obsolete_roots(struct kvm *kvm, struct kvm_mmu *mmu)
{
	unsigned long which = 0;
	int slot;

	for (slot = 0; slot < KVM_MMU_NUM_PREV_ROOTS; slot++) {
		hpa_t hpa = mmu->prev_roots[slot].hpa;

		if (is_obsolete_root(kvm, hpa))
			which |= KVM_MMU_ROOT_PREVIOUS(slot);
	}

	if (is_obsolete_root(kvm, mmu->root.hpa))
		which |= KVM_MMU_ROOT_CURRENT;

	if (which)
		kvm_mmu_free_roots(kvm, mmu, which);
}

#ifdef CONFIG_NOBODY_HAS_THIS
static int unbuilt(struct kvm *kvm)
{
	return 0;
}
#endif

static int shrink_something(struct shrinker *shrink)
{
	int nr = count_somewhere(shrink);

	return nr + tries;
}
`;

/** A new folder with these files. */
export function treeFolder(files: Readonly<Record<string, string>> = { [mmuPath]: mmuText }, name = 'linux-6.1-'): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** git in `folder`, as nobody in particular. */
export function git(folder: string, ...words: readonly string[]): string {
  const who = { name: 'Nobody', email: 'nobody@example.org' };
  return execFileSync(
    'git',
    ['-C', folder, '-c', `user.name=${who.name}`, '-c', `user.email=${who.email}`, '-c', 'commit.gpgSign=false', ...words],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    },
  );
}

/** `text` with `from`, which is there once, replaced. */
export function edit(text: string, from: string, to: string): string {
  const at = text.indexOf(from);
  if (at < 0 || text.includes(from, at + 1)) throw new Error(`not there exactly once: ${from}`);
  return text.slice(0, at) + to + text.slice(at + from.length);
}
