/**
 * The syntax tree of a piece of C as plain data, so that the parser's own memory can go at once.
 */

/** A named node of tree-sitter's C grammar; `token` children are operators and keywords. */
export interface CNode {
  readonly type: string;
  /** Field name under which the parent holds it, or null. */
  readonly field: string | null;
  readonly text: string;
  /** Row and column in the parsed text, from 0. */
  readonly row: number;
  readonly column: number;
  readonly children: readonly CNode[];
  /** Operators and keywords: nodes without a name in the grammar. */
  readonly anonymous: boolean;
}

/** The child that the grammar calls `field`, or null. */
export function child(node: CNode, field: string): CNode | null {
  return node.children.find((one) => one.field === field) ?? null;
}

/** All children that the grammar calls `field`. */
export function childrenOf(node: CNode, field: string): readonly CNode[] {
  return node.children.filter((one) => one.field === field);
}

/** Children that are neither punctuation nor comments. */
export function named(node: CNode): readonly CNode[] {
  return node.children.filter((one) => !one.anonymous && one.type !== 'comment');
}

/** Every node of the tree, parents first. */
export function* walk(node: CNode): Generator<CNode> {
  const stack: CNode[] = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    yield next;
    for (let index = next.children.length - 1; index >= 0; index -= 1) {
      const one = next.children[index];
      if (one !== undefined) stack.push(one);
    }
  }
}
