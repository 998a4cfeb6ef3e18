/**
 * The exact visited set for wide states: an exact set of roots.
 *
 * In: batches. Out: the same ids as the exact set gives. Never: two different states taken for one.
 *
 * Roots are equal exactly where states are, so the ids are those of a set of states. A state takes the words of its root, and what its
 * groups add to the tables, which is little: most combinations of a group's words occur in many states.
 */
import type { WordSink, WordSource } from '../checkpoint/words.ts';
import { Batch, type StateSet } from './batch.ts';
import { Components, type Shape, usualShape } from './components.ts';
import { ExactSet } from './exact.ts';
import { loadRows, saveRows } from './saved.ts';

/** States that are taken over at once. */
const rowsAtOnce = 512;

export class ComponentSet implements StateSet {
  readonly exact = true;
  private readonly components: Components;
  private readonly roots: ExactSet;
  /** A batch of roots. */
  private inner = new Batch(1);
  private rootWords: Int32Array;

  constructor(
    readonly words: number,
    shape: Shape = usualShape,
  ) {
    this.components = new Components(words, shape);
    this.roots = new ExactSet(this.components.rootWords);
    this.rootWords = new Int32Array(this.components.rootWords);
  }

  /** Whether roots are shorter than states of so many words. */
  static pays(words: number): boolean {
    return words > usualShape.root;
  }

  get states(): number {
    return this.roots.states;
  }

  get bytes(): number {
    return this.roots.bytes + this.components.bytes;
  }

  /** At most. */
  growthBytes(more: number): number {
    return this.roots.growthBytes(more) + this.components.growthBytes(more);
  }

  insert(buffer: Int32Array, batch: Batch): number {
    const { components, roots } = this;
    const width = components.rootWords;
    const { count, offsets, parents, labels, fresh } = batch;
    if (this.inner.capacity < count) {
      this.inner = new Batch(batch.capacity);
      this.rootWords = new Int32Array(batch.capacity * width);
    }
    const { inner, rootWords } = this;
    inner.count = 0;
    for (let k = 0; k < count; k++) {
      components.take(buffer, offsets[k] as number, rootWords, k * width);
      inner.add(k * width, parents[k] as number, labels[k] as number);
    }
    const made = roots.insert(rootWords, inner);
    for (let k = 0; k < made; k++) fresh[k] = inner.fresh[k] as number;
    return made;
  }

  find(buffer: Int32Array, from: number): number {
    return this.components.find(buffer, from, this.rootWords, 0) ? this.roots.find(this.rootWords, 0) : -1;
  }

  copyTo(id: number, target: Int32Array, to: number): void {
    const { segments, shift, mask, words } = this.roots.stored;
    this.components.write(segments[id >>> shift] as Int32Array, (id & mask) * words, target, to);
  }

  expandedBelow(): void {}

  parentOf(id: number): number {
    return this.roots.parentOf(id);
  }

  labelOf(id: number): number {
    return this.roots.labelOf(id);
  }

  seal(): void {
    this.roots.seal();
  }

  /** Makes an empty set what `other` is, without a copy of the whole beside both. */
  takeOver(other: StateSet): void {
    const batch = new Batch(rowsAtOnce);
    const buffer = new Int32Array(rowsAtOnce * this.words);
    for (let id = 0; id < other.states; ) {
      batch.count = 0;
      for (; batch.count < rowsAtOnce && id < other.states; id++) {
        const offset = batch.count * this.words;
        other.copyTo(id, buffer, offset);
        batch.add(offset, other.parentOf(id), other.labelOf(id));
      }
      this.insert(buffer, batch);
    }
  }

  save(sink: WordSink): void {
    const { words, states } = this;
    saveRows(sink, { width: words, first: 0, count: states }, (from, to, target) => {
      for (let id = from; id < to; id++) this.copyTo(id, target, (id - from) * words);
    });
    this.roots.links.save(sink);
  }

  load(source: WordSource): void {
    const { words, roots } = this;
    loadRows(
      source,
      words,
      () => undefined,
      (from, to, rows) => {
        const batch = new Batch(to - from);
        for (let k = 0; k < to - from; k++) batch.add(k * words, -1, 0);
        this.insert(rows, batch);
      },
    );
    roots.links.load(source);
  }
}
