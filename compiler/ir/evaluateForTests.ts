/**
 * A little evaluator of sequential IR, for tests of front ends and of the printer.
 *
 * In: procedures, a state, arguments. Out: the result; the state is changed. Never: shared with the real
 * interpreter, so that a mistake is not made twice.
 */
import type { Expr, IntType, Place, Procedure, ScalarType, Stmt } from './types.ts';

/** Values by `table.field`, element row * length + index. */
export type TestState = Map<string, number[]>;

class Leave {
  readonly label: string;
  constructor(label: string) {
    this.label = label;
  }
}
class Continue extends Leave {}
class Return {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export class TestEvaluator {
  readonly #procedures: ReadonlyMap<string, Procedure>;
  readonly #state: TestState;
  readonly #lengths: ReadonlyMap<string, number>;
  readonly #fieldTypes: ReadonlyMap<string, ScalarType>;
  #steps = 0;

  constructor(
    procedures: ReadonlyMap<string, Procedure>,
    state: TestState,
    lengths: ReadonlyMap<string, number>,
    fieldTypes: ReadonlyMap<string, ScalarType>,
  ) {
    this.#procedures = procedures;
    this.#state = state;
    this.#lengths = lengths;
    this.#fieldTypes = fieldTypes;
  }

  /** The result (0 for void) and the values of all parameters at the end. */
  call(name: string, args: readonly number[]): { result: number; params: number[] } {
    const procedure = this.#procedures.get(name);
    if (procedure === undefined) throw new Error(`no procedure ${name}`);
    const frame = new Map<string, number>(procedure.locals.map((local) => [local.name, 0]));
    const types = new Map<string, ScalarType>([...procedure.locals, ...procedure.params].map((local) => [local.name, local.type]));
    procedure.params.forEach((param, i) => {
      frame.set(param.name, args[i] ?? 0);
    });
    let result = 0;
    try {
      this.#run(procedure.body, frame, types);
    } catch (signal) {
      if (!(signal instanceof Return)) throw signal;
      result = signal.value;
    }
    return { result, params: procedure.params.map((param) => frame.get(param.name) ?? 0) };
  }

