/**
 * Statements as lines of text. A temporary that is made and used once is written where it is used, if
 * everything is then still evaluated in the same order.
 *
 * In: a procedure. Out: lines. Never: two statements in another order.
 */
import { negate } from './fold.ts';
import type { PrintOptions } from './print.ts';
import { type ExprPrinter, printConverted, printExpr } from './printExpr.ts';
import { leafText } from './printLeaf.ts';
import { type Names, occurrences, type RecordShape, safeName } from './printNames.ts';
import type { Expr, Procedure, ScalarType, Stmt } from './types.ts';
import { localsOfExpr, localsRead, localsWritten, visitStmts } from './walk.ts';

type Of<K extends Stmt['kind']> = Extract<Stmt, { kind: K }>;
/** A temporary that has its text but was not written yet. */
interface Pending {
  readonly local: string;
  readonly text: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}
interface Jump {
  readonly kind: 'loop' | 'block' | 'next';
  readonly label: string;
  /** Of a `next` block: the loop whose round it ends. */
  readonly loop: string;
}

export class BodyPrinter implements ExprPrinter {
  readonly names: Names;
  readonly #procedure: Procedure;
  readonly #options: PrintOptions;
  #lines: string[] = [];
  #indent = '  ';
  #pending: Pending[] = [];
  #texts = new Map<string, string>();
  /** The body of the wait that is printed: its condition reads after it. */
  #tail: { readonly body: readonly Stmt[]; readonly reads: readonly string[] } | null = null;
  readonly #declared = new Set<string>();
  readonly #total: Map<string, number>;
  readonly #jumps: Jump[] = [];

  constructor(procedure: Procedure, names: Names, options: PrintOptions) {
    this.names = names;
    this.#procedure = procedure;
    this.#options = options;
    this.#total = occurrences(procedure.body);
    for (const param of procedure.params) this.#declared.add(names.recordOf(param.name)?.name ?? param.name);
  }

