/**
 * Statements as lines of text. A temporary that is made and used once is written where it is used, if
 * everything is then still evaluated in the same order.
 *
 * In: a procedure. Out: lines. Never: two statements in another order.
 */
import { negate } from './fold.ts';
import {
  conditionText,
  eitherOr,
  headCondition,
  isLeave,
  joined,
  leavesTo,
  logicalValue,
  selectedValue,
  waitText,
} from './printConditions.ts';
import { printConverted, printExpr, printStep } from './printExpr.ts';
import { leafText, quoted } from './printLeaf.ts';
import { type Names, type RecordShape, safeName } from './printNames.ts';
import { type PrintOptions, Writer } from './printWriter.ts';
import type { Procedure, ScalarType, Stmt } from './types.ts';
import { localsOfExpr, localsRead, visitStmts } from './walk.ts';

type Of<K extends Stmt['kind']> = Extract<Stmt, { kind: K }>;
interface Jump {
  readonly kind: 'loop' | 'block' | 'next';
  readonly label: string;
  /** Of a `next` block: the loop whose round it ends. */
  readonly loop: string;
}

/** The lines of a procedure's body, indented by two. */
export function printBody(procedure: Procedure, names: Names, options: PrintOptions): string[] {
  const writer = new Writer(procedure, names, options);
  const printer = new BodyPrinter(writer);
  writer.statement = (body, i) => printer.statement(body, i);
  const lines = writer.capture(() => writer.list(procedure.body));
  return [...writer.leftOver(procedure), ...lines];
}

