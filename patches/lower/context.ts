/**
 * The state of lowering one function: names in scope, statements so far, what was not understood.
 */
import type {
  Expr,
  FieldDescription,
  FieldType,
  IntType,
  Local,
  MachineDescription,
  Param,
  Position,
  Procedure,
  ScalarType,
  Stmt,
  ValueType,
} from '../../compiler/ir/types.ts';
import { intTypes } from '../../compiler/ir/types.ts';
import type { Bindings } from '../bindings/schema.ts';
import { type CNode, walk } from '../c/node.ts';
import { printable } from '../mail/unreadable.ts';
import type { MacroText } from './macros.ts';
import type { Ignored, Unmodelled } from './problems.ts';
import { NotModelled } from './problems.ts';
import type { RecordText } from './types.ts';
import type { CType, Value } from './values.ts';
import { localExpr } from './values.ts';

/** A procedure as its callers see it; with a body, parameters that it does not read are known. */
export type ProcedureFace = Pick<Procedure, 'name' | 'params' | 'result'> & Partial<Pick<Procedure, 'body'>>;
/** What lowering knows of the model: plain data, no code. */
export interface LowerEnvironment {
  readonly machine: MachineDescription;
  readonly constants: ReadonlyMap<string, { readonly type: ScalarType; readonly value: number }>;
  /** Procedures of the surroundings that lowered code may call. */
  readonly procedures: ReadonlyMap<string, ProcedureFace>;
}
/** A function's interface as C has it. */
export interface Signature {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: CType; readonly spelled: string }[];
  readonly result: CType;
}
export interface Names {
  readonly bindings: Bindings;
  readonly environment: LowerEnvironment;
  /** Functions of the patch that are lowered, by name. */
  readonly imported: ReadonlyMap<string, Signature>;
  /** Macros that the patch itself defines: their bindings are not to be trusted. */
  readonly redefined: ReadonlySet<string>;
  /** Macros of the tree, for those that nothing is bound to. */
  readonly macros: ReadonlyMap<string, MacroText>;
  /** Functions of the tree that only compute a value of what they read: leaving out such a call changes nothing. */
  readonly pure: ReadonlySet<string>;
  /** Structures of the tree, by spelled type. */
  readonly structs: ReadonlyMap<string, RecordText>;
  /** The C expression that a binding's `means` or a macro spells, parsed once. */
  meaning(text: string): CNode;
  /** The statements of the one function in `text`, parsed once; null if it is no C. */
  statements(text: string): readonly CNode[] | null;
}

/** The lowering's own recursion, tied together where all parts are known. */
export interface Recursion {
  expression(node: CNode, context: Context): Value;
  condition(node: CNode, context: Context): Expr;
  effect(node: CNode, context: Context): void;
  statement(node: CNode, context: Context): void;
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
  readonly params: Param[] = [];
  readonly locals: Local[] = [];
  readonly result: CType;
  readonly functionName: string;
  private readonly recursion: Recursion;
  private readonly positionOf: (node: CNode) => Position;
  private readonly scopes: Map<string, Value>[] = [new Map()];
  private readonly taken = new Set<string>();
  private readonly buffers: Stmt[][] = [[]];
  private readonly fixed: Position[] = [];
  /** Macros with a block, by the place of their node, in the text that is being lowered: the function's, or an expansion's. */
  private readonly frames: ReadonlyMap<string, string>[];
  /** What stands behind the iteration macros that are being expanded, innermost last. */
  private readonly meant: string[] = [];
  private readonly bodies: (() => void)[] = [];
  /** Where break and continue go, innermost last. A switch has no `again`. */
  private readonly targets: { readonly leave: string; readonly again: Jump | null; readonly cleanups: number }[] = [];
  /** What is still to be done at the ends of the blocks around, innermost last. */
  private readonly cleanups: (() => void)[] = [];
  private count = 0;
  private labels = 0;
  /** Where a result that is a structure goes. */
  resultRecord: Extract<Value, { kind: 'record' }> | null = null;
  /** Labels that a goto may jump to, innermost last. */
  readonly gotos: { readonly name: string; readonly label: string; readonly again: boolean; readonly cleanups: number }[] = [];

  constructor(
    names: Names,
    functionName: string,
    result: CType,
    macros: ReadonlyMap<string, string>,
    positionOf: (node: CNode) => Position,
    recursion: Recursion,
  ) {
    this.recursion = recursion;
    this.names = names;
    this.functionName = functionName;
    this.result = result;
    this.frames = [macros];
    this.positionOf = positionOf;
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

  position(node: CNode): Position {
    return this.fixed.at(-1) ?? this.positionOf(node);
  }
  /** Runs `body` with every position being that of `node`: inside what a macro means. */
  at<T>(node: CNode, body: () => T): T {
    return this.expanding(node, new Map(), body);
  }
  /** As `at`, in a text of its own that has these macros with blocks. */
  expanding<T>(node: CNode, macros: ReadonlyMap<string, string>, body: () => T): T {
    this.fixed.push(this.position(node));
    this.frames.push(macros);
    try {
      return body();
    } finally {
      this.fixed.pop();
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
  /** How many macros stand around what is being lowered. */
  get depth(): number {
    return this.fixed.length;
  }
  /** For later: runs something with the positions and macros of now. */
  outside(): (body: () => void) => void {
    const depth = this.fixed.length;
    return (body) => {
      const fixed = this.fixed.splice(depth);
      const frames = this.frames.splice(depth + 1);
      try {
        body();
      } finally {
        this.fixed.push(...fixed);
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
