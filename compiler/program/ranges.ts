/**
 * Ranges of integer locals, so that those kept in the state take few bits.
 *
 * In: the instances of one process. Out: [min, max] per local, never wider than its type. Never: a value
 * outside the range, whatever the program does: what is not understood gets the whole type.
 *
 * Flow-insensitive: a local's range is the union over its assignments, found by iteration and then widened
 * to the type. Only the counter of a bounded loop is treated by itself, since its own increment would widen it.
 */
import type { Expr, IntType, Place, ScalarType, TableDescription } from '../ir/types.ts';
import type { Instance, InstanceNode } from './instance.ts';
import { localTypes } from './specialise.ts';

export interface Range {
  readonly min: number;
  readonly max: number;
}
type Ranges = Map<string, Range>;

const roundsBeforeWidening = 10;

/** Ranges of the integer locals of each instance. Instances call only each other. */
export function rangesOf(
  instances: readonly Instance[],
  tables: ReadonlyMap<string, TableDescription>,
): Map<Instance, ReadonlyMap<string, Range>> {
  const analysis = new Analysis(instances, tables);
  analysis.run();
  return analysis.ranges;
}

class Analysis {
  readonly ranges = new Map<Instance, Ranges>();
  private readonly results = new Map<Instance, Range>();
  private readonly types = new Map<Instance, ReadonlyMap<string, ScalarType>>();
  /** Instances that something they read changed for since they were last looked at. */
  private readonly stale: Set<Instance>;
  private readonly callers = new Map<Instance, Set<Instance>>();
  private widen = false;

  constructor(
    private readonly instances: readonly Instance[],
    private readonly tables: ReadonlyMap<string, TableDescription>,
  ) {
    this.stale = new Set(instances);
    for (const instance of instances) {
      for (const { op } of instance.nodes) {
        if (!('callee' in op)) continue;
        const known = this.callers.get(op.callee);
        if (known === undefined) this.callers.set(op.callee, new Set([instance]));
        else known.add(instance);
      }
    }
    for (const instance of instances) {
      const types = localTypes(instance);
      this.types.set(instance, types);
      const params = new Set(instance.procedure.params.map((p) => p.name));
      // Every local starts as 0; a parameter starts as what it is given.
      const ranges: Ranges = new Map([...types].filter(([name]) => !params.has(name)).map(([name]) => [name, { min: 0, max: 0 }]));
      for (const [name, range] of loopCounters(instance)) ranges.set(name, range);
      this.ranges.set(instance, ranges);
    }
  }

  run(): void {
    const roots = this.instances.filter((i) => !this.callers.has(i));
    for (const root of roots)
      for (const [name, type] of this.types.get(root) ?? [])
        if (root.procedure.params.some((p) => p.name === name)) this.join(root, name, wholeOf(type));
    for (let round = 0; this.stale.size > 0; round++) {
      this.widen = round >= roundsBeforeWidening;
      for (const instance of this.instances) {
        if (this.stale.delete(instance)) for (const node of instance.nodes) this.node(instance, node);
      }
    }
  }

  /** A range of `instance` changed: so may its own others, what it is given back to callers. */
  private changed(instance: Instance): void {
    this.stale.add(instance);
    for (const caller of this.callers.get(instance) ?? []) this.stale.add(caller);
  }

  private node(instance: Instance, node: InstanceNode): void {
    const { op } = node;
    if (op.kind === 'return' && op.value !== null) {
      const before = this.results.get(instance);
      const type = instance.procedure.result.kind === 'void' ? null : instance.procedure.result;
      const after = union(before, this.expr(instance, op.value));
      if (before === undefined || !same(before, after)) {
        this.results.set(instance, this.widen && type !== null ? wholeOf(type) : after);
        this.changed(instance);
      }
    }
    if (op.kind === 'call' || op.kind === 'monitor' || op.kind === 'wait') {
      op.args.forEach((arg, i) => {
        const param = op.callee.procedure.params[i];
        if (arg !== null && param !== undefined) this.join(op.callee, param.name, this.expr(instance, arg));
      });
    }
    if (op.kind === 'call') {
      op.back.forEach((local, i) => {
        const param = op.callee.procedure.params[i];
        if (local !== null && param !== undefined) this.join(instance, local, this.ranges.get(op.callee)?.get(param.name));
      });
      if (op.dst !== null) this.join(instance, op.dst, this.results.get(op.callee));
    }
    if (op.kind === 'leaf') this.leaf(instance, op.stmt);
  }

