/**
 * Functions of the tree as WebAssembly.
 *
 * In: functions whose ranges are known. Out: their bytes. Never: a number that does not fit where it is kept.
 *
 * A number whose range fits is kept in 32 bits, others in 64. `push` gives the exact number, `bits` its low 32 bits,
 * `condition` something that is 0 or not.
 */
import {
  arithmetic,
  Bytes,
  blockType,
  type EncodedFunction,
  type NumberType,
  opcode,
  type Signature,
  tableType,
  wideOpcode,
} from './encode.ts';
import { rangeOf, stopsAtTop, topProduct } from './ranges.ts';
import { type Expr, type FunctionTree, isWord, NotInLanguage, type Range, type Stmt, type Variable, type Words } from './tree.ts';

type Binary = Extract<Expr, { kind: 'binary' }>;
/** Operators of which the low bits of the result follow from the low bits of the operands. */
const modular = new Set(['+', '-', '*', '&', '|', '^', '<<', '>>', '>>>']);

export function typeOf(range: Range | null): NumberType {
  if (isWord(range)) return 'i32';
  if (range !== null && (range.lo < -(2 ** 63) || range.hi >= 2 ** 63)) throw new NotInLanguage('numbers beyond 64 bits');
  return 'i64';
}

export function signatureOf(tree: FunctionTree): Signature {
  return { parameters: tree.parameters.map(({ range }) => typeOf(range)), result: typeOf(tree.result.range) };
}

export function generateFunction(tree: FunctionTree): EncodedFunction {
  [...tree.parameters, ...tree.locals].forEach((variable, k) => {
    variable.index = k;
  });
  const writer = new Writer(tree);
  const code = writer.write();
  const locals = [...tree.locals.map(({ range }) => typeOf(range)), ...writer.scratch];
  return { signature: signatureOf(tree), locals, code, exported: tree.exported ? tree.name : null };
}

/** Something that a jump can leave or go round. */
interface Target {
  readonly depth: number;
  readonly kind: 'break' | 'continue';
  readonly label: string | null;
  /** Jumps without a label may mean it. */
  readonly plain: boolean;
}

class Writer {
  private readonly out = new Bytes();
  private readonly tree: FunctionTree;
  private readonly ranges = new Map<Expr, Range | null>();
  /** Locals beside those of the tree: at most one of 64 bits. */
  readonly scratch: NumberType[] = [];
  private depth = 0;
  private readonly targets: Target[] = [];

  constructor(tree: FunctionTree) {
    this.tree = tree;
  }

  write(): Bytes {
    this.stmts(this.tree.body);
    this.constant(0, typeOf(this.tree.result.range));
    this.out.byte(opcode.end);
    return this.out;
  }

  private range(expr: Expr): Range | null {
    const known = this.ranges.get(expr);
    if (known !== undefined) return known;
    const found = rangeOf(expr, (inner) => this.range(inner));
    this.ranges.set(expr, found);
    return found;
  }

  private type(expr: Expr): NumberType {
    return typeOf(this.range(expr));
  }

  private constant(value: number, type: NumberType): void {
    this.out.byte(opcode.const[type]);
    this.out.signed(BigInt(value));
  }

  // Statements.