  print(): string[] {
    this.#list(this.#procedure.body);
    const body = this.#lines;
    this.#lines = [];
    // What is not declared where it is first written is declared at the top, where it starts as zero.
    for (const { name, type } of this.#procedure.locals) {
      const record = this.names.recordOf(name);
      if (this.#declared.has(record?.name ?? name) || this.#texts.has(name) || !this.#total.has(name)) continue;
      this.#declared.add(record?.name ?? name);
      this.#line(
        `let ${record === null ? this.names.spell(name) : record.name}: ${record === null ? this.names.typeText(type) : this.names.recordType(record)};`,
      );
    }
    return [...this.#lines, ...body];
  }

  // ExprPrinter

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

  #line(text: string): void {
    this.#lines.push(this.#indent + text);
  }
  #nested(body: () => void): void {
    const outer = this.#indent;
    this.#indent = `${outer}  `;
    body();
    this.#indent = outer;
  }
  #bodyOf(body: readonly Stmt[]): void {
    this.#nested(() => this.#list(body));
  }

  // Temporaries

  /** Writes those pending temporaries that cannot be put into what comes next, which reads `reads` in this order. */
  #settle(reads: readonly string[]): void {
    const uses = reads.filter((name) => this.#pending.some((pending) => pending.local === name));
    const kept = uses.length === 0 ? [] : this.#pending.slice(-uses.length);
    const writes = new Set(kept.flatMap((pending) => pending.writes));
    const readBeside = [...reads, ...kept.flatMap((pending) => pending.reads)];
    const fits =
      kept.length === uses.length && kept.every((pending, i) => pending.local === uses[i]) && !readBeside.some((name) => writes.has(name));
    const flushed = fits ? this.#pending.slice(0, this.#pending.length - kept.length) : this.#pending;
    this.#pending = fits ? kept : [];
    for (const pending of flushed) {
      this.#texts.delete(pending.local);
      this.#declared.add(pending.local);
      const type = this.names.types.get(pending.local);
      this.#line(`const ${this.names.spell(pending.local)}: ${type === undefined ? 'u32' : this.names.typeText(type)} = ${pending.text};`);
    }
  }
  /** The pending temporaries were put into a text. */
  #used(): void {
    this.#pending = [];
  }

  // Lists of statements

  #list(body: readonly Stmt[]): void {
    const outer = this.#pending;
    this.#pending = [];
    for (let i = 0; i < body.length; i++) i += this.#statement(body, i);
    this.#settle([]);
    this.#pending = outer;
  }

  /** Prints the statement at `i`; gives how many after it were taken with it. */
  #statement(body: readonly Stmt[], i: number): number {
    const stmt = body[i];
    if (stmt === undefined) return 0;
    const value = this.#logical(body, i) ?? this.#selected(body, i);
    if (value !== null) return value;
    const record = this.#recordDeclaration(body, i);
    if (record !== null) return record;
    const loop = this.#forLoop(body, i);
    if (loop !== null) return loop;
    switch (stmt.kind) {
      case 'if':
        this.#if(stmt);
        break;
      case 'loop':
        this.#settle([]);
        this.#loop(stmt);
        break;
      case 'block':
        this.#settle([]);
        this.#block(stmt);
        break;
      case 'ghost':
        this.#settle([]);
        this.#line('ghost: {');
        this.#bodyOf(stmt.body);
        this.#line('}');
        break;
      case 'wait':
        this.#settle([]);
        this.#wait(stmt);
        break;
      case 'leave':
      case 'continue':
        this.#settle([]);
        this.#line(this.#jumpText(stmt));
        break;
      default:
        this.#leaf(stmt, body, i);
    }
    return 0;
  }

  #leaf(stmt: Stmt, body: readonly Stmt[], i: number): void {
    const reads = localsRead(stmt);
    this.#settle(reads);
    const { dst, text } = leafText(this, stmt);
    const single = dst !== null && this.names.isTemporary(dst) && this.names.reads(dst) === 1 && this.names.writes(dst) === 1;
    // A copy is kept apart: it holds a value that its source loses.
    if (single && stmt.kind !== 'assign' && this.#readIn(body, i + 1, dst)) {
      const before = this.#pending;
      this.#texts.set(dst, text);
      const own: Pending = {
        local: dst,
        text,
        reads: [...reads, ...before.flatMap((pending) => pending.reads)],
        writes: [...localsWritten(stmt).filter((name) => name !== dst), ...before.flatMap((pending) => pending.writes)],
      };
      this.#pending = [own];
      return;
    }
    this.#used();
    if (dst === null) this.#line(`${text};`);
    else this.#write(dst, text, stmt, body, i);
  }
  /** Whether a statement of this very list reads the local: what is nested comes too late or too often. */
  #readIn(body: readonly Stmt[], from: number, local: string): boolean {
    if (body === this.#tail?.body && this.#tail.reads.includes(local)) return true;
    return body.some((stmt, at) => at >= from && localsRead(stmt).includes(local));
  }

  /** `x = text`, as a declaration if nothing outside what follows in this list knows `x`. */
  #write(dst: string, text: string, stmt: Stmt, body: readonly Stmt[], i: number): void {
    if (
      this.names.recordOf(dst) !== null ||
      this.#declared.has(dst) ||
      localsRead(stmt).includes(dst) ||
      !this.#isLocalTo(body.slice(i), [dst])
    ) {
      this.#line(`${this.names.spell(dst)} = ${text};`);
      return;
    }
    this.#declared.add(dst);
    const type = this.names.types.get(dst);
    const word = this.names.writes(dst) === 1 ? 'const' : 'let';
    this.#line(`${word} ${this.names.spell(dst)}: ${type === undefined ? 'u32' : this.names.typeText(type)} = ${text};`);
  }
  #isLocalTo(rest: readonly Stmt[], locals: readonly string[]): boolean {
    const here = occurrences(rest);
    return locals.every((local) => (here.get(local) ?? 0) === (this.#total.get(local) ?? 0));
  }

  /** `const it: Iter = { level: 3, gfn: 0 }`, if the next statements give each member its first value. */
  #recordDeclaration(body: readonly Stmt[], i: number): number | null {
    const first = body[i];
    const shape = first?.kind === 'assign' ? this.names.recordOf(first.dst) : null;
    if (
      first?.kind !== 'assign' ||
      shape === null ||
      this.#declared.has(shape.name) ||
      shape.members.some((member) => member.path.includes('.'))
    )
      return null;
    const assigns = body.slice(i, i + shape.members.length).filter((stmt): stmt is Of<'assign'> => stmt.kind === 'assign');
    const locals = shape.members.map((member) => member.local);
    if (assigns.length !== locals.length || !locals.every((local) => assigns.some((stmt) => stmt.dst === local))) return null;
    const reads = assigns.flatMap(localsRead);
    if (locals.some((local) => reads.includes(local)) || !this.#isLocalTo(body.slice(i), locals)) return null;
    this.#settle(reads);
    const members = assigns.map(
      (stmt) => `${memberPath(shape, stmt.dst)}: ${printConverted(this, stmt.value, this.#typeOf(stmt.dst, stmt.value))}`,
    );
    this.#used();
    this.#declared.add(shape.name);
    this.#line(`const ${shape.name}: ${this.names.recordType(shape)} = { ${members.join(', ')} };`);
    return assigns.length - 1;
  }
  #typeOf(local: string, value: Expr): ScalarType {
    return this.names.types.get(local) ?? value.type;
  }

  // Conditions

  #if(stmt: Of<'if'>): void {
    this.#settle(localsRead(stmt));
    const turned = stmt.then.length === 0 && stmt.else.length > 0;
    let cond = printExpr(this, turned ? negate(stmt.cond) : stmt.cond);
    this.#used();
    let then = turned ? stmt.else : stmt.then;
    const otherwise = turned ? [] : stmt.else;
    // Nested ifs without else are one condition.
    for (let merged = this.#mergeable(then, otherwise); merged !== null; merged = this.#mergeable(then, otherwise)) {
      cond = `${guard(cond, '&&')} && ${guard(merged.cond, '&&')}`;
      then = merged.then;
    }
    this.#ifLines(cond, then, otherwise);
  }
  #ifLines(cond: string, then: readonly Stmt[], otherwise: readonly Stmt[]): void {
    this.#line(`if (${cond}) {`);
    this.#bodyOf(then);
    if (otherwise.length === 0) {
      this.#line('}');
      return;
    }
    const elseLines = this.#capture(() => this.#list(otherwise));
    const [first = ''] = elseLines;
    const chained =
      first.startsWith(`${this.#indent}if (`) &&
      elseLines.filter((line) => !line.startsWith(`${this.#indent} `) && !/^\s*\}/.test(line)).length === 1;
    if (chained) {
      this.#line(`} else ${first.trimStart()}`);
      this.#lines.push(...elseLines.slice(1));
      return;
    }
    this.#line('} else {');
    this.#lines.push(...elseLines.map((line) => `  ${line}`));
    this.#line('}');
  }
  #capture(print: () => void): string[] {
    const outer = this.#lines;
    this.#lines = [];
    print();
    const lines = this.#lines;
    this.#lines = outer;
    return lines;
  }

  /** A list that is one `if` without else, with nothing before it but what its condition uses. */
  #mergeable(then: readonly Stmt[], otherwise: readonly Stmt[]): { cond: string; then: readonly Stmt[] } | null {
    if (otherwise.length > 0) return null;
    const last = then.at(-1);
    if (last?.kind !== 'if' || last.else.length > 0 || last.then.length === 0) return null;
    const cond = this.#conditionText(then);
    return cond === null ? null : { cond, then: last.then };
  }

  /**
   * The text of the condition of the last `if` of a list whose other statements it takes in whole; null if
   * a line of its own would be needed for one of them.
   */
  #conditionText(list: readonly Stmt[]): string | null {
    const last = list.at(-1);
    if (last?.kind !== 'if') return null;
    return this.#attempt(() => {
      for (let i = 0; i < list.length - 1; i++) i += this.#statement(list, i);
      this.#settle(localsRead(last));
      const cond = printExpr(this, last.cond);
      this.#used();
      return cond;
    });
  }
  /** What `print` gives, if it writes no line; else nothing has happened. */
  #attempt(print: () => string | null): string | null {
    const saved = { pending: this.#pending, texts: new Map(this.#texts), declared: new Set(this.#declared), jumps: [...this.#jumps] };
    this.#pending = [];
    let text: string | null = null;
    const lines = this.#capture(() => {
      text = print();
    });
    this.#pending = saved.pending;
    if (text !== null && lines.length === 0) return text;
    this.#texts = saved.texts;
    this.#declared.clear();
    for (const name of saved.declared) this.#declared.add(name);
    return null;
  }

  /** `$ = false; if (a) { if (b) { $ = true } }` is `a && b`; `$ = true; if (!a) { if (!b) { $ = false } }` is `a || b`. */
  #logical(body: readonly Stmt[], i: number): number | null {
    const set = body[i];
    if (set?.kind !== 'assign' || set.value.op !== 'const' || set.value.type.kind !== 'bool') return null;
    const { dst } = set;
    if (!this.names.isTemporary(dst) || this.names.writes(dst) !== 2 || this.names.reads(dst) !== 1) return null;
    const end = body.findIndex((stmt, at) => at > i && stmt.kind === 'if');
    const list = end < 0 ? [] : body.slice(i + 1, end + 1);
    const parts = this.#logicalParts(list, dst, set.value.value === 1);
    if (parts === null || !this.#readIn(body, end + 1, dst)) return null;
    const operator = set.value.value === 1 ? '||' : '&&';
    const text = parts.map((part) => guard(part, operator)).join(` ${operator} `);
    this.#suspend(dst, text, list);
    return list.length;
  }
  /** A temporary whose text stands for the statements of `list`. */
  #suspend(dst: string, text: string, list: readonly Stmt[]): void {
    const inside = (name: string): boolean => name === dst || this.#texts.has(name);
    const reads = list.flatMap(allReads).filter((name) => !inside(name));
    const writes = list.flatMap(allWrites).filter((name) => !inside(name));
    this.#texts.set(dst, text);
    this.#pending = [...this.#pending, { local: dst, text, reads, writes }];
  }

  /** `if (c) { $ = x } else { $ = y }` is `c ? x : y`. */
  #selected(body: readonly Stmt[], i: number): number | null {
    const stmt = body[i];
    const dst = stmt?.kind === 'if' ? assignedLast(stmt.then) : null;
    if (stmt?.kind !== 'if' || dst === null || dst !== assignedLast(stmt.else)) return null;
    if (!this.names.isTemporary(dst) || this.names.writes(dst) !== 2 || this.names.reads(dst) !== 1 || !this.#readIn(body, i + 1, dst))
      return null;
    const before = this.#pending;
    const text = this.#attempt(() => {
      this.#pending = before;
      this.#settle(localsRead(stmt));
      const cond = printExpr(this, stmt.cond, 1);
      this.#used();
      const [yes, no] = [this.#lastValue(stmt.then, dst), this.#lastValue(stmt.else, dst)];
      return yes === null || no === null ? null : `${guard(cond, '?')} ? ${guard(yes, '?')} : ${guard(no, '?')}`;
    });
    if (text === null) return null;
    this.#pending = [];
    this.#suspend(dst, text, [stmt]);
    return 0;
  }
  /** The value of the assignment that ends a list whose other statements it takes in whole. */
  #lastValue(list: readonly Stmt[], dst: string): string | null {
    return this.#attempt(() => {
      for (let i = 0; i < list.length - 1; i++) i += this.#statement(list, i);
      const last = list.at(-1);
      if (last?.kind !== 'assign') return null;
      this.#settle(localsRead(last));
      const text = printConverted(this, last.value, this.#typeOf(dst, last.value));
      this.#used();
      return text;
    });
  }
  #logicalParts(list: readonly Stmt[], dst: string, turned: boolean): string[] | null {
    const last = list.at(-1);
    if (last?.kind !== 'if' || last.else.length > 0) return null;
    const cond = this.#conditionText(turned ? [...list.slice(0, -1), { ...last, cond: negate(last.cond) }] : list);
    if (cond === null) return null;
    const [only] = last.then;
    if (last.then.length === 1 && only?.kind === 'assign' && only.dst === dst) {
      const value = only.value.op === 'const' && only.value.value === (turned ? 0 : 1);
      return value ? [cond] : null;
    }
    const rest = this.#logicalParts(last.then, dst, turned);
    return rest === null ? null : [cond, ...rest];
  }

  #wait(stmt: Of<'wait'>): void {
    const cond = this.#attempt(() => {
      this.#tail = { body: stmt.body, reads: localsRead(stmt) };
      for (let i = 0; i < stmt.body.length; i++) i += this.#statement(stmt.body, i);
      this.#settle(localsRead(stmt));
      const text = printExpr(this, stmt.cond);
      this.#used();
      return text;
    });
    const word = stmt.idle ? 'idleUntil' : 'wait';
    if (cond === null) {
      // No expression says it: the statements are shown, for the reader.
      this.#line(`${word}(/* after: */ ${printExpr(this, stmt.cond)});`);
      for (const line of this.#capture(() => this.#list(stmt.body))) this.#lines.push(line.replace(/^( *)/, '$1// '));
    } else {
      const label = stmt.idle || stmt.label === cond ? '' : `, '${stmt.label.replace(/[\\']/g, '\\$&')}'`;
      this.#line(`${word}(${cond}${label});`);
    }
  }

  // Loops, blocks, jumps

  #loop(stmt: Of<'loop'>): void {
    const [first, ...rest] = stmt.body;
    const head = this.#headCondition(stmt);
    const label = this.#needsLabel(stmt.label, stmt.body) ? `${safeName(stmt.label)}: ` : '';
    this.#jumps.push({ kind: 'loop', label: stmt.label, loop: stmt.label });
    if (head !== null) {
      this.#line(`${label}while (${head.cond}) {`);
      this.#bodyOf(stmt.body.slice(head.count));
    } else {
      this.#line(`${label}while (true) {`);
      this.#bodyOf(first === undefined ? [] : [first, ...rest]);
    }
    this.#line('}');
    this.#jumps.pop();
  }
  /** The condition of a loop that begins with: leave it unless. */
  #headCondition(stmt: Of<'loop'>): { cond: string; count: number } | null {
    const at = stmt.body.findIndex((inner) => inner.kind === 'if');
    const test = stmt.body[at];
    if (test?.kind !== 'if' || !isLeave(test, stmt.label)) return null;
    const list = [...stmt.body.slice(0, at), { ...test, cond: negate(test.cond) }];
    const cond = this.#conditionText(list);
    return cond === null ? null : { cond, count: at + 1 };
  }

  /** `i = 0; loop { if (!(i < n)) leave; …; i = i + 1 }` of a bounded loop. */
  #forLoop(body: readonly Stmt[], i: number): number | null {
    const [init, loop] = [body[i], body[i + 1]];
    if (init?.kind !== 'assign' || loop?.kind !== 'loop' || !loop.bounded || init.value.op !== 'const') return null;
    const [test] = loop.body;
    const update = loop.body.at(-1);
    if (test?.kind !== 'if' || !isLeave(test, loop.label) || loop.body.length < 2 || update?.kind !== 'assign' || update.dst !== init.dst)
      return null;
    this.#settle([]);
    const own =
      !this.#declared.has(init.dst) && this.names.recordOf(init.dst) === null && this.#isLocalTo(body.slice(i, i + 2), [init.dst]);
    const name = this.names.spell(init.dst);
    const type = this.#typeOf(init.dst, init.value);
    if (own) this.#declared.add(init.dst);
    const start = `${own ? `let ${name}: ${this.names.typeText(type)}` : name} = ${printConverted(this, init.value, type)}`;
    const label =
      this.#needsLabel(loop.label, loop.body) || this.#needsLabel(nextLabel(loop), loop.body) ? `${safeName(loop.label)}: ` : '';
    this.#line(`${label}for (${start}; ${printExpr(this, negate(test.cond))}; ${stepText(this, name, update, type)}) {`);
    this.#jumps.push({ kind: 'loop', label: loop.label, loop: loop.label });
    const inner = loop.body.slice(1, -1);
    const [only] = inner;
    if (inner.length === 1 && only?.kind === 'block' && nextLabel(loop) === only.label) {
      this.#jumps.push({ kind: 'next', label: only.label, loop: loop.label });
      this.#bodyOf(only.body);
      this.#jumps.pop();
    } else {
      this.#bodyOf(inner);
    }
    this.#jumps.pop();
    this.#line('}');
    return 1;
  }

  #block(stmt: Of<'block'>): void {
    const either = this.#eitherOr(stmt);
    if (either !== null) {
      this.#ifLines(either.cond, either.then, either.else);
      return;
    }
    this.#jumps.push({ kind: 'block', label: stmt.label, loop: '' });
    this.#line(`${safeName(stmt.label)}: {`);
    this.#bodyOf(stmt.body);
    this.#line('}');
    this.#jumps.pop();
  }
  /**
   * `end: { if (a) { if (b) { X; break end; } } Y }` is `if (a && b) X else Y`; without X it is
   * `if (!a || !b) Y`.
   */
  #eitherOr(stmt: Of<'block'>): { cond: string; then: readonly Stmt[]; else: readonly Stmt[] } | null {
    const at = stmt.body.findIndex((inner) => inner.kind === 'if');
    if (at < 0 || at === stmt.body.length - 1) return null;
    const chain: Of<'if'>[] = [];
    const lists: (readonly Stmt[])[] = [];
    let list: readonly Stmt[] = stmt.body.slice(0, at + 1);
    for (;;) {
      const last = list.at(-1);
      if (
        last?.kind !== 'if' ||
        last.else.length > 0 ||
        list.slice(0, -1).some((inner) => inner.kind === 'if' && leavesTo(inner, stmt.label))
      )
        break;
      chain.push(last);
      lists.push(list);
      list = last.then;
    }
    const end = list.at(-1);
    if (chain.length < 2 || end?.kind !== 'leave' || end.label !== stmt.label) return null;
    const met = list.slice(0, -1);
    const unmet = stmt.body.slice(at + 1);
    if ([...met, ...unmet].some((inner) => leavesTo(inner, stmt.label))) return null;
    const turned = met.length === 0;
    const parts: string[] = [];
    for (const part of lists) {
      const last = part.at(-1);
      if (last?.kind !== 'if') return null;
      const text = this.#conditionText(turned ? [...part.slice(0, -1), { ...last, cond: negate(last.cond) }] : part);
      if (text === null) return null;
      parts.push(text);
    }
    const operator = turned ? '||' : '&&';
    const cond = parts.map((part) => guard(part, operator)).join(` ${operator} `);
    return turned ? { cond, then: unmet, else: [] } : { cond, then: met, else: unmet };
  }

  #jumpText(stmt: Of<'leave' | 'continue'>): string {
    const target = this.#jumps.findLast((jump) => jump.label === stmt.label);
    const innermost = this.#jumps.findLast((jump) => jump.kind === 'loop')?.label;
    if (stmt.kind === 'continue') return innermost === stmt.label ? 'continue;' : `continue ${safeName(stmt.label)};`;
    if (target?.kind === 'next') return innermost === target.loop ? 'continue;' : `continue ${safeName(target.loop)};`;
    return target?.kind === 'loop' && innermost === stmt.label ? 'break;' : `break ${safeName(stmt.label)};`;
  }
  /** Whether a jump to this label comes from inside a loop further in. */
  #needsLabel(label: string | null, body: readonly Stmt[]): boolean {
    let needed = false;
    visitStmts(body, (stmt, parents) => {
      if ((stmt.kind === 'leave' || stmt.kind === 'continue') && stmt.label === label && parents.some((parent) => parent.kind === 'loop'))
        needed = true;
    });
    return needed;
  }
}

