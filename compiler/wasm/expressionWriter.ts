/**
 * Expressions of the tree as WebAssembly.
 *
 * In: expressions whose ranges are known. Out: their bytes, written behind what is there. Never: a number that does not fit where it is kept.
 *
 * A number whose range fits is kept in 32 bits, others in 64. `push` gives the exact number, `bits` its low 32 bits,
 * `condition` something that is 0 or not.
 */
import { arithmetic, atomicOpcode, Bytes, blockType, type NumberType, opcode, tableType } from './encode.ts';
import { rangeOf, stopsAtTop, topProduct } from './ranges.ts';
import { type Expr, type FunctionTree, isWord, NotInLanguage, type Range, type Stmt, type Variable, type Words } from './tree.ts';

type Binary = Extract<Expr, { kind: 'binary' }>;
/** Operators of which the low bits of the result follow from the low bits of the operands. */
const modular = new Set(['+', '-', '*', '&', '|', '^', '<<', '>>', '>>>']);

/** Throws NotInLanguage where a number may need more than 64 bits. */
export function typeOf(range: Range | null): NumberType {
  if (isWord(range)) return 'i32';
  if (range !== null && (range.lo < -(2 ** 63) || range.hi >= 2 ** 63)) throw new NotInLanguage('numbers beyond 64 bits');
  return 'i64';
}

export abstract class ExpressionWriter {
  protected readonly out = new Bytes();
  protected readonly tree: FunctionTree;
  private readonly ranges = new Map<Expr, Range | null>();
  /** Locals beside those of the tree. */
  readonly scratch: NumberType[] = [];
  /** Of these, the one that products are kept in, and the one that is to be `ownGlobal` from the beginning on; null: not used. */
  private product: number | null = null;
  protected own: number | null = null;
  /** Blocks that are open. */
  protected depth = 0;

  constructor(tree: FunctionTree) {
    this.tree = tree;
  }

  /** Statements that come before the value of an expression. */
  protected abstract stmts(stmts: readonly Stmt[]): void;

  private range(expr: Expr): Range | null {
    const known = this.ranges.get(expr);
    if (known !== undefined) return known;
    const found = rangeOf(expr, (inner) => this.range(inner));
    this.ranges.set(expr, found);
    return found;
  }

  protected type(expr: Expr): NumberType {
    return typeOf(this.range(expr));
  }

  protected constant(value: number, type: NumberType): void {
    this.out.byte(opcode.const[type]);
    this.out.signed(BigInt(value));
  }

  protected open(code: number, type: number = blockType.none): void {
    this.out.byte(code, type);
    this.depth++;
  }
  protected close(): void {
    this.out.byte(opcode.end);
    this.depth--;
  }

  protected set({ global, index }: Variable): void {
    this.out.byte(global ? opcode.globalSet : opcode.localSet);
    this.out.unsigned(index);
  }

  /** A number that is known to fit into the type, whatever its range says. */
  protected value(expr: Expr, type: NumberType): void {
    if (type === 'i32') this.bits(expr);
    else this.push(expr, type);
  }

  /** The exact number; 32 bits only if its range fits. */
  protected push(expr: Expr, type: NumberType): void {
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
      case 'atomic': {
        const start = this.address(expr.words, expr.index);
        for (const arg of expr.args) this.bits(arg);
        this.out.byte(opcode.atomic);
        this.access(atomicOpcode[expr.operator], start);
        return;
      }
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
    this.product ??= this.another('i64');
    const local = this.product;
    this.out.byte(opcode.localTee);
    this.out.unsigned(local);
    this.constant(topProduct, 'i64');
    this.out.byte(opcode.localGet);
    this.out.unsigned(local);
    this.constant(topProduct, 'i64');
    this.out.byte(opcode.notAboveUnsigned64, opcode.select);
  }

  private another(type: NumberType): number {
    return this.tree.parameters.length + this.tree.locals.length + this.scratch.push(type) - 1;
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
  protected bits(expr: Expr): void {
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
  protected condition(expr: Expr): void {
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
  protected address(words: Words, index: Expr): number {
    const terms: Expr[] = [];
    const fixed = addends(index, terms);
    const inside = fixed >= 0;
    const [first, ...rest] = terms;
    if (first === undefined) {
      if (!inside || words.own !== true) this.constant(inside ? 0 : 4 * fixed, 'i32');
    } else {
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
    if (words.own === true) {
      this.own ??= this.another('i32');
      this.out.byte(opcode.localGet);
      this.out.unsigned(this.own);
      if (first !== undefined || !inside) this.out.byte(arithmetic['+'].i32);
    }
    return words.start + (inside ? 4 * fixed : 0);
  }

  protected access(code: number, start: number): void {
    this.out.byte(code);
    this.place(start);
  }

  /** Words begin at multiples of four. */
  protected place(start: number): void {
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