  private leaf(instance: Instance, stmt: Extract<InstanceNode['op'], { kind: 'leaf' }>['stmt']): void {
    switch (stmt.kind) {
      case 'assign':
        this.join(instance, stmt.dst, this.expr(instance, stmt.value));
        return;
      case 'load':
        this.join(instance, stmt.dst, this.field(stmt.place));
        return;
      case 'atomic':
        if (stmt.dst !== null) this.join(instance, stmt.dst, this.field(stmt.place));
        if (stmt.success !== null) this.join(instance, stmt.success, { min: 0, max: 1 });
        return;
      case 'choose':
        this.join(instance, stmt.dst, { min: 0, max: stmt.count - 1 });
        return;
      case 'list':
        // Lengths, booleans and elements alike: none is known better than by its type, but for lengths.
        if (stmt.dst !== null)
          this.join(
            instance,
            stmt.dst,
            stmt.operator === 'length' ? { min: 0, max: this.capacity(stmt.list) } : this.whole(instance, stmt.dst),
          );
        return;
      case 'tryAcquire':
      case 'lockQuery':
      case 'rowQuery':
      case 'alloc':
        this.join(instance, stmt.dst, this.whole(instance, stmt.dst));
        return;
      default:
        return;
    }
  }

  private join(instance: Instance, local: string, range: Range | undefined): void {
    const type = this.types.get(instance)?.get(local);
    if (range === undefined || type?.kind !== 'int') return;
    const ranges = this.ranges.get(instance);
    const before = ranges?.get(local);
    const after = union(before, range);
    if (ranges === undefined || (before !== undefined && same(before, after))) return;
    if (isLoopCounter(instance, local)) return;
    const fits = after.min >= type.min && after.max <= type.max;
    ranges.set(local, fits && !this.widen ? after : wholeOf(type));
    if (before === undefined || !same(before, ranges.get(local) ?? before)) this.changed(instance);
  }

  private whole(instance: Instance, local: string): Range {
    const type = this.types.get(instance)?.get(local);
    return type === undefined ? { min: -0x8000_0000, max: 0xffff_ffff } : wholeOf(type);
  }
  private capacity(place: Place): number {
    const type = this.tables.get(place.table)?.fields.find((f) => f.path === place.field)?.type;
    return type?.kind === 'list' ? type.capacity : 0xffff_ffff;
  }
  private field(place: Place): Range {
    const type = this.tables.get(place.table)?.fields.find((f) => f.path === place.field)?.type;
    return type?.kind === 'int' ? { min: type.min, max: type.max } : { min: 0, max: 0xffff_ffff };
  }

  /** What an expression may be; undefined where it reads a local that nothing was assigned to yet. */
  private expr(instance: Instance, expr: Expr): Range | undefined {
    switch (expr.op) {
      case 'const':
        return { min: expr.value, max: expr.value };
      case 'local': {
        const known = this.ranges.get(instance)?.get(expr.local);
        return expr.type.kind === 'int' ? known : wholeOf(expr.type);
      }
      case 'binary':
        return this.binary(instance, expr);
      case 'cast': {
        const inner = this.expr(instance, expr.a);
        return inner === undefined ? undefined : within(inner, expr.type);
      }
      case 'indexOf': {
        const table = expr.a.type.kind === 'ref' ? this.tables.get(expr.a.type.table) : undefined;
        return table === undefined ? wholeOf(expr.type) : { min: 0, max: table.rows - 1 };
      }
      case 'pointerIndex': {
        const type = expr.a.type;
        const length = type.kind === 'pointer' ? this.tables.get(type.table)?.fields.find((f) => f.path === type.field)?.length : undefined;
        return length === undefined ? wholeOf(expr.type) : { min: 0, max: Math.max(length, 1) - 1 };
      }
      default:
        return wholeOf(expr.type);
    }
  }

  private binary(instance: Instance, expr: Extract<Expr, { op: 'binary' }>): Range | undefined {
    if (expr.type.kind === 'bool') return { min: 0, max: 1 };
    const a = this.expr(instance, expr.a);
    const b = this.expr(instance, expr.b);
    if (a === undefined || b === undefined) return undefined;
    const positive = a.min >= 0 && b.min >= 0;
    switch (expr.operator) {
      case '+':
        return within({ min: a.min + b.min, max: a.max + b.max }, expr.type);
      case '-':
        return within({ min: a.min - b.max, max: a.max - b.min }, expr.type);
      case '*':
        return positive ? within({ min: a.min * b.min, max: a.max * b.max }, expr.type) : wholeOf(expr.type);
      case '&':
        return positive ? { min: 0, max: Math.min(a.max, b.max) } : wholeOf(expr.type);
      case '|':
      case '^':
        return positive
          ? within({ min: 0, max: 2 ** Math.ceil(Math.log2(Math.max(a.max, b.max) + 1)) - 1 }, expr.type)
          : wholeOf(expr.type);
      case '%':
        return positive && b.max > 0 ? { min: 0, max: b.max - 1 } : wholeOf(expr.type);
      case '/':
      case '>>':
        return positive ? { min: 0, max: a.max } : wholeOf(expr.type);
      case '<<':
        return positive && b.max < 31 ? within({ min: 0, max: a.max * 2 ** b.max }, expr.type) : wholeOf(expr.type);
      default:
        return { min: 0, max: 1 };
    }
  }
}