/** The local that the last statement of a list assigns. */
function assignedLast(list: readonly Stmt[]): string | null {
  const last = list.at(-1);
  return last?.kind === 'assign' ? last.dst : null;
}
function memberPath(shape: RecordShape, local: string): string {
  return shape.members.find((member) => member.local === local)?.path ?? local;
}
function isLeave(stmt: Of<'if'>, label: string): boolean {
  const [only] = stmt.then;
  return stmt.else.length === 0 && stmt.then.length === 1 && only?.kind === 'leave' && only.label === label;
}
function leavesTo(stmt: Stmt, label: string): boolean {
  let found = false;
  visitStmts([stmt], (inner) => {
    if (inner.kind === 'leave' && inner.label === label) found = true;
  });
  return found;
}
/** The label of the block that is all of a for loop's body, or null. */
function nextLabel(loop: Of<'loop'>): string | null {
  const inner = loop.body.slice(1, -1);
  const [only] = inner;
  return inner.length === 1 && only?.kind === 'block' ? only.label : null;
}
function stepText(printer: BodyPrinter, name: string, update: Of<'assign'>, type: ScalarType): string {
  const { value } = update;
  const stepped = value.op === 'binary' && (value.operator === '+' || value.operator === '-') ? value : null;
  const one = stepped?.b.op === 'const' && stepped.b.value === 1 && localsOfExpr(stepped.a).join() === update.dst;
  if (stepped !== null && one) return `${name}${stepped.operator}${stepped.operator}`;
  if (stepped !== null && stepped.b.op === 'const' && localsOfExpr(stepped.a).join() === update.dst)
    return `${name} ${stepped.operator}= ${printExpr(printer, stepped.b)}`;
  return `${name} = ${printConverted(printer, value, type)}`;
}
function allReads(stmt: Stmt): string[] {
  const names: string[] = [];
  visitStmts([stmt], (inner) => void names.push(...localsRead(inner)));
  return names;
}
function allWrites(stmt: Stmt): string[] {
  const names: string[] = [];
  visitStmts([stmt], (inner) => void names.push(...localsWritten(inner)));
  return names;
}

/** A part of `&&` or `||`, in parentheses if it binds less. */
function guard(text: string, operator: '&&' | '||' | '?'): string {
  const weaker = operator === '&&' ? / (\|\||\?) / : / \? /;
  let depth = 0;
  let top = '';
  for (const char of text) {
    if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (depth === 0) top += char;
  }
  return weaker.test(top) ? `(${text})` : text;
}
