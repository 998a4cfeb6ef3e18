/**
 * Commands on shadow pages, for `fc.commands`: each does the same to the reference and to the compiled model, then compares
 * lists, hash, links and counters.
 *
 * In: a reference, a kernel. Out: commands. Never: a page that the kernel's callers could not name.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Kernel } from './kernel.ts';
import type { ShadowPage, ShadowPagesReference } from './shadowPagesReference.ts';

export type ShadowPagesCommand = fc.Command<ShadowPagesReference, Kernel>;

interface Parts<T> {
  readonly told: (subject: T) => string;
  /** What the command may be about, in the state of the reference; nothing: it cannot be run. */
  readonly subjects: (reference: Readonly<ShadowPagesReference>) => readonly T[];
  /** Each gives its result (a row, a number of pages), 0 if there is none. */
  readonly onReference: (reference: ShadowPagesReference, subject: T) => number;
  readonly onKernel: (kernel: Kernel, subject: T) => number;
}

/** About the subject that the number picks. */
function command<T>(parts: Parts<T>, pick: number): ShadowPagesCommand {
  const { told, subjects, onReference, onKernel } = parts;
  let last = 'not run';
  return {
    check: (reference) => subjects(reference).length > 0,
    run(reference, kernel) {
      const possible = subjects(reference);
      const subject = possible[pick % possible.length] as T;
      last = told(subject);
      expect(onKernel(kernel, subject)).toBe(onReference(reference, subject));
      expect(seenInKernel(kernel)).toEqual(seenInReference(reference));
    },
    toString: () => last,
  };
}

interface Wanted {
  readonly gfn: number;
  readonly level: number;
}
interface Entry {
  readonly parent: ShadowPage;
  readonly index: number;
}
interface Link extends Entry {
  readonly child: ShadowPage;
}

/** `parents`: most that one page can have. Tables have levels 1 to `levels` and gfns 0 to `gfns` - 1. */
export function shadowPagesCommands(levels: number, gfns: number, parents: number): fc.Arbitrary<ShadowPagesCommand>[] {
  const tables = Array.from({ length: levels * gfns }, (_, i): Wanted => ({ level: 1 + (i % levels), gfn: Math.floor(i / levels) }));
  const get: Parts<Wanted> = {
    told: ({ gfn, level }) => `get gfn ${gfn} level ${level}`,
    subjects: () => tables,
    onReference: (reference, { gfn, level }) => reference.get(gfn, level)?.row ?? 0,
    onKernel: (kernel, { gfn, level }) => kernel.call('calls_getPage', gfn, level),
  };
  const hold: Parts<Wanted> = {
    told: ({ gfn, level }) => `hold gfn ${gfn} level ${level}`,
    subjects: (reference) => (rootsHeld(reference) < 3 ? tables.filter(({ level }) => level === levels) : []),
    onReference: (reference, { gfn, level }) => reference.holdRoot(gfn, level)?.row ?? 0,
    onKernel: (kernel, { gfn, level }) => kernel.call('calls_holdRoot', gfn, level),
  };
  const drop: Parts<ShadowPage> = {
    told: ({ row }) => `drop ${row}`,
    subjects: ({ pages }) => pages.filter(({ roots }) => roots > 0),
    onReference: (reference, page) => {
      reference.dropRoot(page);
      return 0;
    },
    onKernel: (kernel, page) => kernel.call('calls_dropRoot', page.row),
  };
  const link: Parts<Link> = {
    told: ({ parent, index, child }) => `link ${parent.row}[${index}] to ${child.row}`,
    subjects: (reference) => possibleLinks(reference, parents),
    onReference: (reference, { parent, index, child }) => {
      reference.link(parent, index, child);
      return 0;
    },
    onKernel: (kernel, { parent, index, child }) => kernel.call('calls_link', parent.row, index, child.row),
  };
  const map: Parts<Entry> = {
    told: ({ parent, index }) => `map ${parent.row}[${index}]`,
    subjects: ({ active }) => active.filter(({ level }) => level === 1).flatMap(entriesOf),
    onReference: (reference, { parent, index }) => {
      reference.map(parent, index);
      return 0;
    },
    onKernel: (kernel, { parent, index }) => kernel.call('calls_map', parent.row, index),
  };
  const unlink: Parts<Entry> = {
    told: ({ parent, index }) => `unlink ${parent.row}[${index}]`,
    subjects: ({ active }) =>
      active.flatMap((parent) => entriesOf(parent).filter(({ index }) => parent.children[index] !== null || parent.mapped.has(index))),
    onReference: (reference, { parent, index }) => {
      reference.unlink(parent, index);
      return 0;
    },
    onKernel: (kernel, { parent, index }) => kernel.call('calls_unlink', parent.row, index),
  };
  const zap: Parts<ShadowPage> = {
    told: ({ row }) => `zap ${row}`,
    subjects: ({ active }) => active,
    onReference: (reference, page) => reference.zap(page),
    onKernel: (kernel, page) => kernel.call('calls_zap', page.row),
  };
  const recycle: Parts<number> = {
    told: (wanted) => `recycle ${wanted}`,
    subjects: () => [1, 2, 3],
    onReference: (reference, wanted) => reference.recycle(wanted),
    onKernel: (kernel, wanted) => kernel.call('calls_recycle', wanted),
  };
  const picked = <T>(parts: Parts<T>) => fc.nat({ max: 60 }).map((pick) => command(parts, pick));
  // What builds comes more often than what takes away: else two tables seldom share a third.
  const building = [picked(get), picked(get), picked(hold), picked(link), picked(link), picked(link)];
  return [...building, picked(map), picked(drop), picked(unlink), picked(zap), picked(recycle)];
}

