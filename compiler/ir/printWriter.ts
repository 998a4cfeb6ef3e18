/**
 * What is kept while a procedure is printed: lines, declared locals, and temporaries that have their text but
 * were not written yet.
 *
 * In: lines and texts. Out: lines. Never: a statement in another order than it was given.
 */
import type { ExprPrinter } from './printExpr.ts';
import { type Names, occurrences } from './printNames.ts';
import type { Expr, MachineDescription, Procedure, ScalarType, Stmt } from './types.ts';
import { localsRead, localsWritten, visitStmts } from './walk.ts';

export interface PrintOptions {
  /** Tells arrays of records from arrays in records; without it an index is put after the first part of a path. */
  readonly machine?: MachineDescription;
  /** Constants that the text may use by name. Without it every constant that has a name is written by it. */
  readonly constants?: ReadonlyMap<string, { readonly value: number }>;
}

/** A temporary that may be written where it is used. What its text reads and writes, temporaries in it aside. */
interface Pending {
  readonly local: string;
  readonly text: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

export class Writer implements ExprPrinter {
  readonly names: Names;
  /** Prints the statement at `i` of a list; gives how many after it were taken with it. Set by who prints statements. */
  statement: (body: readonly Stmt[], i: number) => number = () => 0;
  readonly #options: PrintOptions;
  readonly #total: Map<string, number>;
  #lines: string[] = [];
  #indent = '  ';
  #declared = new Set<string>();
  #texts = new Map<string, string>();
  /** In order of evaluation. `held` come before those that the statement at hand uses. */
  #pending: Pending[] = [];
  #held: Pending[] = [];
  /** The body of the wait that is printed: its condition reads after it. */
  #tail: { readonly body: readonly Stmt[]; readonly reads: readonly string[] } | null = null;

  constructor(procedure: Procedure, names: Names, options: PrintOptions) {
    this.names = names;
    this.#options = options;
    this.#total = occurrences(procedure.body);
    for (const param of procedure.params) this.declare(names.recordOf(param.name)?.name ?? param.name);
  }

  // Text

