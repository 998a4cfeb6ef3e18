/**
 * Peterson's algorithm for two threads, in the subset: see ../mutualExclusion.ts.
 *
 * In: the machine's words. Out: procedures for the compiler. Never: run by Node.
 */
import { type bool, type Ref, type Rows, rowAt, rows, singleton, type u32 } from '../../../compiler/subset/vocabulary.ts';

type Thread = Ref<'threads'>;
const threads: Rows<'threads', { wants: bool; inside: bool }> = rows('threads');
const shared = singleton<{ turn: u32 }>('shared');

/** Thread `me` is 0 or 1. */
export function peterson(me: u32): void {
  const mine = rowAt(threads, me);
  const other = rowAt(threads, 1 - me);
  while (true) {
    threads[mine].wants = true;
    shared.turn = 1 - me;
    while (threads[other].wants && shared.turn !== me) {}
    criticalSection(mine);
    threads[mine].wants = false;
  }
}

/** The well-known mistake: the turn is given away before the wish is seen. */
export function petersonTurnFirst(me: u32): void {
  const mine = rowAt(threads, me);
  const other = rowAt(threads, 1 - me);
  while (true) {
    shared.turn = 1 - me;
    threads[mine].wants = true;
    while (threads[other].wants && shared.turn !== me) {}
    criticalSection(mine);
    threads[mine].wants = false;
  }
}

function criticalSection(mine: Thread): void {
  threads[mine].inside = true;
  threads[mine].inside = false;
}

export function exclusive(): bool {
  return !threads[rowAt(threads, 0)].inside || !threads[rowAt(threads, 1)].inside;
}

export function secondInside(): bool {
  return threads[rowAt(threads, 1)].inside;
}

export function firstWaits(): bool {
  const first = rowAt(threads, 0);
  return threads[first].wants && !threads[first].inside;
}
