/**
 * States as a few numbers: groups of words are kept once each in tables, and so are groups of their numbers, up to a root.
 *
 * In: states. Out: roots, equal exactly for equal states; states again. Never: two states with one root.
 *
 * As in Spin's COLLAPSE, and in the tree of tables of Laarman, van de Pol and Weber (SPIN 2011). A successor differs from the state
 * before it in few groups, so each group is first held against the same group of the state that was taken last.
 */
import { ComponentTable } from './componentTable.ts';

/** Words of a group of a state, at most; numbers in a group of numbers; words of a root, at most. */
export interface Shape {
  readonly leaf: number;
  readonly inner: number;
  readonly root: number;
}
/**
 * Measured on the scenarios: shorter groups cost a look-up more and save nothing; numbers in groups of three and more have so many
 * combinations that their tables grow with the states.
 */
export const usualShape: Shape = { leaf: 7, inner: 2, root: 7 };

/** A group: words [from, from + table.words) of the vector give the word `to`. */
interface Node {
  readonly from: number;
  readonly to: number;
  readonly table: ComponentTable;
  /** The group that `to` lies in; null: `to` lies in the root. */
  parent: Node | null;
  /** Whether a word of it changed, in the state that is taken now. */
  changed: boolean;
}

export class Components {
  /** Words of a root. */
  readonly rootWords: number;
  /** Groups of words of the state, then groups of their numbers, and so on: a group's words come before it. */
  private readonly nodes: readonly Node[];
  private readonly leaves: number;
  private readonly rootFrom: number;
  /** The words of the state that was taken last, the numbers of its groups, the numbers of groups of these; the root is the end. */
  private readonly vector: Int32Array;
  /** The same for a state that is looked for, or written out. */
  private readonly scratch: Int32Array;
  /** Whether `vector` holds a state. */
  private primed = false;

  constructor(
    readonly words: number,
    { leaf, inner, root }: Shape = usualShape,
  ) {
    const nodes: Node[] = [];
    let from = 0;
    let width = words;
    for (let size = leaf; width > root; size = inner) {
      const groups = Math.ceil(width / size);
      for (let k = 0; k < groups; k++) {
        const start = Math.floor((k * width) / groups);
        const table = new ComponentTable(Math.floor(((k + 1) * width) / groups) - start);
        nodes.push({ from: from + start, to: from + width + k, table, parent: null, changed: false });
      }
      from += width;
      width = groups;
    }
    for (const node of nodes) node.parent = nodes.find((each) => node.to >= each.from && node.to < each.from + each.table.words) ?? null;
    this.nodes = nodes;
    this.leaves = nodes.filter((node) => node.from < words).length;
    this.rootFrom = from;
    this.rootWords = width;
    this.vector = new Int32Array(from + width);
    this.scratch = new Int32Array(from + width);
  }

  get bytes(): number {
    return this.nodes.reduce((sum, { table }) => sum + table.bytes, 0);
  }

  /** Bytes that the tables take beside `bytes`, at most, if `more` states are taken. */
  growthBytes(more: number): number {
    return this.nodes.reduce((sum, { table }) => sum + table.growthBytes(more), 0);
  }

  /** Writes the root of the state at `base`. */
  take(buffer: Int32Array, base: number, roots: Int32Array, to: number): void {
    const { nodes, vector, leaves } = this;
    if (leaves === 0) for (let i = 0; i < this.words; i++) vector[i] = buffer[base + i] as number;
    for (let k = 0; k < leaves; k++) {
      const node = nodes[k] as Node;
      const end = node.from + node.table.words;
      let same = this.primed;
      for (let i = node.from; i < end; i++) {
        const word = buffer[base + i] as number;
        if (vector[i] === word) continue;
        vector[i] = word;
        same = false;
      }
      if (!same) this.number(node);
    }
    for (let k = leaves; k < nodes.length; k++) {
      const node = nodes[k] as Node;
      if (node.changed) this.number(node);
    }
    this.primed = true;
    for (let i = 0; i < this.rootWords; i++) roots[to + i] = vector[this.rootFrom + i] as number;
  }

  /** Writes the root of the state at `base`; false: a part of it was never taken, so neither was the state. */
  find(buffer: Int32Array, base: number, roots: Int32Array, to: number): boolean {
    const { nodes, scratch } = this;
    for (let i = 0; i < this.words; i++) scratch[i] = buffer[base + i] as number;
    for (let k = 0; k < nodes.length; k++) {
      const node = nodes[k] as Node;
      const row = node.table.find(scratch, node.from);
      if (row < 0) return false;
      scratch[node.to] = row;
    }
    for (let i = 0; i < this.rootWords; i++) roots[to + i] = scratch[this.rootFrom + i] as number;
    return true;
  }

  /** Writes the state of a root. */
  write(roots: Int32Array, at: number, target: Int32Array, to: number): void {
    const { nodes, scratch, leaves } = this;
    for (let i = 0; i < this.rootWords; i++) scratch[this.rootFrom + i] = roots[at + i] as number;
    for (let k = nodes.length - 1; k >= leaves; k--) {
      const node = nodes[k] as Node;
      node.table.copyTo(scratch[node.to] as number, scratch, node.from);
    }
    if (leaves === 0) for (let i = 0; i < this.words; i++) target[to + i] = scratch[i] as number;
    for (let k = 0; k < leaves; k++) {
      const node = nodes[k] as Node;
      node.table.copyTo(scratch[node.to] as number, target, to + node.from);
    }
  }

  private number(node: Node): void {
    const { vector } = this;
    node.changed = false;
    const row = node.table.take(vector, node.from);
    if (vector[node.to] === row && this.primed) return;
    vector[node.to] = row;
    if (node.parent !== null) node.parent.changed = true;
  }
}