class BodyPrinter {
  readonly #writer: Writer;
  readonly #jumps: Jump[] = [];

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** Prints the statement at `i`; gives how many after it were taken with it. */
  statement(body: readonly Stmt[], i: number): number {
    const stmt = body[i];
    if (stmt === undefined) return 0;
    const more = this.#value(body, i) ?? this.#recordDeclaration(body, i) ?? this.#forLoop(body, i);
    if (more !== null) return more;
    if (stmt.kind === 'if') this.#if(stmt);
    else if (
      stmt.kind === 'loop' ||
      stmt.kind === 'block' ||
      stmt.kind === 'ghost' ||
      stmt.kind === 'wait' ||
      stmt.kind === 'leave' ||
      stmt.kind === 'continue'
    ) {
      this.#writer.flush();
      this.#structure(stmt);
    } else this.#leaf(stmt, body, i);
    return 0;
  }
  #structure(stmt: Of<'loop' | 'block' | 'ghost' | 'wait' | 'leave' | 'continue'>): void {
    switch (stmt.kind) {
      case 'loop':
        this.#loop(stmt);
        return;
      case 'block':
        this.#block(stmt);
        return;
      case 'ghost':
        this.#writer.line('ghost: {');
        this.#writer.body(stmt.body);
        this.#writer.line('}');
        return;
      case 'wait':
        this.#wait(stmt);
        return;
      case 'leave':
      case 'continue':
        this.#writer.line(this.#jumpText(stmt));
    }
  }

  #leaf(stmt: Stmt, body: readonly Stmt[], i: number): void {
    const writer = this.#writer;
    const reads = localsRead(stmt);
    const written = 'dst' in stmt ? stmt.dst : null;
    // A copy is kept apart: it holds a value that its source loses.
    const passing = stmt.kind !== 'assign' && written !== null && writer.isPassing(written, 1, body, i + 1);
    writer.settle(reads, passing);
    const { dst, text } = leafText(writer, stmt);
    if (passing && dst !== null) {
      writer.suspend(dst, text, [stmt]);
      return;
    }
    writer.used();
    const step = stmt.kind === 'assign' ? printStep(writer, stmt.value, writer.names.spell(stmt.dst)) : null;
    if (dst === null) writer.line(`${text};`);
    else if (step !== null) writer.line(`${writer.names.spell(dst)} ${step};`);
    else writer.line(`${writer.declaration(dst, body.slice(i), reads, writer.names.writes(dst) === 1)} = ${text};`);
  }

  /** A value of several statements: `a && b`, `c ? x : y`. */
  #value(body: readonly Stmt[], i: number): number | null {
    const writer = this.#writer;
    const logical = logicalValue(writer, body, i);
    // Its operands stand alone, so what is pending stays before it.
    if (logical !== null) writer.settle([], true);
    const made = logical ?? selectedValue(writer, body, i);
    if (made === null) return null;
    const list = body.slice(i, i + made.count);
    if (writer.isPassing(made.dst, 2, body, i + made.count)) {
      writer.suspend(made.dst, made.text, list);
    } else {
      writer.used();
      writer.flush();
      writer.line(`${writer.declaration(made.dst, body.slice(i), [], true)} = ${made.text};`);
    }
    return made.count - 1;
  }

  /** `const it: Iter = { level: 3, gfn: 0 }`, if the next statements give each member its first value. */
  #recordDeclaration(body: readonly Stmt[], i: number): number | null {
    const writer = this.#writer;
    const first = body[i];
    const shape = first?.kind === 'assign' ? writer.names.recordOf(first.dst) : null;
    if (shape === null || writer.isDeclared(shape.name) || shape.members.some((member) => member.path.includes('.'))) return null;
    const assigns = body.slice(i, i + shape.members.length).filter((stmt): stmt is Of<'assign'> => stmt.kind === 'assign');
    const locals = shape.members.map((member) => member.local);
    if (assigns.length !== locals.length || !locals.every((local) => assigns.some((stmt) => stmt.dst === local))) return null;
    const reads = assigns.flatMap(localsRead);
    if (locals.some((local) => reads.includes(local)) || !writer.isLocalTo(body.slice(i), locals)) return null;
    writer.settle(reads);
    const members = assigns.map(
      (stmt) => `${memberPath(shape, stmt.dst)}: ${printConverted(writer, stmt.value, writer.typeOf(stmt.dst, stmt.value))}`,
    );
    writer.used();
    writer.declare(shape.name);
    writer.line(`const ${shape.name}: ${writer.names.recordType(shape)} = { ${members.join(', ')} };`);
    return assigns.length - 1;
  }

  // Conditions

  #if(stmt: Of<'if'>): void {
    const writer = this.#writer;
    writer.settle(localsRead(stmt));
    const turned = stmt.then.length === 0 && stmt.else.length > 0;
    const parts = [printExpr(writer, turned ? negate(stmt.cond) : stmt.cond)];
    writer.used();
    let then = turned ? stmt.else : stmt.then;
    const otherwise = turned ? [] : stmt.else;
    // Nested ifs without else are one condition.
    for (;;) {
      const last = then.at(-1);
      if (otherwise.length > 0 || last?.kind !== 'if' || last.else.length > 0 || last.then.length === 0) break;
      const text = conditionText(writer, then);
      if (text === null) break;
      parts.push(text);
      then = last.then;
    }
    this.#ifLines(parts.length === 1 ? (parts[0] ?? '') : joined(parts, '&&'), then, otherwise);
  }
  #ifLines(cond: string, then: readonly Stmt[], otherwise: readonly Stmt[]): void {
    const writer = this.#writer;
    writer.line(`if (${cond}) {`);
    writer.body(then);
    if (otherwise.length === 0) {
      writer.line('}');
      return;
    }
    const lines = writer.capture(() => writer.list(otherwise));
    const [first = '', ...rest] = lines;
    const own = lines.filter((line) => !line.startsWith(`${writer.indent} `));
    if (first.startsWith(`${writer.indent}if (`) && own.every((line, i) => i === 0 || line.startsWith(`${writer.indent}}`))) {
      writer.line(`} else ${first.trimStart()}`);
      writer.add(rest);
      return;
    }
    writer.line('} else {');
    writer.add(lines.map((line) => `  ${line}`));
    writer.line('}');
  }

  #wait(stmt: Of<'wait'>): void {
    const writer = this.#writer;
    const text = waitText(writer, stmt);
    const word = stmt.idle ? 'idleUntil' : 'wait';
    if (text !== null) {
      writer.line(`${word}(${text}${stmt.idle || stmt.label === text ? '' : `, ${quoted(stmt.label)}`});`);
      return;
    }
    // No expression says it: the statements are shown for the reader.
    writer.line(`${word}(/* after: */ ${printExpr(writer, stmt.cond)});`);
    writer.add(writer.capture(() => writer.list(stmt.body)).map((line) => line.replace(/^( *)/, '$1// ')));
  }

  // Loops, blocks, jumps

  #within(jump: Jump, body: readonly Stmt[]): void {
    this.#jumps.push(jump);
    this.#writer.body(body);
    this.#jumps.pop();
  }
  #loop(stmt: Of<'loop'>): void {
    const head = headCondition(this.#writer, stmt);
    const label = needsLabel(stmt.label, stmt.body) ? `${safeName(stmt.label)}: ` : '';
    this.#writer.line(`${label}while (${head?.text ?? 'true'}) {`);
    this.#within({ kind: 'loop', label: stmt.label, loop: stmt.label }, stmt.body.slice(head?.count ?? 0));
    this.#writer.line('}');
  }

  /** `i = 0; loop { if (!(i < n)) leave; …; i = i + 1 }` of a bounded loop. */
  #forLoop(body: readonly Stmt[], i: number): number | null {
    const writer = this.#writer;
    const [init, loop] = [body[i], body[i + 1]];
    if (init?.kind !== 'assign' || loop?.kind !== 'loop' || !loop.bounded || init.value.op !== 'const') return null;
    const [test] = loop.body;
    const update = loop.body.at(-1);
    if (test?.kind !== 'if' || !isLeave(test, loop.label) || loop.body.length < 2 || update?.kind !== 'assign' || update.dst !== init.dst)
      return null;
    writer.flush();
    const type = writer.typeOf(init.dst, init.value);
    const next = nextBlock(loop);
    const label =
      needsLabel(loop.label, loop.body) || (next !== null && needsLabel(next.label, loop.body)) ? `${safeName(loop.label)}: ` : '';
    const name = writer.names.spell(init.dst);
    // Known in the loop only: declared by it.
    const declared = writer.isLocalTo(body.slice(i, i + 2), [init.dst]) ? writer.declaration(init.dst, body.slice(i), [], false) : name;
    const start = `${declared} = ${printConverted(writer, init.value, type)}`;
    writer.line(`${label}for (${start}; ${printExpr(writer, negate(test.cond))}; ${stepText(writer, name, update, type)}) {`);
    this.#jumps.push({ kind: 'loop', label: loop.label, loop: loop.label });
    if (next === null) writer.body(loop.body.slice(1, -1));
    else this.#within({ kind: 'next', label: next.label, loop: loop.label }, next.body);
    this.#jumps.pop();
    writer.line('}');
    return 1;
  }

  #block(stmt: Of<'block'>): void {
    const either = eitherOr(this.#writer, stmt);
    if (either !== null) {
      this.#ifLines(either.text, either.then, either.else);
      return;
    }
    this.#writer.line(`${safeName(stmt.label)}: {`);
    this.#within({ kind: 'block', label: stmt.label, loop: '' }, stmt.body);
    this.#writer.line('}');
  }

  #jumpText(stmt: Of<'leave' | 'continue'>): string {
    const target = this.#jumps.findLast((jump) => jump.label === stmt.label);
    const innermost = this.#jumps.findLast((jump) => jump.kind === 'loop')?.label;
    if (stmt.kind === 'continue' || target?.kind === 'next') {
      const loop = target?.loop ?? stmt.label;
      return innermost === loop ? 'continue;' : `continue ${safeName(loop)};`;
    }
    return target?.kind === 'loop' && innermost === stmt.label ? 'break;' : `break ${safeName(stmt.label)};`;
  }
}

