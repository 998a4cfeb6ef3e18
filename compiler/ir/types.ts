/**
 * The intermediate representation: the contract between the front ends (the TypeScript subset, C),
 * the analyses, the emitters, the interpreter and the printer.
 *
 * In: nothing. Out: types only. Never: a word of KVM, a word of search.
 *
 * Everything here is plain data that survives JSON. A procedure is a list of structured statements in
 * three-address form: an expression reads locals and constants only, and each shared access is a
 * statement of its own (`load`, `store`, `atomic`, `list`, …). So "one statement" is "at most one
 * access to shared state", which is what preemption, conflicts and merging are defined on.
 */

/** Where a node comes from. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The language of the text at `file`. */
  readonly language: 'typescript' | 'c';
  /** C of a patch: the number of the hunk, from 1, and what the patch does to this line. */
  readonly hunk?: number;
  readonly change?: 'added' | 'context';
}

// ---------------------------------------------------------------------------------------------
// Types

/** What happens to a value outside [min, max]. `bound` ends the run as incomplete; `fault` is a violation. */
export type OutOfRange = 'wrap' | 'bound' | 'fault' | 'saturate';

/** An integer in [min, max]. `wrap` needs a full power of two, as C's types have. */
export interface IntType {
  readonly kind: 'int';
  readonly min: number;
  readonly max: number;
  readonly overflow: OutOfRange;
  readonly underflow: OutOfRange;
}
export interface BoolType {
  readonly kind: 'bool';
}
/**
 * A reference to a row of `table`. Values: 0 is null; 1..rows are rows (row index + 1);
 * rows+1 .. rows+specials are values without a row (a special root); and, if `strong`,
 * rows+specials+1 is *dangling*: what `free` makes of every outstanding strong reference.
 * A weak reference (a tag) is only compared, never dereferenced, and is left alone by `free`.
 */
export interface RefType {
  readonly kind: 'ref';
  readonly table: string;
  readonly strong: boolean;
  readonly specials: number;
}
/**
 * The place of one element of an array field: (row, index). Values: 0 is null;
 * 1 + row*length + index; and, if the table is dynamic, rows*length + 1 is dangling.
 */
export interface PointerType {
  readonly kind: 'pointer';
  readonly table: string;
  readonly field: string;
}
export interface VoidType {
  readonly kind: 'void';
}
export type ScalarType = IntType | BoolType | RefType | PointerType;
export type ValueType = ScalarType | VoidType;

/** State of a lock. `mutex`: owner. `rwlock`: writer, readers, waiting writers (if they are preferred). */
export interface LockType {
  readonly kind: 'lock';
  readonly flavour: 'mutex' | 'rwlock';
  /** A waiting writer keeps new readers out (queued rwlock). */
  readonly writerPreference: boolean;
}
/** An ordered list of distinct elements, head first. Exceeding `capacity` is a model bound. */
export interface ListType {
  readonly kind: 'list';
  readonly element: RefType | PointerType;
  readonly capacity: number;
}
export type FieldType = ScalarType | LockType | ListType;

// ---------------------------------------------------------------------------------------------
// Machine: what the state consists of (made from the zod schema by `compiler/machine`)

export interface FieldDescription {
  /** `root_count`, `role.level`, or `prev_roots.hpa` for a member of an array of records. */
  readonly path: string;
  /** Number of elements of an array field; 0 for a plain one. */
  readonly length: number;
  readonly type: FieldType;
  /** Written by `ghost` statements and hooks only; kernel code cannot read it. */
  readonly ghost: boolean;
}
export interface TableDescription {
  readonly name: string;
  readonly rows: number;
  /** One row, addressed without an index (`vm.mmu_lock`). */
  readonly singleton: boolean;
  /** Rows come and go by `alloc` and `free`; others exist for ever. */
  readonly dynamic: boolean;
  readonly fields: readonly FieldDescription[];
}
export interface MachineDescription {
  readonly tables: readonly TableDescription[];
}

// ---------------------------------------------------------------------------------------------
// Expressions: pure, over locals and constants