function wholeOf(type: ScalarType): Range {
  if (type.kind === 'int') return { min: type.min, max: type.max };
  return type.kind === 'bool' ? { min: 0, max: 1 } : { min: 0, max: 0xffff_ffff };
}
function within(range: Range, type: ScalarType): Range {
  const whole = wholeOf(type);
  return range.min >= whole.min && range.max <= whole.max ? range : whole;
}
function union(a: Range | undefined, b: Range | undefined): Range {
  if (a === undefined || b === undefined) return a ?? b ?? { min: 0, max: 0 };
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}
function same(a: Range, b: Range): boolean {
  return a.min === b.min && a.max === b.max;
}

const counters = new WeakMap<Instance, ReadonlyMap<string, Range>>();
function isLoopCounter(instance: Instance, local: string): boolean {
  return counters.get(instance)?.has(local) ?? false;
}

/**
 * Locals whose only assignments are of constants and `local + 1` right before the back edge of a bounded loop:
 * the front end has shown that such a loop tests `local < N` before every round.
 */
function loopCounters(instance: Instance): ReadonlyMap<string, Range> {
  const found = new Map<string, Range>();
  for (const local of instance.procedure.locals) {
    const range = local.type.kind === 'int' ? counterRange(instance, local.name, local.type) : null;
    if (range !== null) found.set(local.name, range);
  }
  counters.set(instance, found);
  return found;
}

function counterRange(instance: Instance, local: string, type: IntType): Range | null {
  let min = 0;
  let max = 0;
  let increments = 0;
  for (const node of instance.nodes) {
    if (!writes(node, local)) continue;
    if (node.op.kind !== 'leaf' || node.op.stmt.kind !== 'assign') return null;
    const { value } = node.op.stmt;
    if (value.op === 'const') {
      min = Math.min(min, value.value);
      max = Math.max(max, value.value);
    } else if (isIncrement(value, local) && leadsToBoundedBackEdge(instance, node)) increments++;
    else return null;
  }
  const limit = increments > 0 ? testedLimit(instance, local) : null;
  return limit === null || limit > type.max ? null : { min, max: Math.max(max, limit) };
}
function writes(node: InstanceNode, local: string): boolean {
  const { op } = node;
  if (op.kind === 'call') return op.dst === local || op.back.includes(local);
  if (op.kind !== 'leaf') return false;
  const stmt = op.stmt;
  return ('dst' in stmt && stmt.dst === local) || (stmt.kind === 'atomic' && stmt.success === local);
}
function isIncrement(value: Expr, local: string): boolean {
  const plain = value.op === 'cast' ? value.a : value;
  return (
    plain.op === 'binary' &&
    plain.operator === '+' &&
    plain.a.op === 'local' &&
    plain.a.local === local &&
    plain.b.op === 'const' &&
    plain.b.value === 1
  );
}
function leadsToBoundedBackEdge(instance: Instance, node: InstanceNode): boolean {
  for (
    let next = instance.nodes[node.next[0] ?? -1], steps = 0;
    next?.op.kind === 'goto' && steps < 8;
    next = instance.nodes[next.next[0] ?? -1], steps++
  ) {
    if (next.op.back === 'bounded') return true;
  }
  return false;
}
/** Largest N of a test `local < N` (or `local <= N - 1`): the counter ends at N. Null if it is tested otherwise. */
function testedLimit(instance: Instance, local: string): number | null {
  let limit: number | null = null;
  for (const node of instance.nodes) {
    if (node.op.kind !== 'branch') continue;
    const cond = node.op.cond.op === 'unary' && node.op.cond.operator === '!' ? node.op.cond.a : node.op.cond;
    if (cond.op !== 'binary' || cond.a.op !== 'local' || cond.a.local !== local || cond.b.op !== 'const') continue;
    const ends =
      cond.operator === '<' || cond.operator === '>='
        ? cond.b.value
        : cond.operator === '<=' || cond.operator === '>'
          ? cond.b.value + 1
          : null;
    if (ends !== null) limit = Math.max(limit ?? 0, ends);
  }
  return limit;
}
