/**
 * Does a piece of code do what another does? Both are run side by side on symbolic values: same accesses to shared
 * state, same calls, same branches, in the same order, and at the end the same values in the locals that they share.
 *
 * A yes is a proof, up to the meaning of the calls; a no may only mean that the two are too different to compare.
 */
import type { Position, Procedure, Stmt } from '../../compiler/ir/types.ts';
import type { Graph, GraphNode } from './graph.ts';
import { graphOf, maybeMidCondition } from './graph.ts';
import { type Environment, initial, negated, placeTerm, termOf } from './terms.ts';

/** Code to compare: a procedure's body, or part of one. */
export interface Code {
  readonly body: readonly Stmt[];
  /** Locals and parameters that both sides know by the same name; all others are private. */
  readonly shared: ReadonlySet<string>;
  /** Made by the front end: set before each use, so never carried from round to round of a loop. */
  readonly temporaries: ReadonlySet<string>;
  /** What stands before it is the start of a block, so its first statement is no operand of a condition. */
  readonly entersBlock: boolean;
}
/** Which statement of the one is which of the other. */
export interface Correspondence {
  readonly left: Position;
  readonly right: Position;
}
export interface Agreement {
  readonly pairs: readonly Correspondence[];
  /** Statements of the left side that were compared. */
  readonly seen: ReadonlySet<Stmt>;
}

/** Most pairs of nodes that one comparison looks at. */
const stepLimit = 5000;

/** Whether `left`, run from its start to its ends, does what `right` does from some statement on. */
export function occursIn(left: Code, right: Procedure, procedures: ReadonlyMap<string, Procedure>): Agreement | null {
  const a = graphOf(left.body);
  const b = graphOf(right.body);
  const temporaries = new Set([...left.temporaries, ...temporariesOf(right)]);
  const doubtful = left.entersBlock ? new Set<Stmt>() : maybeMidCondition(right.body, new Set(temporariesOf(right)));
  for (const start of b.nodes) {
    if (start.stmt !== null && doubtful.has(start.stmt)) continue;
    const found = run(
      a,
      b,
      { a: { node: a.entry, environment: new Map() }, b: { node: start.index, environment: new Map() } },
      left.shared,
      temporaries,
      procedures,
      false,
    );
    if (found !== null) return found;
  }
  return null;
}

/** Whether two procedures with the same parameters do the same from start to end. */
export function sameBehaviour(left: Procedure, right: Procedure, procedures: ReadonlyMap<string, Procedure>): Agreement | null {
  if (left.params.length !== right.params.length) return null;
  const a = graphOf(left.body);
  const b = graphOf(right.body);
  const zero = (procedure: Procedure): [string, string][] => procedure.locals.map((local) => [local.name, '0']);
  const environmentA = new Map([
    ...zero(left),
    ...left.params.map((param, index): [string, string] => [param.name, initial(right.params[index]?.name ?? '')]),
  ]);
  const start = { a: { node: a.entry, environment: environmentA }, b: { node: b.entry, environment: new Map(zero(right)) } };
  return run(a, b, start, new Set(), new Set([...temporariesOf(left), ...temporariesOf(right)]), procedures, true);
}

function temporariesOf(procedure: Procedure): string[] {
  return procedure.locals.filter((local) => local.temporary === true).map((local) => local.name);
}

interface Side {
  readonly node: number;
  readonly environment: Environment;
}

