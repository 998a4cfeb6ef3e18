/**
 * Functions of the tree as WebAssembly: their statements.
 *
 * In: functions whose ranges are known. Out: their bytes. Never: an expression by itself (`expressionWriter.ts`).
 */
import { Bytes, type EncodedFunction, opcode, ownGlobal, type Signature, wideOpcode } from './encode.ts';
import { ExpressionWriter, typeOf } from './expressionWriter.ts';
import { type FunctionTree, NotInLanguage, type Stmt } from './tree.ts';

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

class Writer extends ExpressionWriter {
  private readonly targets: Target[] = [];

  write(): Bytes {
    this.stmts(this.tree.body);
    this.constant(0, typeOf(this.tree.result.range));
    this.out.byte(opcode.end);
    if (this.own === null) return this.out;
    const code = new Bytes();
    code.byte(opcode.globalGet, ownGlobal, opcode.localSet);
    code.unsigned(this.own);
    code.append(this.out);
    return code;
  }

  protected stmts(stmts: readonly Stmt[]): void {
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
}
