import { expect, it } from 'vitest';
import { EventLog, inOrder, type Told } from './events.ts';

it('events of several logs are told in the order of parents, those of one parent as they came', () => {
  const logs = [1, 2, 3].map(() => new EventLog(new Int32Array(64)));
  logs[1]?.terminal(1);
  logs[0]?.bad(2, 7, 1, 4);
  logs[0]?.stuck(2);
  logs[2]?.cycle(3, 6);
  logs[0]?.checked(9, 1, 2);
  logs[1]?.terminal(8);
  const told: Told[] = [];
  inOrder(
    logs.map(({ words }) => words),
    logs.map(({ count }) => count),
    (event) => told.push(event),
  );
  expect(told.map(({ worker, at, kind, a, b, c }) => [worker, at, kind, a, b, c])).toEqual([
    [1, 1, 1, 0, 0, 0],
    [0, 2, 0, 7, 1, 4],
    [0, 2, 2, 0, 0, 0],
    [2, 3, 3, 6, 0, 0],
    [1, 8, 1, 0, 0, 0],
    [0, 9, 4, 1, 2, 0],
  ]);
});