function rootsHeld({ pages }: Readonly<ShadowPagesReference>): number {
  return pages.reduce((sum, { roots }) => sum + roots, 0);
}
function entriesOf(parent: ShadowPage): Entry[] {
  return parent.children.map((_, index) => ({ parent, index }));
}
function linksTo(active: readonly ShadowPage[], page: ShadowPage): number {
  return active.flatMap(({ children }) => children).filter((child) => child === page).length;
}
function possibleLinks({ active }: Readonly<ShadowPagesReference>, parents: number): Link[] {
  return active.flatMap((parent) =>
    entriesOf(parent)
      .filter(({ index }) => parent.children[index] === null)
      .flatMap((entry) =>
        active
          .filter((child) => child.level === parent.level - 1 && linksTo(active, child) < parents)
          .map((child) => ({ ...entry, child })),
      ),
  );
}

interface Seen {
  /** Rows, newest first. */
  readonly active: number[];
  /** All pages by row, those of the hash. */
  readonly pages: Readonly<Record<number, unknown>>;
  readonly used: number;
  /** Tables that writes of the guest are watched for. */
  readonly indirect: number;
  readonly dropRequested: boolean;
}

function seenInReference(reference: ShadowPagesReference): Seen {
  const { active, pages, dropRequested } = reference;
  return {
    active: active.map(({ row }) => row),
    pages: Object.fromEntries(
      pages.map((page) => [
        page.row,
        {
          gfn: page.gfn,
          level: page.level,
          zapped: page.zapped,
          roots: page.roots,
          entries: page.children.map((child, index) => (page.mapped.has(index) ? 'mapped' : (child?.row ?? 0))),
          parents: active.flatMap((parent) => parent.children.flatMap((child) => (child === page ? [parent.row] : []))).sort(),
          hashed: true,
        },
      ]),
    ),
    used: pages.length,
    indirect: active.length,
    dropRequested,
  };
}

function seenInKernel(kernel: Kernel): Seen {
  const [active, ...others] = kernel.lists('lists', 'entries');
  expect(others).toEqual(others.map(() => []));
  const field = (name: string) => kernel.numbers('pages', name);
  const [gfns, levels, zapped, roots, hashed] = ['gfn', 'role.level', 'role.invalid', 'root_count', 'hashed'].map(field);
  const [spt, parents] = [field('spt'), kernel.lists('pages', 'parent_ptes')];
  const fanout = spt.length / parents.length;
  const translation = 2 ** Math.ceil(Math.log2(parents.length + 1));
  return {
    active: active ?? [],
    pages: Object.fromEntries(
      kernel.pages().map((page) => [
        page,
        {
          gfn: gfns?.[page - 1],
          level: levels?.[page - 1],
          zapped: zapped?.[page - 1] === 1,
          roots: roots?.[page - 1],
          entries: spt.slice((page - 1) * fanout, page * fanout).map((spte) => ((spte & translation) !== 0 ? 'mapped' : spte)),
          parents: (parents[page - 1] ?? []).map((entry) => 1 + Math.floor((entry - 1) / fanout)).sort(),
          hashed: hashed?.[page - 1] === 1,
        },
      ]),
    ),
    used: kernel.numbers('vm', 'n_used_mmu_pages')[0] ?? -1,
    indirect: kernel.numbers('vm', 'indirect_shadow_pages')[0] ?? -1,
    dropRequested: kernel.isRequested('KVM_REQ_MMU_FREE_OBSOLETE_ROOTS'),
  };
}
