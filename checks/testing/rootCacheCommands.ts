/**
 * Commands on the cache of roots, for `fc.commands`: each does the same to the reference and to the compiled model, then
 * compares all that a vCPU and the kernel know of roots.
 *
 * In: a reference, a kernel. Out: commands. Never: a second vCPU.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Kernel, vcpu0 } from './kernel.ts';
import type { RootCacheReference, RootPage } from './rootCacheReference.ts';

export type RootCacheCommand = fc.Command<RootCacheReference, Kernel>;

function command(
  name: string,
  onReference: (reference: RootCacheReference) => void,
  onKernel: (kernel: Kernel) => void,
  check: (reference: Readonly<RootCacheReference>) => boolean = () => true,
): RootCacheCommand {
  return {
    check,
    run(reference, kernel) {
      onReference(reference);
      onKernel(kernel);
      expect(heldByKernel(kernel)).toEqual(heldByReference(reference));
    },
    toString: () => name,
  };
}

/** PGDs are numbered from 0 to `pgds` - 1. */
export function rootCacheCommands(pgds: number): fc.Arbitrary<RootCacheCommand>[] {
  const pgd = fc.nat({ max: pgds - 1 });
  const load = command(
    'load',
    (reference) => reference.load(),
    (kernel) => expect(kernel.call('kvm_mmu_reload', vcpu0)).toBe(0),
  );
  const enter = command(
    'enter',
    (reference) => reference.enter(),
    (kernel) => {
      kernel.call('prepareEntry', vcpu0);
      expect(kernel.numbers('mmus', 'hw_root')[0]).toBe(kernel.numbers('mmus', 'root.hpa')[0]);
    },
  );
  const switchTo = (n: number) =>
    command(
      `switch to ${n}`,
      (reference) => reference.switchTo(n),
      (kernel) => kernel.call('kvm_set_cr3', vcpu0, n),
    );
  const lookUp = command(
    'look up',
    (reference) => reference.lookUp(),
    (kernel) => kernel.call('kvm_mmu_new_pgd', vcpu0, kernel.numbers('vcpus', 'guest.cr3')[0] ?? 0),
  );
  const write = (n: number) =>
    command(
      `write to ${n}`,
      (reference) => reference.write(n),
      (kernel) => kernel.call('kvm_mmu_pte_write', n, 0),
    );
  const zap = (n: number) =>
    command(
      `zap ${n}`,
      (reference) => reference.zap(n),
      (kernel) => kernel.call('kvm_mmu_unprotect_page', n),
    );
  const service = command(
    'service',
    (reference) => reference.service(),
    (kernel) => kernel.call('service_root_requests', vcpu0),
  );
  const unload = command(
    'unload',
    (reference) => reference.unload(),
    (kernel) => kernel.call('kvm_mmu_unload', vcpu0),
  );
  const beginZapAll = command(
    'begin to zap all',
    (reference) => reference.beginZapAll(),
    (kernel) => kernel.call('calls_beginZapAll'),
    // Two toggles with nothing zapped between them would make the oldest pages new again.
    (reference) => !reference.zappingAll,
  );
  const finishZapAll = command(
    'finish to zap all',
    (reference) => reference.finishZapAll(),
    (kernel) => kernel.call('calls_finishZapAll'),
    (reference) => reference.zappingAll,
  );
  // Switches and entries fill the cache: without many of them all else is done to an empty one.
  const filling = [pgd.map(switchTo), pgd.map(switchTo), fc.constant(load), fc.constant(enter)];
  return [
    ...filling,
    pgd.map(write),
    pgd.map(zap),
    ...[lookUp, service, unload, beginZapAll, finishZapAll].map((made) => fc.constant(made)),
  ];
}

interface Held {
  /** The current root first, then the previous ones. */
  readonly slots: (string | null)[];
  /** Each with the number of slots that hold it, and how often it was written to. */
  readonly pages: string[];
  readonly dropRequested: boolean;
  readonly loadRequested: boolean;
}

function shown(pgd: number, stale: boolean): string {
  return stale ? `${pgd} (stale)` : `${pgd}`;
}

function heldByReference(reference: RootCacheReference): Held {
  const name = (page: RootPage) => shown(page.pgd, reference.isStale(page));
  return {
    slots: reference.slots.map((page) => (page === null ? null : name(page))),
    pages: reference.pages.map((page) => `${name(page)}: ${reference.slotsOf(page)}, ${page.writes}`).sort(),
    dropRequested: reference.dropRequested,
    loadRequested: reference.loadRequested,
  };
}

function heldByKernel(kernel: Kernel): Held {
  const [generation] = kernel.numbers('vm', 'mmu_valid_gen');
  const [gfns, invalid, generations, counts, writes] = ['gfn', 'role.invalid', 'mmu_valid_gen', 'root_count', 'write_flooding_count'].map(
    (field) => kernel.numbers('pages', field),
  );
  const isStale = (page: number) => invalid?.[page - 1] === 1 || generations?.[page - 1] !== generation;
  const previous = kernel.numbers('mmus', 'prev_roots.hpa');
  const previousPgds = kernel.numbers('mmus', 'prev_roots.pgd');
  // Row 0 of two: the MMU of L1.
  const roots = [kernel.numbers('mmus', 'root.hpa')[0] ?? 0, ...previous.slice(0, previous.length / 2)];
  const pgds = [kernel.numbers('mmus', 'root.pgd')[0] ?? 0, ...previousPgds.slice(0, previous.length / 2)];
  return {
    slots: roots.map((root, slot) => (root === 0 ? null : shown(pgds[slot] ?? -1, isStale(root)))),
    pages: kernel
      .pages()
      .map((page) => `${shown(gfns?.[page - 1] ?? -1, isStale(page))}: ${counts?.[page - 1]}, ${writes?.[page - 1]}`)
      .sort(),
    dropRequested: kernel.isRequested('KVM_REQ_MMU_FREE_OBSOLETE_ROOTS'),
    loadRequested: kernel.isRequested('KVM_REQ_LOAD_MMU_PGD'),
  };
}
