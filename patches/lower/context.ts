/**
 * The state of lowering one function: names in scope, statements so far, what was not understood.
 */

import type {
  Expr,
  FieldDescription,
  FieldType,
  IntType,
  Local,
  Param,
  Position,
  ScalarType,
  Stmt,
  ValueType,
} from '../../compiler/ir/types.ts';
import { intTypes } from '../../compiler/ir/types.ts';
import type { Bindings } from '../bindings/schema.ts';
import { type CNode, walk } from '../c/node.ts';
import { printable } from '../mail/unreadable.ts';
import type { FunctionBody, LowerEnvironment, MacroText, RecordText, Signature } from './environment.ts';
import type { Ignored, LeftOut, Unmodelled } from './problems.ts';
import { NotModelled } from './problems.ts';
import type { CType, RecordValue, Value } from './values.ts';
import { localExpr } from './values.ts';

/** Where `return` leads, and what it gives: of the function itself, or of one that is lowered inside it. */
export interface Frame {
  readonly name: string;
  readonly result: CType;
  /** Where a result that is a structure goes. */
  readonly record: RecordValue | null;
  /** Null for the function itself. `dst`: the local of a result that is a number or a row. `given`: a result without a value at run time. */
  readonly inside: { readonly label: string; readonly dst: string | null; given: Value | null } | null;
  /** What is left to do, and which labels there are, when it begins. */
  readonly cleanups: number;
  readonly gotos: number;
  readonly depth: number;
}
/** What may differ from one round of lowering to the next, or between two sides of a patch, is noted by `LoweringMemory`: what is added here, too. */
export interface Names {
  readonly bindings: Bindings;
  readonly environment: LowerEnvironment;
  /** Functions of the patch that are lowered, by name. */
  readonly imported: Pick<ReadonlyMap<string, Signature>, 'get' | 'has'>;
  /** All functions, whether they import or not: a function calls itself as it is declared. */
  readonly declared: Pick<ReadonlyMap<string, Signature>, 'get'>;
  /** Functions whose text is at hand, for calls that pass what no procedure can take: a function, or a part of a row. */
  readonly bodies: Pick<ReadonlyMap<string, FunctionBody>, 'get'>;
  /** Macros that the patch itself defines: their bindings are not to be trusted. */
  readonly redefined: ReadonlySet<string>;
  /** Macros of the tree, for those that nothing is bound to. */
  readonly macros: ReadonlyMap<string, MacroText>;
  /** Functions of the tree that only compute a value of what they read: leaving out such a call changes nothing. */
  readonly pure: Pick<ReadonlySet<string>, 'has'>;
  /** Structures of the tree, by spelled type. */
  readonly structs: ReadonlyMap<string, RecordText>;
  /** The C expression that a binding's `means` spells, parsed once. Throws TypeError: bindings are ours, or were checked. */
  meaning(text: string): CNode;
  /** The C expression that the text of a macro is, parsed once; null if it is none: it is a stranger's. */
  macroExpression(text: string): CNode | null;
  /** The statements of the one function in `text`, parsed once; null if it is no C. */
  statements(text: string): readonly CNode[] | null;
}

/** The lowering's own recursion, tied together where all parts are known. */
export interface Recursion {
  expression(node: CNode, context: Context): Value;
  condition(node: CNode, context: Context): Expr;
  effect(node: CNode, context: Context): void;
  statement(node: CNode, context: Context): void;
  /** The statements of a function's body. */
  block(nodes: readonly CNode[], context: Context): void;
  /** Whether two roles are the same, but for the parts that are set in a third. */
  sameRole(a: Value, b: Value, except: Value | null, node: CNode, context: Context): Expr;
}
type Jump = { readonly kind: 'leave' | 'continue'; readonly label: string };

/** A statement without its id, which is given at the end. */
export type StmtDraft = Stmt extends infer S ? (S extends { id: string } ? Omit<S, 'id' | 'pos'> : never) : never;

/** Most statements that one function may become; a guard against hostile input. */
const statementLimit = 20_000;