function memberPath(shape: RecordShape, local: string): string {
  return shape.members.find((member) => member.local === local)?.path ?? local;
}
/** The block that is all of a for loop's body and is left early, or null. */
function nextBlock(loop: Of<'loop'>): Of<'block'> | null {
  const [only, ...others] = loop.body.slice(1, -1);
  return only?.kind === 'block' && others.length === 0 && leavesTo(only, only.label) ? only : null;
}
/** Whether a jump to this label comes from inside a loop further in. */
function needsLabel(label: string, body: readonly Stmt[]): boolean {
  let needed = false;
  visitStmts(body, (stmt, parents) => {
    if ((stmt.kind === 'leave' || stmt.kind === 'continue') && stmt.label === label && parents.some((parent) => parent.kind === 'loop'))
      needed = true;
  });
  return needed;
}
function stepText(writer: Writer, name: string, update: Of<'assign'>, type: ScalarType): string {
  const { value } = update;
  const steps = value.op === 'binary' && (value.operator === '+' || value.operator === '-') && value.b.op === 'const';
  if (!steps || localsOfExpr(value.a).join() !== update.dst || (value.a.op !== 'local' && value.a.op !== 'cast')) {
    return `${name} = ${printConverted(writer, value, type)}`;
  }
  const one = value.b.op === 'const' && value.b.value === 1;
  return one ? `${name}${value.operator}${value.operator}` : `${name} ${value.operator}= ${printExpr(writer, value.b)}`;
}
