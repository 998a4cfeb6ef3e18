/**
 * List operators on one list.
 *
 * In: the elements, head first. Out: the result, and the elements changed in place. Never: places, rows.
 */
import type { ListOperator } from '../ir/types.ts';
import { FaultSignal } from './values.ts';

export interface ListOperation {
  readonly operator: ListOperator;
  /** What the operator takes; ignored by those that take none. */
  readonly element: number;
  readonly capacity: number;
  /** Whether the element is on another list of the same field, where that matters (`exclusive`). */
  readonly elsewhere: boolean;
}

export function takesElement(operator: ListOperator): boolean {
  return ['add', 'addTail', 'remove', 'contains', 'next', 'previous'].includes(operator);
}

/** Throws FaultSignal for corruption and for a list that is full. Gives what `dst` gets, null if nothing. */
export function operate(list: number[], { operator, element, capacity, elsewhere }: ListOperation): number | null {
  const at = list.indexOf(element);
  switch (operator) {
    case 'add':
    case 'addTail':
      if (at >= 0 || elsewhere) throw new FaultSignal('listCorruption', 'adds an element that is on a list');
      if (list.length >= capacity) throw new FaultSignal('bound', `capacity ${capacity} of a list`);
      if (operator === 'add') list.unshift(element);
      else list.push(element);
      return null;
    case 'remove':
      if (at < 0) throw new FaultSignal('listCorruption', 'removes an element that is not on the list');
      list.splice(at, 1);
      return null;
    case 'contains':
      return at >= 0 ? 1 : 0;
    case 'length':
      return list.length;
    case 'isEmpty':
      return list.length === 0 ? 1 : 0;
    case 'first':
      return list[0] ?? 0;
    case 'last':
      return list.at(-1) ?? 0;
    case 'next':
      if (at < 0) throw new FaultSignal('listCorruption', 'steps from an element that is not on the list');
      return list[at + 1] ?? 0;
    case 'previous':
      if (at < 0) throw new FaultSignal('listCorruption', 'steps from an element that is not on the list');
      return at === 0 ? 0 : (list[at - 1] ?? 0);
  }
}