export class Context {
  readonly names: Names;
  readonly unmodelled: Unmodelled[] = [];
  readonly ignored: Ignored[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly params: Param[] = [];
  readonly locals: Local[] = [];
  private readonly recursion: Recursion;
  private readonly scopes: Map<string, Value>[] = [new Map()];
  private readonly taken = new Set<string>();
  private readonly buffers: Stmt[][] = [[]];
  /** Positions of the function's nodes, and of what is lowered inside it, innermost last. */
  private readonly positions: ((node: CNode) => Position)[];
  /** The function, and those that are lowered inside it, innermost last. */
  private readonly calls: Frame[];
  /** Names of all that were. */
  readonly lowered = new Set<string>();
  /** Macros with a block, by the place of their node, in the text that is being lowered: the function's, or an expansion's. */
  private readonly frames: ReadonlyMap<string, string>[];
  /** What stands behind the iteration macros that are being expanded, innermost last. */
  private readonly meant: string[] = [];
  private readonly bodies: (() => void)[] = [];
  /** Where break and continue go, innermost last. A switch has no `again`. */
  private readonly targets: { readonly leave: string; readonly again: Jump | null; readonly cleanups: number }[] = [];
  /** What is still to be done at the ends of the blocks around, innermost last. */
  private readonly cleanups: (() => void)[] = [];
  /** How often something ignorable was asked for its truth. */
  freeChoices = 0;
  private count = 0;
  private probes = 0;
  private labels = 0;
  /** Labels that a goto may jump to, innermost last. */
  readonly gotos: { readonly name: string; readonly label: string; readonly again: boolean; readonly cleanups: number }[] = [];

  constructor(
    names: Names,
    name: string,
    result: CType,
    macros: ReadonlyMap<string, string>,
    positionOf: (node: CNode) => Position,
    recursion: Recursion,
  ) {
    this.recursion = recursion;
    this.names = names;
    this.frames = [macros];
    this.positions = [positionOf];
    this.calls = [{ name, result, record: null, inside: null, cleanups: 0, gotos: 0, depth: 1 }];
  }

  /** What `return` leaves now. */
  get frame(): Frame {
    const found = this.calls.at(-1);
    if (found === undefined) throw new TypeError('no function is lowered');
    return found;
  }
  get functionName(): string {
    return this.frame.name;
  }
  /** Says where the function's own result goes if it is a structure. */
  giveRecord(record: RecordValue): void {
    this.calls[0] = { ...this.frame, record };
  }
  /** Lowers the text of another function here. Only `values` are seen in it. */
  inlining(
    frame: Pick<Frame, 'name' | 'result' | 'record' | 'inside'>,
    text: FunctionBody,
    values: ReadonlyMap<string, Value>,
    body: () => void,
  ): void {
    this.lowered.add(frame.name);
    this.positions.push((node) => text.position(node));
    this.frames.push(text.macros);
    this.calls.push({ ...frame, cleanups: this.cleanups.length, gotos: this.gotos.length, depth: this.positions.length });
    try {
      this.isolated(values, () => this.scoped(body));
    } finally {
      this.calls.pop();
      this.frames.pop();
      this.positions.pop();
    }
  }
  /** Whether a function of that name is being lowered, here or around. */
  isWithin(name: string): boolean {
    return this.calls.some((one) => one.name === name);
  }
  /** The function that becomes a procedure. */
  get ownName(): string {
    return this.calls[0]?.name ?? '';
  }
  /** How many functions are lowered inside one another. */
  get nesting(): number {
    return this.calls.length;
  }

  /** The value of an expression; its reads and calls are emitted. */
  expression(node: CNode): Value {
    return this.recursion.expression(node, this);
  }
  /** The truth value of a condition, each of its operands branched on. */
  condition(node: CNode): Expr {
    return this.recursion.condition(node, this);
  }
  /** An expression whose value nobody wants. */
  effect(node: CNode): void {
    this.recursion.effect(node, this);
  }
  /** One statement; what it lacks is noted. */
  statement(node: CNode): void {
    this.recursion.statement(node, this);
  }

  /** The statements of a function's body. */
  block(nodes: readonly CNode[]): void {
    this.recursion.block(nodes, this);
  }
  sameRole(a: Value, b: Value, except: Value | null, node: CNode): Expr {
    return this.recursion.sameRole(a, b, except, node, this);
  }

  position(node: CNode): Position {
    const of = this.positions.at(-1);
    if (of === undefined) throw new TypeError('no text is lowered');
    return of(node);
  }
  /** Runs `body` with every position being that of `node`: inside what a macro means. */
  at<T>(node: CNode, body: () => T): T {
    return this.expanding(node, new Map(), body);
  }
  /** As `at`, in a text of its own that has these macros with blocks. */
  expanding<T>(node: CNode, macros: ReadonlyMap<string, string>, body: () => T): T {
    const position = this.position(node);
    this.positions.push(() => position);
    this.frames.push(macros);
    try {
      return body();
    } finally {
      this.positions.pop();
      this.frames.pop();
    }
  }
  /** Runs `body` inside what the binding of `name` means: there the name means what it would without. */
  inside<T>(name: string, body: () => T): T {
    this.meant.push(name);
    try {
      return body();
    } finally {
      this.meant.pop();
    }
  }
  isInside(name: string): boolean {
    return this.meant.includes(name);
  }
  /** How many macros stand around what is being lowered, in the text of one function. */
  get depth(): number {
    return this.positions.length - this.frame.depth;
  }
  /** For later: runs something with the positions and macros of now. */
  outside(): (body: () => void) => void {
    const depth = this.positions.length;
    return (body) => {
      const positions = this.positions.splice(depth);
      const frames = this.frames.splice(depth);
      try {
        body();
      } finally {
        this.positions.push(...positions);
        this.frames.push(...frames);
      }
    };
  }
  /** Runs `body` while `statement` is what stands behind an iteration macro. */
  withBody(statement: () => void, body: () => void): void {
    this.bodies.push(statement);
    try {
      body();
    } finally {
      this.bodies.pop();
    }
  }
  /** Lowers what stands behind the innermost iteration macro. False if there is none. */
  macroBody(): boolean {
    const body = this.bodies.pop();
    if (body === undefined) return false;
    try {
      body();
    } finally {
      this.bodies.push(body);
    }
    return true;
  }
  /** Line on which the node's last word stands. */
  lastLine(node: CNode): number {
    let last = node;
    for (const inner of walk(node)) if (inner.row > last.row) last = inner;
    return this.position(last).line;
  }
  fail(name: string, why: string, node: CNode): never {
    throw new NotModelled(printable(name, 60), why, this.position(node));
  }
  ignore(name: string, node: CNode): void {
    this.ignored.push({ name: printable(name, 60), pos: this.position(node) });
  }

  emit(draft: StmtDraft, node: CNode): void {
    this.count += 1;
    if (this.count > statementLimit) this.fail(this.functionName, `becomes more than ${statementLimit} statements`, node);
    this.buffers.at(-1)?.push({ ...draft, id: '', pos: this.position(node) } as Stmt);
  }
  /** Takes a statement over that was collected. */
  keep(stmt: Stmt): void {
    this.buffers.at(-1)?.push(stmt);
  }
  /** Runs `body` inside a loop or switch. */
  inTarget(target: { readonly leave: string; readonly again: Jump | null }, body: () => void): void {
    this.targets.push({ ...target, cleanups: this.cleanups.length });
    try {
      body();
    } finally {
      this.targets.pop();
    }
  }
  /** Where break or continue goes, or null; what the blocks on the way have to do is done. */
  target(kind: 'break' | 'continue'): Jump | null {
    const found = kind === 'continue' ? this.targets.findLast((one) => one.again !== null) : this.targets.at(-1);
    if (found === undefined) return null;
    this.cleanUp(found.cleanups);
    return kind === 'continue' ? found.again : { kind: 'leave', label: found.leave };
  }
  /** From now to the end of the block there is something left to do. */
  atEnd(cleanup: () => void): void {
    this.cleanups.push(cleanup);
  }
  /** How many such things there are. */
  get pending(): number {
    return this.cleanups.length;
  }
  /** Does what is left to do down to `depth`, for a way out of the blocks; it stays to be done on other ways. */
  cleanUp(depth: number): void {
    for (let index = this.cleanups.length - 1; index >= depth; index -= 1) this.cleanups[index]?.();
  }
  /** Does and forgets what is left to do of the block that began at `depth`; on a way that has left it, it only forgets. */
  endBlock(depth: number, left: boolean): void {
    if (!left) this.cleanUp(depth);
    this.cleanups.length = depth;
  }
  macroAt(node: CNode): string | null {
    return this.frames.at(-1)?.get(`${node.row}:${node.column}`) ?? null;
  }
  /** The statements that `body` emits, kept apart. Of a statement that fails nothing is kept. */
  collect(body: () => void): Stmt[] {
    const depth = this.buffers.length;
    this.buffers.push([]);
    try {
      body();
      return this.buffers[depth] ?? [];
    } finally {
      this.buffers.length = depth;
    }
  }

  /** Lowers something only to see what it is: null if it lacks something, otherwise its value, and whether it does anything. Nothing of it is kept. */
  probe<T>(body: () => T): { readonly value: T; readonly silent: boolean } | null {
    const [locals, ignored, leftOut, unmodelled, labels, count] = [
      this.locals.length,
      this.ignored.length,
      this.leftOut.length,
      this.unmodelled.length,
      this.labels,
      this.count,
    ];
    const found: { value: T }[] = [];
    this.probes += 1;
    try {
      const stmts = this.collect(() => found.push({ value: body() }));
      const [only] = found;
      return only === undefined || this.unmodelled.length > unmodelled ? null : { value: only.value, silent: stmts.length === 0 };
    } catch (error) {
      if (!(error instanceof NotModelled)) throw error;
      return null;
    } finally {
      this.probes -= 1;
      for (const { name } of this.locals.splice(locals)) this.taken.delete(name);
      this.ignored.length = ignored;
      this.leftOut.length = leftOut;
      this.unmodelled.length = unmodelled;
      this.labels = labels;
      this.count = count;
    }
  }
  /** Within a probe nothing more is tried out: each level would double the work. */
  get isProbing(): boolean {
    return this.probes > 0;
  }
  scoped<T>(body: () => T): T {
    const depth = this.scopes.length;
    this.scopes.push(new Map());
    try {
      return body();
    } finally {
      this.scopes.length = depth;
    }
  }
  /** Hides every name, inside what a macro means: only its parameters are seen. */
  isolated<T>(names: ReadonlyMap<string, Value>, body: () => T): T {
    const kept = this.scopes.splice(0, this.scopes.length, new Map(names));
    try {
      return body();
    } finally {
      this.scopes.splice(0, this.scopes.length, ...kept);
    }
  }
  declare(name: string, value: Value): void {
    this.scopes.at(-1)?.set(name, value);
  }
  lookup(name: string): Value | null {
    for (let index = this.scopes.length - 1; index >= 0; index -= 1) {
      const found = this.scopes[index]?.get(name);
      if (found !== undefined) return found;
    }
    return null;
  }
  /** A name for a local that no other local has. */
  fresh(base: string): string {
    let name = base;
    for (let n = 2; this.taken.has(name); n += 1) name = `${base}_${n}`;
    this.taken.add(name);
    return name;
  }
  newLocal(base: string, type: ScalarType, temporary: boolean): string {
    const name = this.fresh(base);
    this.locals.push(temporary ? { name, type, temporary } : { name, type });
    return name;
  }
  temporary(type: ScalarType): { readonly name: string; readonly expr: Expr } {
    const name = this.newLocal(`t${this.locals.length}`, type, true);
    return { name, expr: localExpr(name, type) };
  }
  label(base: string): string {
    this.labels += 1;
    return `${base}${this.labels}`;
  }

  field(table: string, path: string): FieldDescription | null {
    const found = this.names.environment.machine.tables.find((one) => one.name === table);
    const field = found?.fields.find((one) => one.path === path) ?? null;
    return field?.ghost === true ? null : field;
  }
  isSingleton(table: string): boolean {
    return this.names.environment.machine.tables.find((one) => one.name === table)?.singleton === true;
  }
}

/** The type that an integer field has in expressions. */
export function readType(type: FieldType, as: 'u32' | 's32'): IntType {
  return type.kind === 'int' && type.min < 0 ? intTypes.s32 : intTypes[as];
}

/** The IR's result type. */
export function resultType(type: CType): ValueType {
  return type.kind === 'scalar' ? type.type : { kind: 'void' };
}
