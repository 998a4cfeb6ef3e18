/**
 * Small functions in the place of their calls: engines do that for JavaScript, and not for WebAssembly.
 *
 * In: a module as it was read, before ranges are known. Out: the same with fewer calls. Never: a function that calls itself, in a circle or not.
 */
import { type Copy, copyExpr, copyStmts, mapCalls, shapeOf } from './copy.ts';
import { variable } from './readFunction.ts';
import type { Expr, FunctionTree, ModuleTree, Stmt, Variable } from './tree.ts';

/**
 * Nodes of a body that is put in the place of every call, and of one that is called once. Measured: with more, two-phase commit is no faster
 * and modules take longer to make.
 */
const smallMax = 15;
const onceMax = 400;
/** No function grows beyond this many nodes. */
const grownMax = 6000;

/** What is known of a function, as it was read and when it is done. */
interface Facts {
  size: number;
  calls: FunctionTree[];
  done: boolean;
}

export function inlineCalls(module: ModuleTree): ModuleTree {
  const facts = new Map<FunctionTree, Facts>(module.functions.map((tree) => [tree, { ...shapeOf(tree.body), done: false }]));
  const callers = new Map<FunctionTree, number>();
  for (const { calls } of facts.values()) for (const callee of calls) callers.set(callee, (callers.get(callee) ?? 0) + 1);
  for (const tree of calleesFirst(module.functions, facts)) {
    const own = facts.get(tree) as Facts;
    const wanted = (callee: FunctionTree): boolean => {
      const { size, done } = facts.get(callee) as Facts;
      // One that is not done yet leads back to this one.
      if (!done || callee.imported || own.size + size > grownMax) return false;
      return size <= (callers.get(callee) === 1 ? onceMax : smallMax);
    };
    if (own.calls.some(wanted)) {
      const inliner = new Inliner(tree);
      const left: FunctionTree[] = [];
      tree.body = mapCalls(tree.body, (call) => {
        const { callee } = call;
        if (!wanted(callee)) {
          left.push(callee);
          return call;
        }
        const { size, calls } = facts.get(callee) as Facts;
        own.size += size;
        left.push(...calls);
        return inliner.inPlace(call);
      });
      own.calls = left;
    }
    own.done = true;
  }
  return { ...module, functions: needed(module, facts) };
}

/** Functions after all that they call, as far as there are no circles. */
function calleesFirst(functions: readonly FunctionTree[], facts: ReadonlyMap<FunctionTree, Facts>): FunctionTree[] {
  const order: FunctionTree[] = [];
  const seen = new Set<FunctionTree>();
  const visit = (tree: FunctionTree): void => {
    if (seen.has(tree)) return;
    seen.add(tree);
    for (const callee of facts.get(tree)?.calls ?? []) visit(callee);
    order.push(tree);
  };
  for (const tree of functions) visit(tree);
  return order;
}

/** Functions that somebody can still call. */
function needed({ functions, table, tests, blockers }: ModuleTree, facts: ReadonlyMap<FunctionTree, Facts>): FunctionTree[] {
  const found = new Set<FunctionTree>([
    ...functions.filter((tree) => tree.exported || tree.imported),
    ...table.flatMap((tree) => tree ?? []),
    ...[...tests, ...blockers].map(([, , tree]) => tree),
  ]);
  for (const tree of found) for (const callee of facts.get(tree)?.calls ?? []) found.add(callee);
  return functions.filter((tree) => found.has(tree));
}

class Inliner {
  private readonly tree: FunctionTree;
  private copies = 0;

  constructor(tree: FunctionTree) {
    this.tree = tree;
  }

  /** The call as a sequence: arguments into fresh locals, the body as a block that a return leaves, the result. */
  inPlace({ callee, args }: Extract<Expr, { kind: 'call' }>): Expr {
    const number = this.copies++;
    const fresh = ({ name, fixed, range }: Variable): Variable => {
      const made = variable(`${name} of ${callee.name} ${number}`, false, fixed ? range : null);
      this.tree.locals.push(made);
      return made;
    };
    const known = new Map([...callee.parameters, ...callee.locals].map((one) => [one, fresh(one)]));
    const result = fresh(callee.result);
    const label = `${callee.name} ${number}`;
    const copy: Copy = { variables: known, result, label };
    const before: Stmt[] = callee.parameters.map((parameter, k) => ({
      kind: 'set',
      variable: known.get(parameter) as Variable,
      value: args[k] ?? { kind: 'number', value: 0 },
    }));
    const last = callee.body.at(-1);
    const only = callee.body.length === 1 && last?.kind === 'return' ? last.value : null;
    if (only !== null) return { kind: 'sequence', before, value: copyExpr(only, copy) };
    if (last?.kind !== 'return') before.push({ kind: 'set', variable: result, value: { kind: 'number', value: 0 } });
    before.push({ kind: 'block', label, body: copyStmts(callee.body, copy) });
    return { kind: 'sequence', before, value: { kind: 'get', variable: result } };
  }
}