  private stmts(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) this.stmt(stmt);
  }

  private stmt(stmt: Stmt): void {
    const { out } = this;
    switch (stmt.kind) {
      case 'set':
        this.value(stmt.value, typeOf(stmt.variable.range));
        this.set(stmt.variable);
        return;
      case 'store': {
        const start = this.address(stmt.words, stmt.index);
        this.bits(stmt.value);
        this.access(opcode.store, start);
        return;
      }
      case 'copy':
        this.copy(stmt);
        return;
      case 'run':
        this.push(stmt.value, this.type(stmt.value));
        out.byte(opcode.drop);
        return;
      case 'if':
        this.condition(stmt.test);
        this.open(opcode.if);
        this.stmts(stmt.yes);
        if (stmt.no.length > 0) {
          out.byte(opcode.else);
          this.stmts(stmt.no);
        }
        this.close();
        return;
      case 'block':
        this.target({ kind: 'break', label: stmt.label, plain: false }, opcode.block, () => this.stmts(stmt.body));
        return;
      case 'loop':
        this.loop(stmt);
        return;
      case 'switch':
        this.switch(stmt);
        return;
      case 'break':
      case 'continue': {
        const found = this.targets.findLast(
          ({ kind, label, plain }) => kind === stmt.kind && (stmt.label === null ? plain : label === stmt.label),
        );
        if (found === undefined) throw new NotInLanguage(`a jump to ${stmt.label ?? 'nowhere'}`);
        this.jump(found.depth);
        return;
      }
      case 'return':
        this.value(stmt.value, typeOf(this.tree.result.range));
        out.byte(opcode.return);
        return;
      case 'throw':
        out.byte(opcode.throw, 0);
        return;
      case 'try':
        this.open(opcode.try);
        this.stmts(stmt.body);
        out.byte(opcode.catch, 0);
        this.stmts(stmt.caught);
        this.close();
        return;
    }
  }

  private open(code: number, type: number = blockType.none): void {
    this.out.byte(code, type);
    this.depth++;
  }
  private close(): void {
    this.out.byte(opcode.end);
    this.depth--;
  }
  private jump(depth: number, code: number = opcode.br): void {
    this.out.byte(code);
    this.out.unsigned(this.depth - depth);
  }
  private target(target: Omit<Target, 'depth'>, code: number, body: () => void): void {
    this.open(code);
    this.targets.push({ ...target, depth: this.depth });
    body();
    this.targets.pop();
    this.close();
  }

  private loop(stmt: Extract<Stmt, { kind: 'loop' }>): void {
    const { label, test, late, update } = stmt;
    this.target({ kind: 'break', label, plain: true }, opcode.block, () => {
      const end = this.depth;
      this.open(opcode.loop);
      const start = this.depth;
      if (test !== null && !late) {
        this.condition(test);
        this.out.byte(opcode.isZero.i32);
        this.jump(end, opcode.brIf);
      }
      const body = (): void => this.stmts(stmt.body);
      if (update.length === 0 && !late) {
        // Going round is a jump to the start.
        this.targets.push({ kind: 'continue', label, plain: true, depth: start });
        body();
        this.targets.pop();
      } else this.target({ kind: 'continue', label, plain: true }, opcode.block, body);
      this.stmts(update);
      if (test !== null && late) {
        this.condition(test);
        this.jump(start, opcode.brIf);
      } else this.jump(start);
      this.close();
    });
  }

  private switch({ on, cases }: Extract<Stmt, { kind: 'switch' }>): void {
    this.target({ kind: 'break', label: null, plain: true }, opcode.block, () => {
      const end = this.depth;
      for (const _ of cases) this.open(opcode.block);
      // The first case is the innermost block.
      const depthOf = (k: number): number => (k < 0 ? end : end + cases.length - k);
      const otherwise = depthOf(cases.findIndex(({ value }) => value === null));
      const known = cases.flatMap(({ value }, k) => (value === null ? [] : [{ value, k }]));
      const low = Math.min(...known.map(({ value }) => value));
      const high = Math.max(...known.map(({ value }) => value));
      if (known.length > 0 && high - low < 4 * known.length + 64) {
        this.bits(low === 0 ? on : { kind: 'binary', operator: '-', a: on, b: { kind: 'number', value: low } });
        const first = new Map(known.toReversed().map(({ value, k }) => [value, k]));
        this.out.byte(opcode.brTable);
        this.out.unsigned(high - low + 1);
        for (let value = low; value <= high; value++) {
          const k = first.get(value);
          this.out.unsigned(this.depth - (k === undefined ? otherwise : depthOf(k)));
        }
        this.out.unsigned(this.depth - otherwise);
      } else {
        for (const { value, k } of known) {
          this.condition({ kind: 'compare', operator: '===', a: on, b: { kind: 'number', value } });
          this.jump(depthOf(k), opcode.brIf);
        }
        this.jump(otherwise);
      }
      for (const { body } of cases) {
        this.close();
        this.stmts(body);
      }
    });
  }

  // Expressions.

  private set({ global, index }: Variable): void {
    this.out.byte(global ? opcode.globalSet : opcode.localSet);
    this.out.unsigned(index);
  }

  /** A number that is known to fit into the type, whatever its range says. */
  private value(expr: Expr, type: NumberType): void {
    if (type === 'i32') this.bits(expr);
    else this.push(expr, type);
  }

  /** The exact number; 32 bits only if its range fits. */
  private push(expr: Expr, type: NumberType): void {
    const natural = this.type(expr);
    if (natural !== type) {
      if (type === 'i32') {
        this.bits(expr);
        return;
      }
      this.push(expr, natural);
      this.out.byte(opcode.extendSigned);
      return;
    }
    switch (expr.kind) {
      case 'number':
        this.constant(expr.value, type);
        return;
      case 'get':
        this.out.byte(expr.variable.global ? opcode.globalGet : opcode.localGet);
        this.out.unsigned(expr.variable.index);
        return;
      case 'load': {
        const start = this.address(expr.words, expr.index);
        this.access(type === 'i32' ? opcode.load : opcode.loadUnsigned64, start);
        return;
      }
      case 'binary':
        this.binary(expr, type);
        return;
      case 'scale':
        this.push(expr.a, 'i64');
        this.push(expr.b, 'i64');
        this.out.byte(arithmetic['<<'].i64);
        if (type === 'i32') this.out.byte(opcode.wrap);
        return;
      case 'step':
        this.bits(expr.a);
        this.constant(expr.by, 'i32');
        this.out.byte(arithmetic['+'].i32);
        return;
      case 'leadingZeros':
        this.bits(expr.a);
        this.out.byte(opcode.leadingZeros);
        return;
      case 'compare':
      case 'and':
      case 'or':
      case 'not':
        this.condition(expr);
        return;
      case 'choice':
        this.choice(expr, type, (one) => this.push(one, type));
        return;
      case 'call':
        expr.callee.parameters.forEach((parameter, k) => {
          this.value(expr.args[k] ?? { kind: 'number', value: 0 }, typeOf(parameter.range));
        });
        this.out.byte(opcode.call);
        this.out.unsigned(expr.callee.index);
        return;
      case 'indirect':
        this.bits(expr.arg);
        this.bits(expr.index);
        this.out.byte(opcode.callIndirect, tableType, 0);
        return;
      case 'sequence':
        this.stmts(expr.before);
        this.push(expr.value, type);
        return;
      case 'within':
        // The number fits; its expression may look as if it did not.
        this.value(expr.a, type);
        return;
      case 'low':
        this.bits(expr.a);
        return;
    }
  }

  private binary(expr: Binary, type: NumberType): void {
    const { operator, a, b } = expr;
    if (operator === '/' || operator === '%') {
      // 64 bits where a quotient could leave 32.
      const wide = type === 'i64' || this.type(a) === 'i64' || this.type(b) === 'i64';
      const used = wide ? 'i64' : 'i32';
      this.push(a, used);
      this.push(b, used);
      this.out.byte(arithmetic[operator][used]);
      if (wide && type === 'i32') this.out.byte(opcode.wrap);
      return;
    }
    if (type === 'i32') {
      this.bits(a);
      this.bits(b);
      this.out.byte(arithmetic[operator].i32);
    } else if (operator === '>>>') {
      this.bits(a);
      this.bits(b);
      this.out.byte(arithmetic[operator].i32, opcode.extendUnsigned);
    } else {
      this.push(a, 'i64');
      this.push(b, 'i64');
      this.out.byte(arithmetic[operator].i64);
      const ranges = [this.range(a), this.range(b)] as const;
      if (operator === '*' && ranges[0] !== null && ranges[1] !== null && stopsAtTop(ranges[0], ranges[1])) this.stop();
    }
  }

  /** The product on the stack, or the largest that is kept. */
  private stop(): void {
    if (this.scratch.length === 0) this.scratch.push('i64');
    const local = this.tree.parameters.length + this.tree.locals.length;
    this.out.byte(opcode.localTee);
    this.out.unsigned(local);
    this.constant(topProduct, 'i64');
    this.out.byte(opcode.localGet);
    this.out.unsigned(local);
    this.constant(topProduct, 'i64');
    this.out.byte(opcode.notAboveUnsigned64, opcode.select);
  }

  private choice(expr: Extract<Expr, { kind: 'choice' }>, type: NumberType, give: (expr: Expr) => void): void {
    this.condition(expr.test);
    this.open(opcode.if, blockType[type]);
    give(expr.yes);
    this.out.byte(opcode.else);
    give(expr.no);
    this.close();
  }

  /** The low 32 bits of the number. */
  private bits(expr: Expr): void {
    if (this.type(expr) === 'i32') {
      this.push(expr, 'i32');
      return;
    }
    if (expr.kind === 'binary' && modular.has(expr.operator)) {
      this.bits(expr.a);
      this.bits(expr.b);
      this.out.byte(arithmetic[expr.operator].i32);
    } else if (expr.kind === 'choice') this.choice(expr, 'i32', (one) => this.bits(one));
    else if (expr.kind === 'within') this.bits(expr.a);
    else if (expr.kind === 'load') this.access(opcode.load, this.address(expr.words, expr.index));
    else if (expr.kind === 'sequence') {
      this.stmts(expr.before);
      this.bits(expr.value);
    } else if (expr.kind === 'number') this.constant(expr.value | 0, 'i32');
    else {
      this.push(expr, 'i64');
      this.out.byte(opcode.wrap);
    }
  }

  /** 32 bits, not 0 if it is true. */
  private condition(expr: Expr): void {
    switch (expr.kind) {
      case 'compare': {
        const type = this.type(expr.a) === 'i64' || this.type(expr.b) === 'i64' ? 'i64' : 'i32';
        this.push(expr.a, type);
        if (expr.b.kind === 'number' && expr.b.value === 0 && expr.operator === '===') {
          this.out.byte(opcode.isZero[type]);
          return;
        }
        this.push(expr.b, type);
        this.out.byte(arithmetic[expr.operator][type]);
        return;
      }
      case 'and':
      case 'or':
        this.condition(expr.a);
        this.open(opcode.if, blockType.i32);
        if (expr.kind === 'and') this.condition(expr.b);
        else this.constant(1, 'i32');
        this.out.byte(opcode.else);
        if (expr.kind === 'and') this.constant(0, 'i32');
        else this.condition(expr.b);
        this.close();
        return;
      case 'not':
        this.condition(expr.a);
        this.out.byte(opcode.isZero.i32);
        return;
      default:
        if (this.type(expr) === 'i32') this.push(expr, 'i32');
        else {
          this.push(expr, 'i64');
          this.constant(0, 'i64');
          this.out.byte(arithmetic['!=='].i64);
        }
    }
  }

  /** Pushes an address; gives the byte offset that belongs to it. */
  private address(words: Words, index: Expr): number {
    const terms: Expr[] = [];
    const fixed = addends(index, terms);
    const inside = fixed >= 0;
    const [first, ...rest] = terms;
    if (first === undefined) this.constant(inside ? 0 : 4 * fixed, 'i32');
    else {
      this.bits(first);
      for (const term of rest) {
        this.bits(term);
        this.out.byte(arithmetic['+'].i32);
      }
      if (!inside) {
        this.constant(fixed, 'i32');
        this.out.byte(arithmetic['+'].i32);
      }
      this.constant(2, 'i32');
      this.out.byte(arithmetic['<<'].i32);
    }
    return words.start + (inside ? 4 * fixed : 0);
  }

  /** Four words at a time, then two, then one. */
  private copy({ array, from, to, count }: Extract<Stmt, { kind: 'copy' }>): void {
    for (let done = 0; done < count; ) {
      const size = count - done >= 4 ? 4 : count - done >= 2 ? 2 : 1;
      const target = this.address(array, to);
      const start = this.address(array, from);
      if (size === 4) this.out.byte(opcode.wide, wideOpcode.load);
      else this.out.byte(size === 2 ? opcode.load64 : opcode.load);
      this.place(start + 4 * done);
      if (size === 4) this.out.byte(opcode.wide, wideOpcode.store);
      else this.out.byte(size === 2 ? opcode.store64 : opcode.store);
      this.place(target + 4 * done);
      done += size;
    }
  }

  private access(code: number, start: number): void {
    this.out.byte(code);
    this.place(start);
  }

  /** Words begin at multiples of four. */
  private place(start: number): void {
    this.out.byte(2);
    this.out.unsigned(start);
  }
}

/** The sum's literals; its other terms are added to `terms`. */
function addends(expr: Expr, terms: Expr[]): number {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind === 'binary' && expr.operator === '+') return addends(expr.a, terms) + addends(expr.b, terms);
  terms.push(expr);
  return 0;
}
