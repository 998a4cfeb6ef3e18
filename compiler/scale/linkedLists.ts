/**
 * The lists of one list field, linked: adding, removing and stepping take the same time however long a list is.
 *
 * In: list numbers (row * length + index), elements. Out: what `compiler/interpret/lists.ts` gives for the packed layout.
 * Never: an element on two lists of one field. A packed list would allow that; where it happens here, the run ends.
 */
import { fault } from './fault.ts';

/**
 * Up to this many possible elements each has its links at its own number; above, slots are given out as needed. Links that were never
 * written take up no memory.
 */
const denseMax = 2 ** 28;

export class LinkedLists {
  readonly #name: string;
  readonly #capacity: number;
  readonly #head: Uint32Array;
  readonly #tail: Uint32Array;
  readonly #count: Uint32Array;
  /** Slot of each element that is on a list; null: the element itself is its slot. */
  readonly #slots: Map<number, number> | null;
  readonly #unused: number[] = [];
  #element: Uint32Array;
  #next: Uint32Array;
  #previous: Uint32Array;
  /** List + 1; 0: on none. */
  #owner: Uint32Array;
  #slotsMade = 0;

  /** `name` for messages; `elements`: largest value of an element. */
  constructor(name: string, lists: number, elements: number, capacity: number) {
    this.#name = name;
    this.#capacity = capacity;
    this.#head = new Uint32Array(lists);
    this.#tail = new Uint32Array(lists);
    this.#count = new Uint32Array(lists);
    const dense = elements <= denseMax;
    this.#slots = dense ? null : new Map();
    const size = dense ? elements + 1 : 1024;
    this.#element = new Uint32Array(dense ? 0 : size);
    this.#next = new Uint32Array(size);
    this.#previous = new Uint32Array(size);
    this.#owner = new Uint32Array(size);
  }

  add(list: number, element: number): void {
    const slot = this.#enter(list, element);
    const after = this.#head[list] ?? 0;
    this.#next[slot] = after;
    this.#previous[slot] = 0;
    if (after === 0) this.#tail[list] = slot;
    else this.#previous[after] = slot;
    this.#head[list] = slot;
  }
  addTail(list: number, element: number): void {
    const slot = this.#enter(list, element);
    const before = this.#tail[list] ?? 0;
    this.#previous[slot] = before;
    this.#next[slot] = 0;
    if (before === 0) this.#head[list] = slot;
    else this.#next[before] = slot;
    this.#tail[list] = slot;
  }
  remove(list: number, element: number): void {
    const slot = this.#slotOn(list, element);
    if (slot === 0) fault(`${this.#name}: removes an element that is not on the list`);
    const before = this.#previous[slot] ?? 0;
    const after = this.#next[slot] ?? 0;
    if (before === 0) this.#head[list] = after;
    else this.#next[before] = after;
    if (after === 0) this.#tail[list] = before;
    else this.#previous[after] = before;
    this.#owner[slot] = 0;
    this.#count[list] = this.length(list) - 1;
    if (this.#slots === null) return;
    this.#slots.delete(element);
    this.#unused.push(slot);
  }
  /** 0 or 1, like every truth value of generated code. */
  contains(list: number, element: number): number {
    return this.#slotOn(list, element) === 0 ? 0 : 1;
  }
  length(list: number): number {
    return this.#count[list] ?? 0;
  }
  isEmpty(list: number): number {
    return this.#count[list] === 0 ? 1 : 0;
  }
  first(list: number): number {
    return this.#elementOf(this.#head[list] ?? 0);
  }
  last(list: number): number {
    return this.#elementOf(this.#tail[list] ?? 0);
  }
  next(list: number, element: number): number {
    return this.#elementOf(this.#next[this.#standing(list, element)] ?? 0);
  }
  previous(list: number, element: number): number {
    return this.#elementOf(this.#previous[this.#standing(list, element)] ?? 0);
  }
  /** Takes everything off, for a row that is freed. */
  clear(list: number): void {
    while (this.#count[list] !== 0) this.remove(list, this.first(list));
  }
  /** Head first. */
  elements(list: number): number[] {
    const found: number[] = [];
    for (let slot = this.#head[list] ?? 0; slot !== 0; slot = this.#next[slot] ?? 0) found.push(this.#elementOf(slot));
    return found;
  }

  #enter(list: number, element: number): number {
    if (element === 0) fault(`${this.#name}: null as the element of a list`);
    if (this.#slotOf(element) !== 0 && this.#owner[this.#slotOf(element)] !== 0) fault(`${this.#name}: adds an element that is on a list`);
    if (this.length(list) >= this.#capacity) fault(`${this.#name}: bound capacity ${this.#capacity} of a list exceeded`);
    const slot = this.#makeSlot(element);
    this.#owner[slot] = list + 1;
    this.#count[list] = this.length(list) + 1;
    return slot;
  }
  #standing(list: number, element: number): number {
    const slot = this.#slotOn(list, element);
    if (slot === 0) fault(`${this.#name}: steps from an element that is not on the list`);
    return slot;
  }
  #slotOn(list: number, element: number): number {
    if (element === 0) fault(`${this.#name}: null as the element of a list`);
    const slot = this.#slotOf(element);
    return slot !== 0 && this.#owner[slot] === list + 1 ? slot : 0;
  }
  #slotOf(element: number): number {
    return this.#slots === null ? element : (this.#slots.get(element) ?? 0);
  }
  #elementOf(slot: number): number {
    return this.#slots === null ? slot : (this.#element[slot] ?? 0);
  }
  #makeSlot(element: number): number {
    if (this.#slots === null) return element;
    const slot = this.#unused.pop() ?? ++this.#slotsMade;
    if (slot >= this.#owner.length) this.#grow();
    this.#slots.set(element, slot);
    this.#element[slot] = element;
    return slot;
  }
  #grow(): void {
    const larger = (from: Uint32Array): Uint32Array => {
      const to = new Uint32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.#element = larger(this.#element);
    this.#next = larger(this.#next);
    this.#previous = larger(this.#previous);
    this.#owner = larger(this.#owner);
  }
}