/** Runs both sides. `toTheEnd`: the right side must end where the left one does. */
function run(
  a: Graph,
  b: Graph,
  start: { readonly a: Side; readonly b: Side },
  shared: ReadonlySet<string>,
  temporaries: ReadonlySet<string>,
  procedures: ReadonlyMap<string, Procedure>,
  toTheEnd: boolean,
): Agreement | null {
  const pairs: Correspondence[] = [];
  const seen = new Set<Stmt>();
  const loops = new Map<string, ReadonlySet<string>>();
  let symbols = 0;
  let steps = 0;
  const symbol = (): string => {
    symbols += 1;
    return `#${symbols}`;
  };
  // Assignments to shared locals happen in silence; they are paired by what they assign.
  const assignedLeft: Assignment[] = [];
  const assignedRight: Assignment[] = [];
  const logRight: Log = (stmt, value) => {
    if (stmt.kind === 'assign' && shared.has(stmt.dst)) assignedRight.push({ stmt, value });
  };
  const agree = (left: Side, right: Side): boolean => {
    let one = left;
    let other = right;
    for (;;) {
      steps += 1;
      if (steps > stepLimit) return false;
      one = settle(one, a, procedures, (stmt, value) => {
        seen.add(stmt);
        if (stmt.kind === 'assign' && shared.has(stmt.dst)) assignedLeft.push({ stmt, value });
      });
      if (one.node === a.end && !toTheEnd) return endsAlike(one, other, b, shared, procedures, logRight);
      other = settle(other, b, procedures, logRight);
      const nodeA = at(a, one.node);
      let nodeB = at(b, other.node);
      if (nodeA.loop !== null || nodeB.loop !== null) {
        if (nodeA.loop === null || nodeB.loop === null) return false;
        const key = `${nodeA.index}/${nodeB.index}`;
        const before = loops.get(key);
        if (before !== undefined) return agreesAgain(one.environment, other.environment, before);
        const entered = enterLoop(one, nodeA, other, nodeB, shared, temporaries);
        if (entered === null) return false;
        loops.set(key, entered.assumed);
        one = { node: nodeA.next[0] ?? a.end, environment: entered.a };
        other = { node: nodeB.next[0] ?? b.end, environment: entered.b };
        continue;
      }
      // The model asserts more than a hunk shows; what the patch asserts must be there.
      while (!toTheEnd && !isQuiet(nodeA) && isQuiet(nodeB)) {
        other = settle(
          { node: nodeB.next[0] ?? b.end, environment: withResult(nodeB, other.environment, symbol()) },
          b,
          procedures,
          logRight,
        );
        nodeB = at(b, other.node);
      }
      if (nodeA.stmt === null || nodeB.stmt === null) {
        // Falling off the end and a plain return are one.
        return toTheEnd && finishes(nodeA, a) && finishes(nodeB, b);
      }
      if (describe(nodeA, one.environment) !== describe(nodeB, other.environment))
        return toTheEnd && finishes(nodeA, a) && finishes(nodeB, b);
      seen.add(nodeA.stmt);
      pairs.push({ left: nodeA.stmt.pos, right: nodeB.stmt.pos });
      if (nodeA.cond !== null) {
        const [waysA, waysB] = [ways(nodeA, one.environment), ways(nodeB, other.environment)];
        const [environmentA, environmentB] = [one.environment, other.environment];
        return waysA.every((to, edge) =>
          agree({ node: to, environment: environmentA }, { node: waysB[edge] ?? b.end, environment: environmentB }),
        );
      }
      if (nodeA.next.length === 0 || nodeB.next.length === 0) return nodeA.next.length === nodeB.next.length;
      const [envA, envB] = results(nodeA.stmt, one.environment, nodeB.stmt, other.environment, symbol);
      one = { node: nodeA.next[0] ?? a.end, environment: envA };
      other = { node: nodeB.next[0] ?? b.end, environment: envB };
    }
  };
  if (!agree(start.a, start.b)) return null;
  for (const left of assignedLeft) {
    const right = assignedRight.find((one) => one.stmt.dst === left.stmt.dst && one.value === left.value);
    if (right !== undefined) pairs.push({ left: left.stmt.pos, right: right.stmt.pos });
  }
  return { pairs: withoutRepetition(pairs), seen };
}

interface Assignment {
  readonly stmt: Extract<Stmt, { kind: 'assign' }>;
  readonly value: string;
}
/** Told each statement that was passed in silence, and the value of an assignment. */
type Log = (stmt: Stmt, value: string) => void;

/** One pair for each two lines, in the order of the patch. */
function withoutRepetition(pairs: readonly Correspondence[]): Correspondence[] {
  const byLines = new Map(pairs.map((pair) => [`${pair.left.line}/${pair.right.file}:${pair.right.line}`, pair]));
  return [...byLines.values()].sort((a, b) => a.left.line - b.left.line || a.right.line - b.right.line);
}

function at(graph: Graph, index: number): GraphNode {
  const node = graph.nodes[index];
  if (node === undefined) throw new Error('a graph leads out of itself');
  return node;
}

