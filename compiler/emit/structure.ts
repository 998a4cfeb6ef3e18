/**
 * Control flow graphs as structured JavaScript: `if`, `for (;;)`, labelled blocks.
 *
 * In: vertices of straight code with their exits. Out: the body of a function. Never: what the code does.
 *
 * The method is that of Ramsey, "Beyond Relooper" (2022): a vertex is placed where its dominator is; one that
 * several forward edges reach becomes the code behind a labelled block, one that a back edge reaches a loop.
 * Graphs that are not reducible become a `switch` in a loop.
 */
export type Exit =
  /** The code ends in `return` or throws. */
  | { readonly kind: 'end' }
  /** `text` is run on the way. */
  | { readonly kind: 'goto'; readonly to: number; readonly text: string }
  | {
      readonly kind: 'branch';
      readonly cond: string;
      readonly yes: number;
      readonly no: number;
      readonly yesText: string;
      readonly noText: string;
    };
export interface Vertex {
  readonly code: string;
  readonly exit: Exit;
}

function successors(exit: Exit): number[] {
  if (exit.kind === 'goto') return [exit.to];
  return exit.kind === 'branch' ? [exit.yes, exit.no] : [];
}

/** Straight runs of vertices made one, up to some length of code, so that nesting follows branches only. */
function contract(vertices: readonly Vertex[], entry: number, longest: number): Map<number, Vertex> {
  const reached = new Map<number, number>([[entry, 1]]);
  const work = [entry];
  for (let v = work.pop(); v !== undefined; v = work.pop()) {
    for (const s of successors(vertices[v]?.exit ?? { kind: 'end' })) {
      const count = reached.get(s) ?? 0;
      reached.set(s, count + 1);
      if (count === 0) work.push(s);
    }
  }
  const merged = new Map<number, Vertex>();
  const absorbed = new Set<number>();
  for (const [v] of reached) {
    const exit = vertices[v]?.exit;
    if (exit?.kind === 'goto' && exit.to !== v && exit.to !== entry && reached.get(exit.to) === 1) absorbed.add(exit.to);
  }
  const heads = [...reached.keys()].filter((v) => !absorbed.has(v));
  for (let v = heads.pop(); v !== undefined; v = heads.pop()) {
    let { code, exit } = vertices[v] as Vertex;
    while (exit.kind === 'goto' && absorbed.has(exit.to)) {
      const next: Vertex = vertices[exit.to] as Vertex;
      if (code.length + next.code.length > longest) {
        heads.push(exit.to);
        break;
      }
      code += exit.text + next.code;
      exit = next.exit;
    }
    merged.set(v, { code, exit });
  }
  return merged;
}

/** The graph in reverse postorder, entry first, as vertices of at most `longest` characters where they can be cut. */
export function straighten(all: readonly Vertex[], entry: number, longest: number): { readonly id: number; readonly vertex: Vertex }[] {
  const vertices = contract(all, entry, longest);
  return flowOf(vertices, entry).order.map((id) => ({ id, vertex: vertices.get(id) as Vertex }));
}

interface Flow {
  /** Vertices in reverse postorder. */
  readonly order: readonly number[];
  readonly position: ReadonlyMap<number, number>;
  readonly dominator: ReadonlyMap<number, number>;
  readonly predecessors: ReadonlyMap<number, readonly number[]>;
}

function flowOf(vertices: ReadonlyMap<number, Vertex>, entry: number): Flow {
  const postorder: number[] = [];
  const seen = new Set([entry]);
  const stack: { v: number; rest: number[] }[] = [{ v: entry, rest: successorsOf(vertices, entry).reverse() }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const s = top.rest.pop();
    if (s === undefined) {
      postorder.push(top.v);
      stack.pop();
    } else if (!seen.has(s)) {
      seen.add(s);
      stack.push({ v: s, rest: successorsOf(vertices, s).reverse() });
    }
  }
  const order = postorder.reverse();
  const position = new Map(order.map((v, k) => [v, k]));
  const predecessors = new Map<number, number[]>(order.map((v) => [v, []]));
  for (const v of order) for (const s of successorsOf(vertices, v)) predecessors.get(s)?.push(v);
  return { order, position, dominator: dominators(order, position, predecessors, entry), predecessors };
}

function successorsOf(vertices: ReadonlyMap<number, Vertex>, v: number): number[] {
  return successors(vertices.get(v)?.exit ?? { kind: 'end' });
}

