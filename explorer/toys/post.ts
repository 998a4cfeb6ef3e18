/**
 * A sender, a receiver that rests when there is nothing to do, and a daemon between them.
 *
 * In: how many letters, and whether some get lost. Out: toys for what quiescent, idle and stuck mean. Never: time.
 */
import { mutex, singletonTable, uint } from '../../compiler/machine/schema.ts';
import type { Toy } from './toy.ts';

/** Where letters are lost the sender waits for ever, and no daemon can help it. */
export function post(letters: number, careful: boolean): Toy {
  const count = () => uint(letters);
  return {
    name: `post, ${letters} letters${careful ? '' : ', some lost'}`,
    file: 'post.ts',
    tables: { office: singletonTable({ lock: mutex(), sent: count(), onTheWay: count(), inTheBox: count(), received: count() }) },
    constants: { LETTERS: letters },
    processes: [
      { name: 'sender', title: 'sender', procedure: 'sender', args: [], kind: 'essential' },
      { name: 'receiver', title: 'receiver', procedure: 'receiver', args: [], kind: 'essential' },
      { name: 'postman', title: 'postman', procedure: careful ? 'postman' : 'carelessPostman', args: [], kind: 'daemon' },
    ],
    properties: [{ kind: 'state', id: 'arrived', name: 'all letters arrive', predicate: 'allReceived', scope: { kind: 'quiescent' } }],
    quiescent: 'nothingOnTheWay',
  };
}
