/**
 * What is kept while one function is lowered: names in scope, locals made, the list that statements go to.
 *
 * In: statements as they are made. Out: locals and statements. Never: a decision about what a text means.
 */
import type { CallExpression, Expression } from 'oxc-parser';
import { constant } from '../../ir/fold.ts';
import type { Expr, Local, MachineDescription, Param, Place, ScalarType, Stmt, StmtBase } from '../../ir/types.ts';
import { bodiesOf, localsOfExpr, localsWritten, mapPlace, mapStmts, renameLocals } from '../../ir/walk.ts';
import type { Declarations, Signature } from '../declarations.ts';
import type { Refusal } from '../refusal.ts';
import type { RefusalCode } from '../refusals.ts';
import { Refused, type Source, type Span } from '../source.ts';
import type { RecordType } from '../types.ts';

/** A place that is not whole yet: `pages[sp].role`, `mmus[m].prev_roots[i]`. `row` is null for singletons. */
export interface PartialPlace {
  readonly table: string;
  readonly row: Expr | null;
  readonly path: string;
  readonly index: Expr | null;
}
export type Binding =
  | { readonly kind: 'local'; readonly local: string; readonly type: ScalarType; readonly writable: boolean }
  | { readonly kind: 'record'; readonly local: string; readonly type: RecordType; readonly writable: boolean }
  | { readonly kind: 'alias'; readonly place: PartialPlace }
  /** Its declaration was refused: uses of it are passed over. */
  | { readonly kind: 'refused' };

/** A literal takes the type that is asked for; NULL fits every reference and pointer. */
export type Value =
  | { readonly kind: 'typed'; readonly expr: Expr }
  | { readonly kind: 'literal'; readonly value: number; readonly name?: string }
  | { readonly kind: 'null' };

/** Where `break` and `continue` go. */
export interface JumpTarget {
  readonly userLabel: string | null;
  readonly loop: boolean;
  /** Inside a ghost block that began after it, a target cannot be reached. */
  readonly ghostDepth: number;
  onBreak(span: Span): void;
  onContinue(span: Span): void;
}

/** Constants by name, those of the environment first. Null: not a constant. */
export type ConstantLookup = (name: string, from: { source: Source; span: Span }) => Value | null;

/** A statement without what every statement has. */
export type Draft = Stmt extends infer S ? (S extends Stmt ? Omit<S, keyof StmtBase> : never) : never;

/** The functions that call each other in circles, so that no file imports one that imports it. */
export interface Lowering {
  /** The value of an expression; `hint` is the type that a literal would take. */
  value(context: FunctionContext, node: Expression, hint?: ScalarType): Value;
  call(context: FunctionContext, node: CallExpression, hint: ScalarType | undefined): Value | null;
  /** A condition's two ways, each emitted at most once unless it is a jump. */
  branch(context: FunctionContext, test: Expression, whenTrue: Way | null, whenFalse: Way | null): void;
}
export interface Way {
  emit(): void;
  /** One statement that leaves: it may be repeated. */
  readonly jump: boolean;
}
const unset: Lowering = {
  value: () => notSet(),
  call: () => notSet(),
  branch: () => notSet(),
};
function notSet(): never {
  throw new Error('the context is not connected');
}

export class FunctionContext {
  readonly signature: Signature;
  readonly source: Source;
  readonly declarations: Declarations;
  readonly machine: MachineDescription;
  readonly constantNamed: ConstantLookup;
  readonly refusals: Refusal[] = [];
  readonly params: Param[] = [];
  readonly locals = new Map<string, Local>();
  /** Names that some assignment of the function writes: an alias may not rest on those. */
  readonly assigned: ReadonlySet<string>;
  readonly jumps: JumpTarget[] = [];
  ghostDepth = 0;
  /** Inside the condition of a wait: statements that only read. */
  waiting = false;
  out: Stmt[] = [];
  #scopes: Map<string, Binding>[] = [new Map()];
  #usedNames = new Set<string>();
  #usedLabels = new Set<string>();
  #temporaries = 0;
  /** Temporaries made here: each gets its value before it is used, and is used once. */
  readonly #own = new Set<string>();
  readonly #stable = new Set<string>();
  /** Declared in ghost blocks. */
  readonly #ghosts = new Set<string>();
  lower: Lowering = unset;

  constructor(signature: Signature, declarations: Declarations, constantNamed: ConstantLookup, assigned: ReadonlySet<string>) {
    this.signature = signature;
    this.source = signature.source;
    this.declarations = declarations;
    this.machine = declarations.machine;
    this.constantNamed = constantNamed;
    this.assigned = assigned;
  }

