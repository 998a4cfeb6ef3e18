/**
 * Letters that a daemon delivers, in the subset: see ../post.ts.
 *
 * In: the machine's words. Out: procedures for the compiler. Never: run by Node.
 */
import {
  acquire,
  type bool,
  chooseBool,
  idleUntil,
  type Lock,
  release,
  singleton,
  type u32,
  wait,
} from '../../../compiler/subset/vocabulary.ts';

interface Office {
  lock: Lock;
  sent: u32;
  onTheWay: u32;
  inTheBox: u32;
  received: u32;
}
const office = singleton<Office>('office');
declare const LETTERS: number;

/** Sends each letter when the one before has arrived. */
export function sender(): void {
  for (let letter: u32 = 0; letter < LETTERS; letter++) {
    acquire(office.lock);
    office.sent += 1;
    office.onTheWay += 1;
    release(office.lock);
    wait(office.received === office.sent, 'answer');
  }
}

export function receiver(): void {
  while (true) {
    idleUntil(office.inTheBox > 0);
    acquire(office.lock);
    office.inTheBox -= 1;
    office.received += 1;
    release(office.lock);
  }
}

export function postman(): void {
  while (true) {
    wait(office.onTheWay > 0, 'letters');
    acquire(office.lock);
    office.onTheWay -= 1;
    office.inTheBox += 1;
    release(office.lock);
  }
}

/** Loses letters. */
export function carelessPostman(): void {
  while (true) {
    wait(office.onTheWay > 0, 'letters');
    acquire(office.lock);
    const lost = chooseBool('lost');
    office.onTheWay -= 1;
    if (!lost) office.inTheBox += 1;
    release(office.lock);
  }
}

export function nothingOnTheWay(): bool {
  return office.onTheWay === 0;
}

export function allReceived(): bool {
  return office.received === LETTERS;
}
