/**
 * What the cache of roots should do, without a kernel: slots in the order of their last use, the current one first.
 *
 * In: commands. Out: what a vCPU holds. Never: a word of how the kernel does it.
 */

/** A table at the top of a PGD. */
export interface RootPage {
  readonly pgd: number;
  readonly generation: number;
  zapped: boolean;
  /** Writes to it since it was last looked up. */
  writes: number;
}

export class RootCacheReference {
  /** Slot 0 is the current root. */
  slots: (RootPage | null)[];
  pages: RootPage[] = [];
  pgd = 0;
  generation = 0;
  dropRequested = false;
  /** The hardware is still on another root. */
  loadRequested = false;
  zappingAll = false;
  readonly #flood: number;

  constructor(previous: number, flood: number) {
    this.slots = Array.from({ length: 1 + previous }, () => null);
    this.#flood = flood;
  }

  isStale(page: RootPage): boolean {
    return page.zapped || page.generation !== this.generation;
  }
  slotsOf(page: RootPage): number {
    return this.slots.filter((slot) => slot === page).length;
  }

  /** The guest loads a PGD. A root of another generation is as good as any until the request is serviced; a zapped one is not. */
  switchTo(pgd: number): void {
    if (pgd === this.pgd) return;
    this.pgd = pgd;
    this.lookUp();
  }
  /** What a nested exit does, too, though the PGD is the one that was loaded. */
  lookUp(): void {
    const { pgd } = this;
    const hit = this.slots.find((page) => page !== null && page.pgd === pgd && !page.zapped);
    if (hit === undefined || hit === null) this.missed();
    else {
      this.#use(hit);
      hit.writes = 0;
      this.loadRequested = true;
    }
  }
  /** No root for the PGD: the current one is kept as the latest used of the others, the oldest goes. */
  missed(): void {
    if (this.slots[0] === null) return;
    this.slots = [null, ...this.slots.slice(0, -1)];
    this.#forget();
  }
  #use(hit: RootPage): void {
    const [current, ...rest] = this.slots.filter((page) => page !== hit);
    this.slots = this.slots[0] === null ? [hit, ...rest, null] : [hit, current ?? null, ...rest];
  }

  /** A vCPU about to run needs a current root. */
  load(): void {
    if (this.slots[0] !== null) return;
    let page = this.pages.find((candidate) => candidate.pgd === this.pgd && !this.isStale(candidate));
    if (page === undefined) {
      page = { pgd: this.pgd, generation: this.generation, zapped: false, writes: 0 };
      this.pages.push(page);
    }
    page.writes = 0;
    this.slots[0] = page;
  }
  /** What must be done before the guest runs. */
  enter(): void {
    this.service();
    this.loadRequested = false;
    this.load();
  }
  unload(): void {
    this.slots.fill(null);
    this.#forget();
  }
  /** Of the request: exactly the stale ones go, and slots keep their places. */
  service(): void {
    if (!this.dropRequested) return;
    this.dropRequested = false;
    this.slots = this.slots.map((page) => (page !== null && this.isStale(page) ? null : page));
    this.#forget();
  }

  /** The guest writes to the table: too often, and it is taken for a table no longer. */
  write(pgd: number): void {
    for (const page of this.#fresh(pgd)) {
      page.writes += 1;
      if (page.writes >= this.#flood) this.#zap(page);
    }
    this.#forget();
  }
  zap(pgd: number): void {
    for (const page of this.#fresh(pgd)) this.#zap(page);
    this.#forget();
  }
  #fresh(pgd: number): RootPage[] {
    return this.pages.filter((page) => page.pgd === pgd && !this.isStale(page));
  }
  #zap(page: RootPage): void {
    if (this.slotsOf(page) > 0 && !this.isStale(page)) this.dropRequested = true;
    page.zapped = true;
  }

  beginZapAll(): void {
    this.generation = 1 - this.generation;
    this.dropRequested = true;
    this.zappingAll = true;
  }
  finishZapAll(): void {
    for (const page of this.pages.filter((candidate) => this.isStale(candidate))) this.#zap(page);
    this.zappingAll = false;
    this.#forget();
  }

  /** Zapped pages live as long as a slot holds them. */
  #forget(): void {
    this.pages = this.pages.filter((page) => !page.zapped || this.slotsOf(page) > 0);
  }
}