  local(name: string): string {
    return this.#texts.get(name) ?? this.names.spell(name);
  }
  named(name: string, value: number): boolean {
    const { constants } = this.#options;
    return /^[A-Za-z_$][\w$]*$/.test(name) && (constants === undefined || constants.get(name)?.value === value);
  }
  arrayOfRecords(table: string, part: string): boolean {
    const fields = this.#options.machine?.tables.find((candidate) => candidate.name === table)?.fields ?? [];
    const lengths = new Set(fields.filter((field) => field.path.startsWith(`${part}.`)).map((field) => field.length));
    return lengths.size <= 1;
  }
  get indent(): string {
    return this.#indent;
  }
  line(text: string): void {
    this.#lines.push(this.#indent + text);
  }
  /** Lines that have their indentation. */
  add(lines: readonly string[]): void {
    this.#lines.push(...lines);
  }
  /** A list inside braces. */
  body(body: readonly Stmt[]): void {
    const outer = this.#indent;
    this.#indent = `${outer}  `;
    this.list(body);
    this.#indent = outer;
  }
  list(body: readonly Stmt[]): void {
    const [pending, held] = [this.#pending, this.#held];
    this.#pending = [];
    this.#held = [];
    for (let i = 0; i < body.length; i++) i += this.statement(body, i);
    this.flush();
    this.#pending = pending;
    this.#held = held;
  }
  capture(print: () => void): string[] {
    const outer = this.#lines;
    this.#lines = [];
    print();
    const lines = this.#lines;
    this.#lines = outer;
    return lines;
  }
  /** What `print` gives, if it writes no line; else nothing has happened. Nothing is pending when it begins. */
  attempt(print: () => string | null): string | null {
    const saved = { pending: this.#pending, held: this.#held, texts: new Map(this.#texts), declared: new Set(this.#declared) };
    this.#pending = [];
    this.#held = [];
    let text: string | null = null;
    const lines = this.capture(() => {
      text = print();
    });
    this.#pending = saved.pending;
    this.#held = saved.held;
    if (text !== null && lines.length === 0) return text;
    this.#texts = saved.texts;
    this.#declared = saved.declared;
    return null;
  }
  /** The same for the body of a wait, whose condition reads `reads` after it. */
  attemptTail(body: readonly Stmt[], reads: readonly string[], print: () => string | null): string | null {
    this.#tail = { body, reads };
    const text = this.attempt(print);
    this.#tail = null;
    return text;
  }

  // Locals

  declare(name: string): void {
    this.#declared.add(name);
  }
  isDeclared(name: string): boolean {
    return this.#declared.has(name);
  }
  /** Whether nothing outside `rest` knows these locals. */
  isLocalTo(rest: readonly Stmt[], locals: readonly string[]): boolean {
    const here = occurrences(rest);
    return locals.every((local) => (here.get(local) ?? 0) === (this.#total.get(local) ?? 0));
  }
  /** `const` or `let` with its type, or nothing, before an assignment to a local. */
  declaration(dst: string, rest: readonly Stmt[], reads: readonly string[], constant: boolean): string {
    if (this.names.recordOf(dst) !== null || this.#declared.has(dst) || reads.includes(dst) || !this.isLocalTo(rest, [dst]))
      return this.names.spell(dst);
    this.#declared.add(dst);
    const type = this.names.types.get(dst);
    return `${constant ? 'const' : 'let'} ${this.names.spell(dst)}: ${type === undefined ? 'u32' : this.names.typeText(type)}`;
  }
  typeOf(local: string, value: Expr): ScalarType {
    return this.names.types.get(local) ?? value.type;
  }
  /** Declarations of what was not declared where it was first written: at the top, where it starts as zero. */
  leftOver(procedure: Procedure): string[] {
    return this.capture(() => {
      for (const { name, type } of procedure.locals) {
        const record = this.names.recordOf(name);
        const spelled = record?.name ?? this.names.spell(name);
        if (this.#declared.has(record?.name ?? name) || this.#texts.has(name) || !this.#total.has(name)) continue;
        this.declare(record?.name ?? name);
        this.line(`let ${spelled}: ${record === null ? this.names.typeText(type) : this.names.recordType(record)};`);
      }
    });
  }

  // Temporaries

  /**
   * Makes ready for a text that reads `reads` in this order. Pending temporaries that it can take in stay,
   * others get a line. With `later`, the text will be pending itself, so those before may wait, too.
   */
  settle(reads: readonly string[], later = false): void {
    const uses = reads.filter((name) => this.#pending.some((pending) => pending.local === name));
    const start = this.#pending.length - uses.length;
    const kept = this.#pending.slice(start);
    const fits = kept.every((pending, i) => pending.local === uses[i]) && (kept.length === 0 || !this.#disturbed(reads));
    const earlier = this.#pending.slice(0, start);
    const flushed = !fits ? this.#pending : later ? [] : earlier;
    this.#held = fits && later ? earlier : [];
    this.#pending = fits ? kept : [];
    for (const pending of flushed) {
      this.#texts.delete(pending.local);
      this.declare(pending.local);
      const type = this.names.types.get(pending.local);
      this.line(`const ${this.names.spell(pending.local)}: ${type === undefined ? 'u32' : this.names.typeText(type)} = ${pending.text};`);
    }
  }
  /** Whether a pending text writes what another one, or the text at hand, reads: they might change places. */
  #disturbed(reads: readonly string[]): boolean {
    return this.#pending.some((pending) => {
      const others = this.#pending.flatMap((other) => (other === pending ? [] : other.reads));
      return pending.writes.some((name) => reads.includes(name) || others.includes(name));
    });
  }
  /** The pending temporaries were put into a text. */
  used(): void {
    this.#pending = this.#held;
    this.#held = [];
  }
  flush(): void {
    this.settle([]);
    this.used();
  }
  /** `text` stands for the statements of `list`, and is to be written where its local is used. */
  suspend(local: string, text: string, list: readonly Stmt[]): void {
    const inside = (name: string): boolean => name === local || this.#texts.has(name);
    const reads = allLocals(list, localsRead).filter((name) => !inside(name));
    const writes = allLocals(list, localsWritten).filter((name) => !inside(name));
    const taken = this.#pending;
    this.used();
    this.#texts.set(local, text);
    const own: Pending = {
      local,
      text,
      reads: [...reads, ...taken.flatMap((pending) => pending.reads)],
      writes: [...writes, ...taken.flatMap((pending) => pending.writes)],
    };
    this.#pending = [...this.#pending, own];
  }
  /** Whether a local is a temporary of so many writes and one read, and a statement of this very list from `from` on reads it. */
  isPassing(local: string, writes: number, body: readonly Stmt[], from: number): boolean {
    if (!this.names.isTemporary(local) || this.names.reads(local) !== 1 || this.names.writes(local) !== writes) return false;
    if (body === this.#tail?.body && this.#tail.reads.includes(local)) return true;
    // What is nested comes too late or too often.
    return body.some((stmt, at) => at >= from && localsRead(stmt).includes(local));
  }
}

function allLocals(list: readonly Stmt[], of: (stmt: Stmt) => string[]): string[] {
  const names: string[] = [];
  visitStmts(list, (stmt) => void names.push(...of(stmt)));
  return names;
}