  refuse(code: RefusalCode, span: Span, message: string): never {
    throw new Refused(this.source.refusal(code, span, message));
  }
  /** Unwinds without a refusal of its own: another one led here. */
  follow(): never {
    throw new Refused(null);
  }
  /** Runs `body`; a refusal in it is kept, and false given. */
  guarded(body: () => void): boolean {
    try {
      body();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.refusal !== null) this.refusals.push(error.refusal);
      return false;
    }
  }

  // Names

  inScope(body: () => void): void {
    this.#scopes.push(new Map());
    try {
      body();
    } finally {
      this.#scopes.pop();
    }
  }
  lookup(name: string): Binding | null {
    return this.#scopes.findLast((scope) => scope.has(name))?.get(name) ?? null;
  }
  bind(name: string, binding: Binding, span: Span): void {
    const scope = this.#scopes.at(-1);
    if (scope?.has(name)) this.refuse('MM103', span, `${name} is declared twice in this block`);
    scope?.set(name, binding);
  }
  /** A name for the IR that no other local of the function has. */
  freshName(name: string): string {
    let fresh = name;
    for (let i = 2; this.#usedNames.has(fresh); i++) fresh = `${name}_${i}`;
    this.#usedNames.add(fresh);
    return fresh;
  }
  /** `stable`: it is written once, where it is declared. */
  addLocal(local: Local, stable: boolean): void {
    // Printed IR has temporaries as locals; they are temporaries again when it is read.
    this.locals.set(local.name, /^\$\d+(_\d+)?$/.test(local.name) ? { ...local, temporary: true } : local);
    if (stable) this.#stable.add(local.name);
    if (this.ghostDepth > 0) this.#ghosts.add(local.name);
  }
  /** A ghost block writes locals of its own only. */
  checkWritable(local: string, span: Span): void {
    if (this.ghostDepth > 0 && !this.#ghosts.has(local)) this.refuse('MM125', span, `${local} is a local of the kernel's code`);
  }
  addParam(param: Param, stable: boolean): void {
    this.params.push(param);
    if (stable) this.#stable.add(param.name);
  }
  temporary(type: ScalarType): string {
    const name = this.freshName(`$${++this.#temporaries}`);
    this.locals.set(name, { name, type, temporary: true });
    this.#own.add(name);
    return name;
  }
  /** Runs `body`, in which the local is not written. */
  whileStable(name: string, body: () => void): void {
    if (this.#stable.has(name)) {
      body();
      return;
    }
    this.#stable.add(name);
    try {
      body();
    } finally {
      this.#stable.delete(name);
    }
  }
  /** Whether an expression is sure to keep its value for the rest of the block. */
  isStable(expr: Expr): boolean {
    return localsOfExpr(expr).every((name) => this.#own.has(name) || this.#stable.has(name));
  }
  freshLabel(label: string): string {
    let fresh = label;
    for (let i = 2; this.#usedLabels.has(fresh); i++) fresh = `${label}${i}`;
    this.#usedLabels.add(fresh);
    return fresh;
  }

  // Statements

  emit(span: Span, draft: Draft): void {
    this.out.push({ id: '', pos: this.source.positionOf(span), ...draft } as Stmt);
  }
  /** What `body` emits, in a list of its own. */
  capture(body: () => void): Stmt[] {
    const outer = this.out;
    const inner: Stmt[] = [];
    this.out = inner;
    try {
      body();
    } finally {
      this.out = outer;
    }
    return inner;
  }

  /**
   * Expressions that were evaluated before `out[mark]`, as they may be used after what was emitted since:
   * one that reads a local written since is kept in a temporary.
   */
  protect(mark: number, span: Span, exprs: readonly Expr[]): Expr[] {
    const written = new Set<string>();
    const collect = (stmts: readonly Stmt[]): void => {
      for (const stmt of stmts) {
        for (const name of localsWritten(stmt)) written.add(name);
        for (const body of bodiesOf(stmt)) collect(body);
      }
    };
    collect(this.out.slice(mark));
    let at = mark;
    return exprs.map((expr) => {
      if (!localsOfExpr(expr).some((name) => written.has(name) && !this.#own.has(name))) return expr;
      const dst = this.temporary(expr.type);
      this.out.splice(at++, 0, { id: '', pos: this.source.positionOf(span), kind: 'assign', dst, value: expr });
      return { op: 'local', type: expr.type, local: dst };
    });
  }
  protectPlace(mark: number, span: Span, place: Place): Place {
    return mapPlace(place, (expr) => this.protect(mark, span, [expr])[0] ?? expr);
  }
  /** `expr` in a local that is declared here, so that nothing else knows it: a temporary becomes that local. */
  intoNew(span: Span, dst: string, expr: Expr): void {
    if (expr.op !== 'local' || !this.#own.has(expr.local)) {
      this.into(span, dst, expr);
      return;
    }
    const from = expr.local;
    this.out.splice(0, this.out.length, ...mapStmts(this.out, (stmt) => [renameLocals(stmt, (name) => (name === from ? dst : name))]));
    this.locals.delete(from);
  }

  /** The last statement's result is not used: where a statement may do without a local for it, it does. */
  dropResult(): void {
    const last = this.out.at(-1);
    if ((last?.kind !== 'call' && last?.kind !== 'atomic') || last.dst === null || !this.#own.has(last.dst)) return;
    this.locals.delete(last.dst);
    this.out[this.out.length - 1] = { ...last, dst: null };
  }

  /**
   * `expr` in the local `dst`. If it is the temporary that the last statement made, that statement writes
   * `dst` itself.
   */
  into(span: Span, dst: string, expr: Expr): void {
    const last = this.out.at(-1);
    if (expr.op === 'local' && this.#own.has(expr.local) && last !== undefined && last.kind !== 'assign' && 'dst' in last) {
      if (last.dst === expr.local && !localsWritten(last).includes(dst)) {
        this.out[this.out.length - 1] = { ...last, dst };
        this.locals.delete(expr.local);
        return;
      }
    }
    this.emit(span, { kind: 'assign', dst, value: expr });
  }
}

export function typed(expr: Expr): Value {
  return { kind: 'typed', expr };
}
export function local(name: string, type: ScalarType): Expr {
  return { op: 'local', type, local: name };
}
export function nullOf(type: ScalarType): Expr {
  return constant(type, 0, 'NULL');
}
