/**
 * The small language that generated code is written in, as a tree: integers, packed words, structured control flow.
 *
 * In: nothing. Out: types. Never: a value that is not a whole number.
 *
 * Values are exact whole numbers; a condition is 0 or not 0. Where a number has to become 32 bits (bit operators, what is
 * stored, indices) it is taken modulo 2^32.
 */

/** What is known about a number; both ends belong to it. Null: nothing has come here yet. */
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** A local or a global. */
export interface Variable {
  readonly name: string;
  readonly global: boolean;
  /** The range is given, not found: what is assigned is known to lie in it. */
  readonly fixed: boolean;
  readonly initial: number;
  range: Range | null;
  /** How often the range grew, so that it can be made to stop. */
  growth: number;
  /** Number among the locals of its function or the globals. */
  index: number;
}

/** 32-bit words in memory, from the byte `start`; read as they are, or as unsigned numbers. */
export interface Words {
  readonly start: number;
  readonly unsigned: boolean;
  /** `start` is counted from where an instance of the module has arrays of its own: so threads can run the same code on different ones. */
  readonly own?: true;
}

export interface FunctionTree {
  readonly name: string;
  readonly parameters: Variable[];
  /** Without the parameters. */
  readonly locals: Variable[];
  body: Stmt[];
  /** Range of what it returns. */
  readonly result: Variable;
  exported: boolean;
  /** Given by the surroundings: it has no body. */
  readonly imported: boolean;
  index: number;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>' | '>>>';
/** By the names of `Atomics`. */
export type AtomicOperator = 'load' | 'compareExchange';
export type Comparison = '===' | '!==' | '<' | '<=' | '>' | '>=';

export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'get'; readonly variable: Variable }
  | { readonly kind: 'load'; readonly words: Words; readonly index: Expr }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly a: Expr; readonly b: Expr }
  /** Exact product of `a` and 2 to the power of `b`, below 32. */
  | { readonly kind: 'scale'; readonly a: Expr; readonly b: Expr }
  /** Sum of a counter and a literal; counters never leave 32 bits. */
  | { readonly kind: 'step'; readonly a: Expr; readonly by: number }
  | { readonly kind: 'leadingZeros'; readonly a: Expr }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly a: Expr; readonly b: Expr }
  | { readonly kind: 'and' | 'or'; readonly a: Expr; readonly b: Expr }
  | { readonly kind: 'not'; readonly a: Expr }
  | { readonly kind: 'choice'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly kind: 'call'; readonly callee: FunctionTree; readonly args: readonly Expr[] }
  /** What other threads see as one access; its value is what was there before. `args`: expected and new value, or nothing of a load. */
  | {
      readonly kind: 'atomic';
      readonly operator: AtomicOperator;
      readonly words: Words;
      readonly index: Expr;
      readonly args: readonly Expr[];
    }
  /** Calls the function with this number in the table; all of them take and give one 32-bit number. */
  | { readonly kind: 'indirect'; readonly index: Expr; readonly arg: Expr }
  | { readonly kind: 'sequence'; readonly before: readonly Stmt[]; readonly value: Expr }
  /** `a`, which is known to lie between the ends. */
  | { readonly kind: 'within'; readonly a: Expr; readonly lo: number; readonly hi: number }
  /** The low 32 bits, as a signed number. */
  | { readonly kind: 'low'; readonly a: Expr };

export type Stmt =
  | { readonly kind: 'set'; readonly variable: Variable; readonly value: Expr }
  | { readonly kind: 'store'; readonly words: Words; readonly index: Expr; readonly value: Expr }
  /** Words from one index to another; they do not overlap. */
  | { readonly kind: 'copy'; readonly array: Words; readonly from: Expr; readonly to: Expr; readonly count: number }
  | { readonly kind: 'run'; readonly value: Expr }
  | { readonly kind: 'if'; readonly test: Expr; readonly yes: readonly Stmt[]; readonly no: readonly Stmt[] }
  | { readonly kind: 'block'; readonly label: string; readonly body: readonly Stmt[] }
  /** `late`: the test comes after the body. No test: for ever. */
  | {
      readonly kind: 'loop';
      readonly label: string | null;
      readonly test: Expr | null;
      readonly late: boolean;
      readonly update: readonly Stmt[];
      readonly body: readonly Stmt[];
    }
  /** Cases fall through; `value` null is the default. */
  | {
      readonly kind: 'switch';
      readonly on: Expr;
      readonly cases: readonly { readonly value: number | null; readonly body: readonly Stmt[] }[];
    }
  | { readonly kind: 'break' | 'continue'; readonly label: string | null }
  | { readonly kind: 'return'; readonly value: Expr }
  | { readonly kind: 'throw' }
  | { readonly kind: 'try'; readonly body: readonly Stmt[]; readonly caught: readonly Stmt[] };

export interface ModuleTree {
  readonly functions: readonly FunctionTree[];
  readonly globals: readonly Variable[];
  /** Functions by number in the table; null where there is none. */
  readonly table: readonly (FunctionTree | null)[];
  /** Named functions that the surroundings call, and lists of [process, resume point, function]. */
  readonly tests: readonly Entry[];
  readonly blockers: readonly Entry[];
}
export type Entry = readonly [process: number, resume: number, test: FunctionTree];

export const word: Range = { lo: -0x8000_0000, hi: 0x7fff_ffff };

export function isWord(range: Range | null): boolean {
  return range === null || (range.lo >= word.lo && range.hi <= word.hi);
}

/** The code generator met a text that is not in the language. */
export class NotInLanguage extends Error {
  override readonly name = 'NotInLanguage';
  constructor(what: string) {
    super(`the WebAssembly back end does not support ${what}`);
  }
}