  #run(body: readonly Stmt[], frame: Map<string, number>, types: ReadonlyMap<string, ScalarType>): void {
    const set = (name: string, value: number): void => {
      const type = types.get(name);
      if (type === undefined) throw new Error(`no local ${name}`);
      frame.set(name, bring(type, BigInt(value)));
    };
    for (const stmt of body) {
      if (++this.#steps > 200_000) throw new Error('too many steps');
      switch (stmt.kind) {
        case 'assign':
          set(stmt.dst, this.#eval(stmt.value, frame));
          break;
        case 'load': {
          const [values, at] = this.#place(stmt.place, frame);
          set(stmt.dst, values[at] ?? 0);
          break;
        }
        case 'store': {
          const [values, at] = this.#place(stmt.place, frame);
          values[at] = this.#stored(stmt.place, this.#eval(stmt.value, frame));
          break;
        }
        case 'atomic': {
          const [values, at] = this.#place(stmt.place, frame);
          const before = values[at] ?? 0;
          const [a = 0, b = 0] = stmt.operands.map((operand) => this.#eval(operand, frame));
          const after = {
            compareExchange: before === a ? b : before,
            exchange: a,
            fetchAnd: before & a,
            fetchOr: before | a,
            fetchAdd: before + a,
          };
          values[at] = this.#stored(stmt.place, after[stmt.operator]);
          if (stmt.dst !== null) set(stmt.dst, before);
          break;
        }
        case 'call': {
          const args = stmt.args.map((arg) => (arg.mode === 'in' ? this.#eval(arg.value, frame) : (frame.get(arg.local) ?? 0)));
          const { result, params } = this.call(stmt.callee, args);
          stmt.args.forEach((arg, i) => {
            if (arg.mode === 'inout') set(arg.local, params[i] ?? 0);
          });
          if (stmt.dst !== null) set(stmt.dst, result);
          break;
        }
        case 'if':
          this.#run(this.#eval(stmt.cond, frame) === 1 ? stmt.then : stmt.else, frame, types);
          break;
        case 'loop':
        case 'block':
          this.#labelled(stmt, frame, types);
          break;
        case 'leave':
          throw new Leave(stmt.label);
        case 'continue':
          throw new Continue(stmt.label);
        case 'return':
          throw new Return(stmt.value === null ? 0 : this.#eval(stmt.value, frame));
        case 'wait':
          this.#run(stmt.body, frame, types);
          if (this.#eval(stmt.cond, frame) !== 1) throw new Error('blocked for ever');
          break;
        case 'ghost':
          this.#run(stmt.body, frame, types);
          break;
        default:
          throw new Error(`${stmt.kind} is not sequential`);
      }
    }
  }

  #labelled(stmt: Extract<Stmt, { kind: 'loop' | 'block' }>, frame: Map<string, number>, types: ReadonlyMap<string, ScalarType>): void {
    try {
      do {
        try {
          this.#run(stmt.body, frame, types);
        } catch (signal) {
          if (!(signal instanceof Continue) || signal.label !== stmt.label) throw signal;
        }
      } while (stmt.kind === 'loop');
    } catch (signal) {
      if (!(signal instanceof Leave) || signal instanceof Continue || signal.label !== stmt.label) throw signal;
    }
  }

  #place(place: Place, frame: ReadonlyMap<string, number>): [number[], number] {
    const name = `${place.table}.${place.field}`;
    const values = this.#state.get(name);
    const length = Math.max(1, this.#lengths.get(name) ?? 1);
    if (values === undefined) throw new Error(`no field ${name}`);
    if (place.kind === 'pointer') return [values, this.#eval(place.pointer, frame) - 1];
    const row = place.row === null ? 0 : this.#eval(place.row, frame) - 1;
    const index = place.index === null ? 0 : this.#eval(place.index, frame);
    const at = row * length + index;
    if (row < 0 || index < 0 || index >= length || at >= values.length) throw new Error(`outside ${name}`);
    return [values, at];
  }
  #stored(place: Place, value: number): number {
    const type = this.#fieldTypes.get(`${place.table}.${place.field}`);
    if (type === undefined) throw new Error(`no type of ${place.table}.${place.field}`);
    return bring(type, BigInt(value));
  }

  #eval(expr: Expr, frame: ReadonlyMap<string, number>): number {
    switch (expr.op) {
      case 'const':
        return expr.value;
      case 'local': {
        const value = frame.get(expr.local);
        if (value === undefined) throw new Error(`no local ${expr.local}`);
        return value;
      }
      case 'unary': {
        const a = BigInt(this.#eval(expr.a, frame));
        return expr.operator === '!' ? Number(a === 0n) : bring(expr.type, expr.operator === '-' ? -a : ~a);
      }
      case 'binary':
        return binary(expr, BigInt(this.#eval(expr.a, frame)), BigInt(this.#eval(expr.b, frame)));
      case 'cast':
        return bring(expr.type, BigInt(this.#eval(expr.a, frame)));
      case 'rowAt':
        return this.#eval(expr.a, frame) + 1;
      case 'indexOf':
        return this.#eval(expr.a, frame) - 1;
      default:
        throw new Error(`${expr.op} is not evaluated here`);
    }
  }
}

function binary({ operator, type }: Extract<Expr, { op: 'binary' }>, a: bigint, b: bigint): number {
  const results: Record<typeof operator, () => bigint | boolean> = {
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => a / b,
    '%': () => a % b,
    '&': () => a & b,
    '|': () => a | b,
    '^': () => a ^ b,
    '<<': () => a << (b & 31n),
    '>>': () => a >> (b & 31n),
    '==': () => a === b,
    '!=': () => a !== b,
    '<': () => a < b,
    '<=': () => a <= b,
    '>': () => a > b,
    '>=': () => a >= b,
  };
  return bring(type, BigInt(results[operator]()));
}

/** Wraps; anything else that leaves its range is an error here. */
function bring(type: ScalarType, value: bigint): number {
  if (type.kind !== 'int') return Number(value);
  const wrapped = wrapTo(type, value);
  if (type.overflow !== 'wrap' && wrapped !== Number(value)) throw new Error(`${value} leaves ${type.min}..${type.max}`);
  return wrapped;
}
function wrapTo(type: IntType, value: bigint): number {
  const size = BigInt(type.max - type.min + 1);
  return Number(((((value - BigInt(type.min)) % size) + size) % size) + BigInt(type.min));
}