export type UnaryOperator = '!' | '-' | '~';
export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>' | '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Comparisons give bool; arithmetic is computed in `type` and brought into its range by its rule. */
export type Expr =
  | { readonly op: 'const'; readonly type: ScalarType; readonly value: number /** spelling, for the reader */; readonly name?: string }
  | { readonly op: 'local'; readonly type: ScalarType; readonly local: string }
  /** Number of the process that runs (its index in the system), a small int. */
  | { readonly op: 'self'; readonly type: IntType }
  | { readonly op: 'unary'; readonly type: ScalarType; readonly operator: UnaryOperator; readonly a: Expr }
  | { readonly op: 'binary'; readonly type: ScalarType; readonly operator: BinaryOperator; readonly a: Expr; readonly b: Expr }
  /** Into another integer type (C conversion, by the rule of `type`), int to bool (≠ 0), bool to int. */
  | { readonly op: 'cast'; readonly type: ScalarType; readonly a: Expr }
  /** Row number (from 0) to reference, and back. `rowAt` outside the table and `indexOf` of no row are faults. */
  | { readonly op: 'rowAt'; readonly type: RefType; readonly a: Expr }
  | { readonly op: 'indexOf'; readonly type: IntType; readonly a: Expr }
  /** Another reference type to the same table: a tag of a strong one; the row behind a root (null for specials). */
  | { readonly op: 'refCast'; readonly type: RefType; readonly a: Expr }
  /** The n-th special value of a reference type, n from 0. */
  | { readonly op: 'special'; readonly type: RefType; readonly a: Expr }
  | { readonly op: 'pointerTo'; readonly type: PointerType; readonly row: Expr; readonly index: Expr }
  | { readonly op: 'pointerRow'; readonly type: RefType; readonly a: Expr }
  | { readonly op: 'pointerIndex'; readonly type: IntType; readonly a: Expr }
  /** Whether a strong reference or pointer was made dangling by a `free`. Never faults. */
  | { readonly op: 'isDangling'; readonly type: BoolType; readonly a: Expr };

/**
 * One shared field. `row` is null for singletons. `index` is null for plain fields. A dereference of
 * null, of a dangling reference, of a free row, or an index outside the array, is a memory fault.
 * `pointer` places go through a pointer value: table and field are those of its type.
 */
export type Place =
  | { readonly kind: 'field'; readonly table: string; readonly field: string; readonly row: Expr | null; readonly index: Expr | null }
  | { readonly kind: 'pointer'; readonly table: string; readonly field: string; readonly pointer: Expr };

// ---------------------------------------------------------------------------------------------
// Statements

export interface StmtBase {
  /** Function, hash of the normalised statement, occurrence: survives unrelated edits. */
  readonly id: string;
  readonly pos: Position;
}
export type LockMode = 'exclusive' | 'shared';
export type LockQuery =
  /** Somebody else waits for it, or holds it in a mode that excludes ours: never a mover. */
  | 'contended'
  /** By the process that asks: for lockdep assertions. */
  | 'heldExclusive'
  | 'heldShared'
  | 'held';
export type ListOperator = 'add' | 'addTail' | 'remove' | 'contains' | 'length' | 'isEmpty' | 'first' | 'last' | 'next' | 'previous';
export type AtomicOperator = 'compareExchange' | 'exchange' | 'fetchAnd' | 'fetchOr' | 'fetchAdd';

export type Argument =
  | { readonly mode: 'in'; readonly value: Expr }
  /** Value-result: copied in at the call and back at the return. */
  | { readonly mode: 'inout'; readonly local: string };

