/**
 * Words for writing IR by hand in tests: statements with ids and positions, expressions, places.
 *
 * In: names and numbers. Out: IR. Never: checks (the validator has them).
 */
import type {
  Argument,
  AtomicOperator,
  BinaryOperator,
  Expr,
  IntType,
  ListOperator,
  LockMode,
  LockQuery,
  Place,
  Position,
  RefType,
  ScalarType,
  Stmt,
  StmtKind,
} from '../ir/types.ts';
import { boolType, intTypes } from '../ir/types.ts';

export const u32 = intTypes.u32;
export const bool = boolType;
export function position(line: number): Position {
  return { file: 'random.ts', line, column: 1, language: 'typescript' };
}
export function strong(table: string): RefType {
  return { kind: 'ref', table, strong: true, specials: 0 };
}

export function num(value: number, type: ScalarType = u32): Expr {
  return { op: 'const', type, value };
}
export function local(name: string, type: ScalarType = u32): Expr {
  return { op: 'local', type, local: name };
}
export function binary(
  operator: BinaryOperator,
  a: Expr,
  b: Expr,
  type: ScalarType = ['==', '!=', '<', '<=', '>', '>='].includes(operator) ? bool : u32,
): Expr {
  return { op: 'binary', type, operator, a, b };
}
export function not(a: Expr): Expr {
  return { op: 'unary', type: bool, operator: '!', a };
}
/** A reference to a row by its constant number from 0. */
export function rowOf(table: string, row: number): Expr {
  return num(row + 1, strong(table));
}
/** `table.field`, `table[row].field`, `table[row].field[index]`. */
export function place(table: string, field: string, row: Expr | null = null, index: Expr | null = null): Place {
  return { kind: 'field', table, field, row, index };
}

type Without<T> = T extends unknown ? Omit<T, 'id' | 'pos'> : never;
type Bare = Without<Stmt>;

/** Writes one procedure's statements, and numbers them. */
export class Writer {
  readonly #name: string;
  #count = 0;
  constructor(name: string) {
    this.#name = name;
  }
  /** One statement of any kind. */
  stmt(bare: Bare): Stmt {
    const line = ++this.#count;
    return { ...bare, id: `${this.#name}:${bare.kind satisfies StmtKind}:${line}`, pos: position(line) } as Stmt;
  }
  assign(dst: string, value: Expr): Stmt {
    return this.stmt({ kind: 'assign', dst, value });
  }
  load(dst: string, from: Place): Stmt {
    return this.stmt({ kind: 'load', dst, place: from });
  }
  store(to: Place, value: Expr): Stmt {
    return this.stmt({ kind: 'store', place: to, value });
  }
  atomic(operator: AtomicOperator, at: Place, operands: Expr[], dst: string | null = null, success: string | null = null): Stmt {
    return this.stmt({ kind: 'atomic', operator, place: at, operands, dst, success });
  }
  acquire(lock: Place, mode: LockMode = 'exclusive'): Stmt {
    return this.stmt({ kind: 'acquire', lock, mode });
  }
  release(lock: Place, mode: LockMode = 'exclusive'): Stmt {
    return this.stmt({ kind: 'release', lock, mode });
  }
  tryAcquire(dst: string, lock: Place, mode: LockMode = 'exclusive'): Stmt {
    return this.stmt({ kind: 'tryAcquire', dst, lock, mode });
  }
  query(dst: string, lock: Place, query: LockQuery): Stmt {
    return this.stmt({ kind: 'lockQuery', dst, lock, query });
  }
  list(operator: ListOperator, list: Place, element: Expr | null, dst: string | null = null, exclusive = false): Stmt {
    return this.stmt({ kind: 'list', operator, list, element, dst, exclusive });
  }
  alloc(dst: string, table: string): Stmt {
    return this.stmt({ kind: 'alloc', dst, table });
  }
  free(ref: Expr): Stmt {
    return this.stmt({ kind: 'free', ref });
  }
  choose(dst: string, count: number, label = 'choice'): Stmt {
    return this.stmt({ kind: 'choose', dst, count, label, forEver: true });
  }
  assume(cond: Expr): Stmt {
    return this.stmt({ kind: 'assume', cond });
  }
  wait(body: Stmt[], cond: Expr, idle = false): Stmt {
    return this.stmt({ kind: 'wait', body, cond, label: 'wait', idle });
  }
  assert(cond: Expr, property: string | null, severity: 'warn' | 'bug' = 'warn'): Stmt {
    return this.stmt({ kind: 'assert', cond, severity, message: 'asserted', property });
  }
  if(cond: Expr, then: Stmt[], otherwise: Stmt[] = []): Stmt {
    return this.stmt({ kind: 'if', cond, then, else: otherwise, condition: true });
  }
  loop(label: string, body: Stmt[], bounded = false): Stmt {
    return this.stmt({ kind: 'loop', label, body, bounded });
  }
  leave(label: string): Stmt {
    return this.stmt({ kind: 'leave', label });
  }
  call(callee: string, args: Argument[], dst: string | null = null): Stmt {
    return this.stmt({ kind: 'call', callee, args, dst });
  }
  return(value: Expr | null = null): Stmt {
    return this.stmt({ kind: 'return', value });
  }
  ghost(body: Stmt[]): Stmt {
    return this.stmt({ kind: 'ghost', body });
  }
  mark(name: string): Stmt {
    return this.stmt({ kind: 'mark', name });
  }
  preempt(): Stmt {
    return this.stmt({ kind: 'preempt' });
  }
}

/** 0..max, wrapping: `max + 1` is a power of two. */
export function wrapping(max: number): IntType {
  return { kind: 'int', min: 0, max, overflow: 'wrap', underflow: 'wrap' };
}