/** Cooper, Harvey, Kennedy: "A simple, fast dominance algorithm". */
function dominators(
  order: readonly number[],
  position: ReadonlyMap<number, number>,
  predecessors: ReadonlyMap<number, readonly number[]>,
  entry: number,
): Map<number, number> {
  const idom = new Map<number, number>([[entry, entry]]);
  const at = (v: number): number => position.get(v) ?? 0;
  const meet = (a: number, b: number): number => {
    while (a !== b) {
      while (at(a) > at(b)) a = idom.get(a) ?? entry;
      while (at(b) > at(a)) b = idom.get(b) ?? entry;
    }
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const v of order) {
      if (v === entry) continue;
      let best = -1;
      for (const p of predecessors.get(v) ?? []) if (idom.has(p)) best = best < 0 ? p : meet(p, best);
      if (best >= 0 && idom.get(v) !== best) {
        idom.set(v, best);
        changed = true;
      }
    }
  }
  return idom;
}

/** The statements that run the graph from `entry`. `round` is run once each time a loop goes round. */
export function structure(all: readonly Vertex[], entry: number, round: string): string {
  const vertices = contract(all, entry, Number.POSITIVE_INFINITY);
  const flow = flowOf(vertices, entry);
  const at = (v: number): number => flow.position.get(v) ?? 0;
  const dominates = (a: number, b: number): boolean => {
    for (let v = b; ; v = flow.dominator.get(v) ?? entry) {
      if (v === a) return true;
      if (v === entry) return false;
    }
  };
  const isBack = (from: number, to: number): boolean => at(to) <= at(from);
  for (const v of flow.order) {
    for (const s of successorsOf(vertices, v)) if (isBack(v, s) && !dominates(s, v)) return dispatch(vertices, flow.order, round);
  }

  const merges = new Set<number>();
  const loops = new Set<number>();
  for (const v of flow.order) {
    const from = flow.predecessors.get(v) ?? [];
    if (from.some((p) => isBack(p, v))) loops.add(v);
    if (from.filter((p) => !isBack(p, v)).length > 1) merges.add(v);
  }
  const children = new Map<number, number[]>(flow.order.map((v) => [v, []]));
  for (const v of flow.order) if (v !== entry && merges.has(v)) children.get(flow.dominator.get(v) ?? entry)?.push(v);

  const jump = (from: number, to: number): string => {
    if (isBack(from, to)) return `${round}continue L${at(to)};`;
    return merges.has(to) ? `break B${at(to)};` : tree(to);
  };
  const tree = (v: number): string => {
    const inner = within(v, children.get(v) ?? []);
    return loops.has(v) ? `L${at(v)}:for(;;){${inner}}` : inner;
  };
  // `later` are in reverse postorder: the last is the outermost block, so that each can be left for all behind it.
  const within = (v: number, later: readonly number[]): string => {
    const last = later.at(-1);
    if (last !== undefined) {
      const label = `break B${at(last)};`;
      let inner = within(v, later.slice(0, -1));
      const both = `${label}}else{${label}}`;
      if (inner.endsWith(both)) inner = `${inner.slice(0, -both.length)}}`;
      else if (inner.endsWith(label)) inner = inner.slice(0, -label.length);
      return `B${at(last)}:{${inner}}\n${tree(last)}`;
    }
    const { code, exit } = vertices.get(v) as Vertex;
    if (exit.kind === 'end') return code;
    if (exit.kind === 'goto') return `${code}${exit.text}${jump(v, exit.to)}`;
    return `${code}if(${exit.cond}){${exit.yesText}${jump(v, exit.yes)}}else{${exit.noText}${jump(v, exit.no)}}`;
  };
  return tree(entry);
}

function dispatch(vertices: ReadonlyMap<number, Vertex>, order: readonly number[], round: string): string {
  const number = new Map(order.map((v, k) => [v, k]));
  const go = (v: number): string => `s=${number.get(v)};continue;`;
  const cases = order.map((v, k) => {
    const { code, exit } = vertices.get(v) as Vertex;
    if (exit.kind === 'end') return `case ${k}:{${code}}\n`;
    if (exit.kind === 'goto') return `case ${k}:{${code}${exit.text}${go(exit.to)}}\n`;
    return `case ${k}:{${code}if(${exit.cond}){${exit.yesText}${go(exit.yes)}}else{${exit.noText}${go(exit.no)}}}\n`;
  });
  return `let s=0;for(;;){${round}switch(s){${cases.join('')}}}`;
}
