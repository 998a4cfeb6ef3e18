/**
 * When checkpoints are written.
 *
 * In: a search that is under way. Out: files, now and then. Never: more than a tenth of the time for them; the end of a search because
 * a disk is full.
 */
import { existsSync } from 'node:fs';
import type { Search } from '../search.ts';
import type { Identity } from './header.ts';
import { identityOf, loadSearch, saveSearch } from './state.ts';

export interface Keeping {
  /** Where the checkpoint is; its folder must exist. */
  readonly file: string;
  /** Hash over the model, its bounds and what is looked at. */
  readonly model: string;
  /** Version of mmucheck. */
  readonly mmucheck: string;
  readonly everyMs: number;
  /** Go on from the file if there is one. */
  readonly resume: boolean;
  /** Keep a search that has come to its end, too: it is not made again then. Default: false. */
  readonly finished?: boolean;
  /** Told, once, why a checkpoint could not be written. */
  readonly onTrouble?: (message: string) => void;
}

/** Times as long as writing one took, nothing is written. */
const pause = 10;

export class Keeper {
  private readonly identity: Identity;
  private due: number;
  private troubled = false;

  /** Makes the search what the file says, if it is to be resumed. Throws CheckpointRefused. */
  constructor(
    private search: Search,
    private readonly keeping: Keeping,
  ) {
    this.identity = identityOf(search, keeping);
    if (keeping.resume && existsSync(keeping.file)) loadSearch(keeping.file, search, this.identity);
    this.due = performance.now() + keeping.everyMs;
  }

  /** How long the search may go on before it asks again, where it would for `usual`. */
  turnMs(usual: number): number {
    return Math.max(1, Math.min(usual, this.keeping.everyMs));
  }

  /** The search goes on as another one of the same identity. */
  follow(search: Search): void {
    this.search = search;
  }

  keepIfDue(): void {
    if (!this.search.busy && performance.now() >= this.due) this.keep();
  }

  keep(): void {
    if (this.search.torn) return;
    const start = performance.now();
    this.search.settle();
    try {
      saveSearch(this.keeping.file, this.search, this.identity);
    } catch (error) {
      // The search is worth more than its checkpoints, and the one before is still there.
      if (!this.troubled)
        this.keeping.onTrouble?.(`no checkpoint could be written: ${error instanceof Error ? error.message : String(error)}`);
      this.troubled = true;
    }
    const end = performance.now();
    this.due = end + Math.max(this.keeping.everyMs, pause * (end - start));
  }
}