/** Goes on while nothing shared is touched: assignments, joins, branches on what is known, calls of pure helpers. */
function settle(side: Side, graph: Graph, procedures: ReadonlyMap<string, Procedure>, log: Log): Side {
  let { node, environment } = side;
  for (let guard = 0; guard < stepLimit; guard += 1) {
    const next = silent(at(graph, node), environment, procedures);
    if (next === null) return { node, environment };
    const { stmt } = at(graph, node);
    if (stmt !== null) log(stmt, stmt.kind === 'assign' ? (next.environment.get(stmt.dst) ?? '') : '');
    ({ node, environment } = next);
  }
  return { node, environment };
}

function silent(node: GraphNode, environment: Environment, procedures: ReadonlyMap<string, Procedure>): Side | null {
  const to = node.next[0];
  if (to === undefined || node.loop !== null) return null;
  if (node.stmt === null) return { node: to, environment };
  if (node.cond !== null) {
    const value = termOf(node.cond, environment);
    if (value === '1') return { node: to, environment };
    if (value === '0') return { node: node.next[1] ?? to, environment };
    return null;
  }
  if (node.stmt.kind === 'assign') return { node: to, environment: set(environment, node.stmt.dst, termOf(node.stmt.value, environment)) };
  if (node.stmt.kind !== 'call') return null;
  const value = pureValue(node.stmt, environment, procedures);
  return value === null ? null : { node: to, environment: node.stmt.dst === null ? environment : set(environment, node.stmt.dst, value) };
}

/** The value of a call whose callee only computes: `VALID_PAGE()`, `KVM_MMU_ROOT_PREVIOUS()`. */
function pureValue(
  call: Extract<Stmt, { kind: 'call' }>,
  environment: Environment,
  procedures: ReadonlyMap<string, Procedure>,
): string | null {
  const callee = procedures.get(call.callee);
  const last = callee?.body.at(-1);
  if (callee === undefined || last?.kind !== 'return' || last.value === null || callee.body.length > 8) return null;
  let inner: Environment = new Map();
  for (const [index, param] of callee.params.entries()) {
    const arg = call.args[index];
    if (arg?.mode !== 'in') return null;
    inner = set(inner, param.name, termOf(arg.value, environment));
  }
  for (const stmt of callee.body.slice(0, -1)) {
    if (stmt.kind !== 'assign') return null;
    inner = set(inner, stmt.dst, termOf(stmt.value, inner));
  }
  return termOf(last.value, inner);
}

function set(environment: Environment, local: string, value: string): Environment {
  return new Map(environment).set(local, value);
}

/** The left side is at its end: the right one must have the same in every shared local, now or a little later. */
function endsAlike(
  left: Side,
  right: Side,
  b: Graph,
  shared: ReadonlySet<string>,
  procedures: ReadonlyMap<string, Procedure>,
  log: Log,
): boolean {
  let other = right;
  for (let guard = 0; guard < stepLimit; guard += 1) {
    const alike = [...shared].every(
      (name) => (left.environment.get(name) ?? initial(name)) === (other.environment.get(name) ?? initial(name)),
    );
    if (alike) return true;
    const next = silent(at(b, other.node), other.environment, procedures);
    if (next === null) return false;
    const { stmt } = at(b, other.node);
    if (stmt?.kind === 'assign') log(stmt, next.environment.get(stmt.dst) ?? '');
    other = next;
  }
  return false;
}

/**
 * At the head of a loop. What rounds assign is any value from then on: the same on both sides for a local that
 * agreed at the entry (`assumed`; it must agree again after each round), else one that equals nothing.
 */
function enterLoop(
  left: Side,
  nodeA: GraphNode,
  right: Side,
  nodeB: GraphNode,
  shared: ReadonlySet<string>,
  temporaries: ReadonlySet<string>,
): { a: Environment; b: Environment; assumed: ReadonlySet<string> } | null {
  let a = left.environment;
  let b = right.environment;
  const assumed = new Set<string>();
  for (const name of new Set([...(nodeA.loop ?? []), ...(nodeB.loop ?? [])])) {
    const alike = (a.get(name) ?? initial(name)) === (b.get(name) ?? initial(name)) && !temporaries.has(name);
    if (shared.has(name) && !alike) return null;
    if (alike) assumed.add(name);
    a = set(a, name, alike ? `@${nodeA.index}.${name}` : `@a${nodeA.index}.${name}`);
    b = set(b, name, alike ? `@${nodeA.index}.${name}` : `@b${nodeA.index}.${name}`);
  }
  return { a, b, assumed };
}