export type Stmt = StmtBase &
  (
    | { readonly kind: 'assign'; readonly dst: string; readonly value: Expr }
    | { readonly kind: 'load'; readonly dst: string; readonly place: Place }
    | { readonly kind: 'store'; readonly place: Place; readonly value: Expr }
    /**
     * One indivisible read-modify-write. `operands`: [expected, desired] for compareExchange, else [operand].
     * `dst` gets the value before; for compareExchange `success` gets whether it was exchanged.
     */
    | {
        readonly kind: 'atomic';
        readonly operator: AtomicOperator;
        readonly place: Place;
        readonly operands: readonly Expr[];
        readonly dst: string | null;
        readonly success: string | null;
      }
    | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Argument[]; readonly dst: string | null }
    | {
        readonly kind: 'if';
        readonly cond: Expr;
        readonly then: readonly Stmt[];
        readonly else: readonly Stmt[] /** coverage of both values is asked for */;
        readonly condition: true;
        /** Made by a front end: the text has no such condition, and which way it goes is no matter of coverage. */
        readonly implied?: true;
      }
    /** For ever, until a `leave` or `return`. `bounded`: the front end proved a constant number of rounds. */
    | { readonly kind: 'loop'; readonly label: string; readonly body: readonly Stmt[]; readonly bounded: boolean }
    /** `leave` goes behind the block or loop of that label; `continue` to the start of the loop. */
    | { readonly kind: 'block'; readonly label: string; readonly body: readonly Stmt[] }
    | { readonly kind: 'leave'; readonly label: string }
    | { readonly kind: 'continue'; readonly label: string }
    | { readonly kind: 'return'; readonly value: Expr | null }
    | { readonly kind: 'acquire'; readonly lock: Place; readonly mode: LockMode }
    | { readonly kind: 'release'; readonly lock: Place; readonly mode: LockMode }
    | { readonly kind: 'tryAcquire'; readonly lock: Place; readonly mode: LockMode; readonly dst: string }
    | { readonly kind: 'lockQuery'; readonly lock: Place; readonly query: LockQuery; readonly dst: string }
    /**
     * `add` (head), `addTail`, `remove`, `contains`, `next`, `previous` take `element`. `dst`: bool, length,
     * or element (null at the ends or if empty). Faults: adding what is on it, removing or stepping from
     * what is not. `exclusive` adds also fault if the element is on any list of that list field (a
     * `list_head` can be on one list only).
     */
    | {
        readonly kind: 'list';
        readonly operator: ListOperator;
        readonly list: Place;
        readonly element: Expr | null;
        readonly dst: string | null;
        readonly exclusive: boolean;
      }
    /** Lowest free row, all fields zero. No free row: the model bound `rows of <table>` is exceeded. */
    | { readonly kind: 'alloc'; readonly table: string; readonly dst: string }
    /** Faults on null, dangling and free rows. The row's fields become zero; strong references dangle. */
    | { readonly kind: 'free'; readonly ref: Expr }
    /** Whether the row of a reference is allocated (false for null, special, dangling). Never faults. */
    | { readonly kind: 'rowQuery'; readonly ref: Expr; readonly dst: string }
    /** A free choice of 0..count-1. `label` names it in traces. `forEver`: may the same answer repeat for ever. */
    | { readonly kind: 'choose'; readonly dst: string; readonly count: number; readonly label: string; readonly forEver: boolean }
    /** The path vanishes unless `cond`. */
    | { readonly kind: 'assume'; readonly cond: Expr }
    /** Blocks until `cond` holds after `body` (loads, assigns, ifs), all evaluated at once. */
    | {
        readonly kind: 'wait';
        readonly body: readonly Stmt[];
        readonly cond: Expr;
        readonly label: string /** blocked here counts as at rest */;
        readonly idle: boolean;
      }
    /** `warn`: a violation is reported and the path goes on; `bug`: it ends. `property` is the id to report. */
    | {
        readonly kind: 'assert';
        readonly cond: Expr;
        readonly severity: 'warn' | 'bug';
        readonly message: string;
        readonly property: string | null;
      }
    /** Runs with the action before it. May write ghost fields and read everything. */
    | { readonly kind: 'ghost'; readonly body: readonly Stmt[] }
    /**
     * Inserted by instrumentation: `procedure` is run with the event; false is a violation of `property` (null: a hook that only records).
     * With a `bound` its result is a number: the largest one is kept, and what is over the bound is a violation.
     */
    | {
        readonly kind: 'monitor';
        readonly property: string | null;
        readonly procedure: string;
        readonly args: readonly Expr[];
        readonly bound?: number;
      }
    /** A named place whose execution is counted (scenario's interesting states). */
    | { readonly kind: 'mark'; readonly name: string }
    /** Another process may run here, whatever the analysis finds. */
    | { readonly kind: 'preempt' }
  );

export type StmtKind = Stmt['kind'];

export interface Local {
  readonly name: string;
  readonly type: ScalarType;
  /** Member of a record local that was taken apart: `iter` and `level` for the local `iter.level`. */
  readonly record?: { readonly name: string; readonly member: string };
  /** Made by the front end to hold one shared read or one call's result. */
  readonly temporary?: boolean;
}
export interface Param {
  readonly name: string;
  readonly type: ScalarType;
  readonly mode: 'in' | 'inout';
}
export interface Procedure {
  readonly name: string;
  readonly params: readonly Param[];
  readonly result: ValueType;
  /** Parameters are not repeated here. All start as 0. */
  readonly locals: readonly Local[];
  readonly body: readonly Stmt[];
  readonly pos: Position;
  /** The docstring: which kernel function and version it stands for, what it abstracts. */
  readonly doc: string;
  /** If it takes the place of a procedure of its name that has other parameters. */
  readonly standsFor?: StandsFor;
}
/** How those see a procedure who know the one whose place it took. */
export interface StandsFor {
  /** What hooks get for the parameters that they know: expressions over its own; null if these do not tell. */
  readonly shown: readonly Expr[] | null;
  /** Type of the result that hooks get. */
  readonly result: ValueType;
  /** Has the parameters of the other, and calls this one; null if not all of its arguments are known then. */
  readonly adapter: Procedure | null;
}
/** All procedures of a system by name. */
export type ProcedureTable = ReadonlyMap<string, Procedure>;

/** C's integer types and ours, by model type. `unsigned long` and `u64` are 32 bits wide in the model. */
export const intTypes = {
  u8: wrapping(0, 0xff),
  u16: wrapping(0, 0xffff),
  u32: wrapping(0, 0xffff_ffff),
  s8: wrapping(-0x80, 0x7f),
  s16: wrapping(-0x8000, 0x7fff),
  s32: wrapping(-0x8000_0000, 0x7fff_ffff),
} as const satisfies Record<string, IntType>;

export const boolType: BoolType = { kind: 'bool' };
export const voidType: VoidType = { kind: 'void' };

function wrapping(min: number, max: number): IntType {
  return { kind: 'int', min, max, overflow: 'wrap', underflow: 'wrap' };
}
