/**
 * The actions of two-phase commit, in the subset: see ../twoPhaseCommit.ts.
 *
 * In: the machine's words. Out: procedures for the compiler. Never: run by Node.
 */
import {
  acquire,
  assume,
  type bool,
  choose,
  chooseBool,
  indexOf,
  type Lock,
  type Ref,
  type Rows,
  release,
  rowAt,
  rows,
  singleton,
  type u32,
} from '../../../compiler/subset/vocabulary.ts';

type Manager = Ref<'managers'>;
interface Protocol {
  lock: Lock;
  coordinator: u32;
  known: u32;
  preparedSent: u32;
  commitSent: bool;
  abortSent: bool;
}
const protocol = singleton<Protocol>('protocol');
const managers: Rows<'managers', { state: u32 }> = rows('managers');
declare const MANAGERS: number;
declare const ALL_MANAGERS: number;

const WORKING = 0;
const PREPARED = 1;
const COMMITTED = 2;
const ABORTED = 3;

export function decide(manager: Manager): void {
  while (true) {
    acquire(protocol.lock);
    assume(managers[manager].state === WORKING);
    if (chooseBool('prepare')) {
      managers[manager].state = PREPARED;
      protocol.preparedSent |= 1 << indexOf(manager);
    } else {
      managers[manager].state = ABORTED;
    }
    release(protocol.lock);
  }
}

export function receiveCommit(manager: Manager): void {
  while (true) {
    acquire(protocol.lock);
    assume(protocol.commitSent);
    managers[manager].state = COMMITTED;
    release(protocol.lock);
  }
}

export function receiveAbort(manager: Manager): void {
  while (true) {
    acquire(protocol.lock);
    assume(protocol.abortSent);
    managers[manager].state = ABORTED;
    release(protocol.lock);
  }
}

/** Actions: 0 receives "prepared" of a manager, 1 commits, 2 aborts. */
export function transactionManager(): void {
  while (true) {
    acquire(protocol.lock);
    assume(protocol.coordinator === WORKING);
    const action = choose('action', 3);
    if (action === 0) {
      const manager = choose('manager', MANAGERS);
      assume((protocol.preparedSent & (1 << manager)) !== 0);
      protocol.known |= 1 << manager;
    } else if (action === 1) {
      assume(protocol.known === ALL_MANAGERS);
      protocol.coordinator = COMMITTED;
      protocol.commitSent = true;
    } else {
      protocol.coordinator = ABORTED;
      protocol.abortSent = true;
    }
    release(protocol.lock);
  }
}

/** No manager has committed while another has aborted. */
export function consistent(): bool {
  let committed: bool = false;
  let aborted: bool = false;
  for (let k: u32 = 0; k < MANAGERS; k++) {
    const state = managers[rowAt(managers, k)].state;
    if (state === COMMITTED) committed = true;
    if (state === ABORTED) aborted = true;
  }
  return !committed || !aborted;
}
