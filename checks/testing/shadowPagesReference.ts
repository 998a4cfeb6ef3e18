/**
 * What shadow pages should do, without a kernel: pages in the order of their age, links between them, a quota.
 *
 * In: commands. Out: which pages there are. Never: a lock, a generation.
 */

export interface ShadowPage {
  /** From 1; the lowest that is free. */
  readonly row: number;
  readonly gfn: number;
  readonly level: number;
  readonly children: (ShadowPage | null)[];
  /** Entries that are translations. */
  readonly mapped: Set<number>;
  zapped: boolean;
  /** Slots of vCPUs that hold it. */
  roots: number;
}
export interface ShadowBounds {
  readonly rows: number;
  readonly fanout: number;
  readonly quota: number;
  /** Children that lose their last parent in a zap go, too: those of nested TDP. */
  readonly orphansGo: boolean;
}

export class ShadowPagesReference {
  /** Newest first, without zapped ones. */
  active: ShadowPage[] = [];
  /** Zapped, and held by a slot. */
  retained: ShadowPage[] = [];
  dropRequested = false;
  readonly bounds: ShadowBounds;

  constructor(bounds: ShadowBounds) {
    this.bounds = bounds;
  }

  get pages(): ShadowPage[] {
    return [...this.active, ...this.retained];
  }
  parentsOf(page: ShadowPage): ShadowPage[] {
    return this.active.filter(({ children }) => children.includes(page));
  }
  freeRow(): number | undefined {
    const taken = new Set(this.pages.map(({ row }) => row));
    return Array.from({ length: this.bounds.rows }, (_, i) => i + 1).find((row) => !taken.has(row));
  }
  get available(): number {
    return this.bounds.quota - this.pages.length;
  }

  /** The page of that table, or a new one; undefined if the quota allows none. */
  get(gfn: number, level: number): ShadowPage | undefined {
    if (this.available <= 0) this.recycle(1 - this.available);
    if (this.available <= 0) return undefined;
    const known = this.active.find((page) => page.gfn === gfn && page.level === level);
    if (known !== undefined) return known;
    const row = this.freeRow();
    if (row === undefined) throw new Error('no free row');
    const children = Array.from({ length: this.bounds.fanout }, () => null);
    const made: ShadowPage = { row, gfn, level, children, mapped: new Set(), zapped: false, roots: 0 };
    this.active.unshift(made);
    return made;
  }
  holdRoot(gfn: number, level: number): ShadowPage | undefined {
    const page = this.get(gfn, level);
    if (page !== undefined) page.roots += 1;
    return page;
  }
  dropRoot(page: ShadowPage): void {
    page.roots -= 1;
    if (page.roots === 0) this.retained = this.retained.filter((kept) => kept !== page);
  }

  link(parent: ShadowPage, index: number, child: ShadowPage): void {
    parent.children[index] = child;
  }
  map(table: ShadowPage, index: number): void {
    table.mapped.add(index);
  }
  unlink(parent: ShadowPage, index: number): void {
    parent.mapped.delete(index);
    parent.children[index] = null;
  }

  /** Gives the number of pages that go, a child with all below it as one; a page that a slot holds is zapped and stays. */
  zap(page: ShadowPage): number {
    const children = page.children.splice(0, page.children.length, ...page.children.map(() => null));
    page.mapped.clear();
    this.active = this.active.filter((kept) => kept !== page);
    let gone = 0;
    for (const child of new Set(children)) {
      if (child !== null && this.bounds.orphansGo && this.parentsOf(child).length === 0) gone += Math.min(this.zap(child), 1);
    }
    for (const parent of this.active) {
      for (const [index, child] of parent.children.entries()) if (child === page) parent.children[index] = null;
    }
    page.zapped = true;
    if (page.roots === 0) return gone + 1;
    this.retained.push(page);
    this.dropRequested = true;
    return gone;
  }
  /** The oldest go first, roots in use never. */
  recycle(wanted: number): number {
    let gone = 0;
    do {
      const oldest = this.active.findLast(({ roots }) => roots === 0);
      if (oldest === undefined) break;
      gone += this.zap(oldest);
    } while (gone < wanted);
    return gone;
  }
}