function agreesAgain(left: Environment, right: Environment, assumed: ReadonlySet<string>): boolean {
  return [...assumed].every((name) => (left.get(name) ?? initial(name)) === (right.get(name) ?? initial(name)));
}

function isQuiet(node: GraphNode): boolean {
  return node.stmt?.kind === 'assert' || node.stmt?.kind === 'lockQuery';
}

function withResult(node: GraphNode, environment: Environment, value: string): Environment {
  return node.stmt?.kind === 'lockQuery' ? set(environment, node.stmt.dst, value) : environment;
}

function finishes(node: GraphNode, graph: Graph): boolean {
  return node.index === graph.end || (node.stmt?.kind === 'return' && node.stmt.value === null);
}

function withoutSign(term: string): string {
  return term.startsWith('!') ? negated(term) : term;
}

/** Where a branch goes if its condition, taken without a sign, is true, and if it is false. */
function ways(node: GraphNode, environment: Environment): readonly number[] {
  const inverted = node.cond !== null && termOf(node.cond, environment).startsWith('!');
  return inverted ? node.next.toReversed() : node.next;
}

/** What a statement does, with the values it does it with. */
function describe(node: GraphNode, environment: Environment): string {
  const { stmt } = node;
  if (stmt === null) return 'end';
  const value = (expr: Parameters<typeof termOf>[0] | null): string => (expr === null ? '' : termOf(expr, environment));
  switch (stmt.kind) {
    case 'if':
      return `if ${withoutSign(value(stmt.cond))}`;
    case 'load':
      return `load ${placeTerm(stmt.place, environment)}`;
    case 'store':
      return `store ${placeTerm(stmt.place, environment)} = ${value(stmt.value)}`;
    case 'atomic':
      return `${stmt.operator} ${placeTerm(stmt.place, environment)} ${stmt.operands.map(value).join(', ')}`;
    case 'call':
      return `call ${stmt.callee} ${stmt.args.map((arg) => (arg.mode === 'in' ? value(arg.value) : `&${environment.get(arg.local) ?? initial(arg.local)}`)).join(', ')}`;
    case 'return':
      return `return ${value(stmt.value)}`;
    case 'acquire':
    case 'release':
    case 'tryAcquire':
      return `${stmt.kind} ${stmt.mode} ${placeTerm(stmt.lock, environment)}`;
    case 'lockQuery':
      return `${stmt.query} ${placeTerm(stmt.lock, environment)}`;
    case 'list':
      return `list ${stmt.operator} ${placeTerm(stmt.list, environment)} ${value(stmt.element)}`;
    case 'alloc':
      return `alloc ${stmt.table}`;
    case 'free':
    case 'rowQuery':
      return `${stmt.kind} ${value(stmt.ref)}`;
    case 'choose':
      return `choose ${stmt.count} ${stmt.label}`;
    case 'assume':
      return `assume ${value(stmt.cond)}`;
    case 'assert':
      return `assert ${stmt.severity} ${value(stmt.cond)}`;
    default:
      return stmt.kind;
  }
}

/** After the same action: what it gave is the same unknown value on both sides. */
function results(left: Stmt, a: Environment, right: Stmt, b: Environment, symbol: () => string): [Environment, Environment] {
  const given = symbol();
  let one = a;
  let other = b;
  if ('dst' in left && left.dst !== null) one = set(one, left.dst, given);
  if ('dst' in right && right.dst !== null) other = set(other, right.dst, given);
  if (left.kind === 'call' && right.kind === 'call') {
    for (const [index, arg] of left.args.entries()) {
      const twin = right.args[index];
      if (arg.mode !== 'inout' || twin?.mode !== 'inout') continue;
      const back = symbol();
      one = set(one, arg.local, back);
      other = set(other, twin.local, back);
    }
  }
  return [one, other];
}
