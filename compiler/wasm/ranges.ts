/**
 * Which numbers each expression and each variable can hold, so that 32 bits are used wherever they suffice.
 *
 * In: a module. Out: ranges of variables; ranges of expressions on demand. Never: a range that is too narrow.
 *
 * Ranges of variables grow until nothing changes; one that grows often jumps to the next of a few wide ranges.
 */
import {
  type Expr,
  type FunctionTree,
  isWord,
  type ModuleTree,
  NotInLanguage,
  type Range,
  type Stmt,
  type Variable,
  word,
} from './tree.ts';

const unsigned: Range = { lo: 0, hi: 0xffff_ffff };
/** Products of two words without sign stop here: what is above a word is only compared, never kept. */
export const topProduct = 2 ** 63 - 1024;
const truth: Range = { lo: 0, hi: 1 };
/** Beyond the last ones a number does not fit into 64 bits. */
const lows = [0, -1, word.lo, -(2 ** 53), -(2 ** 63)];
const highs = [word.hi, 0xffff_ffff, 2 ** 53, topProduct];

/** Finds the ranges of all variables, parameters and results. Functions that the surroundings call may get any 32-bit number. */
export function findRanges(module: ModuleTree): void {
  for (const tree of module.functions) {
    if (tree.exported) for (const parameter of tree.parameters) widen(parameter, word);
  }
  for (const tree of module.table) for (const parameter of tree?.parameters ?? []) widen(parameter, word);
  new Walk().run(module.functions);
}

/** Whether the variable grew. */
function widen(variable: Variable, range: Range): boolean {
  const old = variable.range;
  if (variable.fixed || (old !== null && range.lo >= old.lo && range.hi <= old.hi)) return false;
  const joined = old === null ? range : { lo: Math.min(old.lo, range.lo), hi: Math.max(old.hi, range.hi) };
  variable.growth++;
  if (variable.growth <= 3 || old === null) variable.range = joined;
  else {
    const lo = joined.lo < old.lo ? lows.find((end) => end <= joined.lo) : old.lo;
    const hi = joined.hi > old.hi ? highs.find((end) => end >= joined.hi) : old.hi;
    if (lo === undefined || hi === undefined) throw new NotInLanguage(`numbers beyond 64 bits, in ${variable.name}`);
    variable.range = { lo, hi };
  }
  return true;
}

/** Goes through functions, again through those that read what grew since. */
class Walk {
  private readonly waiting = new Set<FunctionTree>();
  private readonly readers = new Map<Variable, Set<FunctionTree>>();
  private tree: FunctionTree | null = null;

  run(functions: readonly FunctionTree[]): void {
    for (const tree of functions) this.waiting.add(tree);
    // What is added again comes to the end.
    for (const tree of this.waiting) {
      this.waiting.delete(tree);
      this.tree = tree;
      this.stmts(tree.body);
    }
  }

  private give(variable: Variable, range: Range | null): void {
    if (range === null || !widen(variable, range)) return;
    for (const reader of this.readers.get(variable) ?? []) this.waiting.add(reader);
  }

  private read(variable: Variable): void {
    if (variable.fixed || this.tree === null) return;
    const readers = this.readers.get(variable);
    if (readers === undefined) this.readers.set(variable, new Set([this.tree]));
    else readers.add(this.tree);
  }

  private stmts(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) this.stmt(stmt);
  }

  private stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'set':
        this.give(stmt.variable, this.range(stmt.value));
        return;
      case 'store':
        this.range(stmt.index);
        this.range(stmt.value);
        return;
      case 'copy':
        this.range(stmt.from);
        this.range(stmt.to);
        return;
      case 'run':
        this.range(stmt.value);
        return;
      case 'if':
        this.range(stmt.test);
        this.stmts(stmt.yes);
        this.stmts(stmt.no);
        return;
      case 'block':
        this.stmts(stmt.body);
        return;
      case 'loop':
        if (stmt.test !== null) this.range(stmt.test);
        this.stmts(stmt.body);
        this.stmts(stmt.update);
        return;
      case 'switch':
        this.range(stmt.on);
        for (const one of stmt.cases) this.stmts(one.body);
        return;
      case 'return':
        if (this.tree !== null) this.give(this.tree.result, this.range(stmt.value));
        return;
      case 'try':
        this.stmts(stmt.body);
        this.stmts(stmt.caught);
        return;
      case 'break':
      case 'continue':
      case 'throw':
        return;
    }
  }

  /** The range, after what the expression does besides having a value. */
  private range(expr: Expr): Range | null {
    if (expr.kind === 'call') {
      expr.args.forEach((arg, k) => {
        const parameter = expr.callee.parameters[k];
        const range = this.range(arg);
        if (parameter !== undefined) this.give(parameter, range);
      });
      this.read(expr.callee.result);
    } else if (expr.kind === 'get') this.read(expr.variable);
    else if (expr.kind === 'sequence') this.stmts(expr.before);
    return rangeOf(expr, (inner) => this.range(inner));
  }
}

/** Range of an expression; `inner` gives those of its parts. Null: it cannot be reached, as far as is known yet. */
export function rangeOf(expr: Expr, inner: (expr: Expr) => Range | null): Range | null {
  switch (expr.kind) {
    case 'number':
      return { lo: expr.value, hi: expr.value };
    case 'get':
      return expr.variable.range;
    case 'load':
      inner(expr.index);
      return expr.words.unsigned ? unsigned : word;
    case 'binary': {
      const a = inner(expr.a);
      const b = inner(expr.b);
      return a === null || b === null ? null : binary(expr.operator, a, b);
    }
    case 'scale': {
      const a = inner(expr.a);
      inner(expr.b);
      return a === null ? null : { lo: Math.min(a.lo * 2 ** 31, a.lo), hi: Math.max(a.hi * 2 ** 31, a.hi) };
    }
    case 'step': {
      const a = inner(expr.a);
      return a === null ? null : { lo: Math.max(a.lo + expr.by, word.lo), hi: Math.min(a.hi + expr.by, word.hi) };
    }
    case 'leadingZeros':
      inner(expr.a);
      return { lo: 0, hi: 32 };
    case 'compare':
    case 'and':
    case 'or':
      inner(expr.a);
      inner(expr.b);
      return truth;
    case 'not':
      inner(expr.a);
      return truth;
    case 'choice': {
      inner(expr.test);
      const yes = inner(expr.yes);
      const no = inner(expr.no);
      if (yes === null || no === null) return yes ?? no;
      return { lo: Math.min(yes.lo, no.lo), hi: Math.max(yes.hi, no.hi) };
    }
    case 'call':
      return expr.callee.result.range;
    case 'indirect':
      inner(expr.index);
      inner(expr.arg);
      return word;
    case 'atomic':
      inner(expr.index);
      for (const arg of expr.args) inner(arg);
      return word;
    case 'sequence':
      return inner(expr.value);
    case 'within': {
      const a = inner(expr.a);
      if (a === null) return null;
      const lo = Math.max(a.lo, expr.lo);
      const hi = Math.min(a.hi, expr.hi);
      // Nothing passes the check: any range will do.
      return lo <= hi ? { lo, hi } : { lo: hi, hi };
    }
    case 'low': {
      const a = inner(expr.a);
      return a === null ? null : isWord(a) ? a : word;
    }
  }
}

function binary(operator: Extract<Expr, { kind: 'binary' }>['operator'], a: Range, b: Range): Range {
  switch (operator) {
    case '+':
      return { lo: a.lo + b.lo, hi: a.hi + b.hi };
    case '-':
      return { lo: a.lo - b.hi, hi: a.hi - b.lo };
    case '*': {
      const corners = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi];
      const hi = Math.max(...corners);
      return { lo: Math.min(...corners), hi: stopsAtTop(a, b) ? topProduct : hi };
    }
    case '/': {
      const reach = Math.max(Math.abs(a.lo), Math.abs(a.hi));
      if (a.lo < 0 || b.lo < 0) return { lo: -reach, hi: reach };
      return { lo: 0, hi: Math.floor(a.hi / Math.max(b.lo, 1)) };
    }
    case '%': {
      const reach = Math.min(Math.max(Math.abs(b.lo), Math.abs(b.hi)), Math.max(Math.abs(a.lo), Math.abs(a.hi)));
      return { lo: a.lo >= 0 ? 0 : -reach, hi: a.hi <= 0 ? 0 : reach };
    }
    case '&': {
      // What has no sign bit clears it.
      const ends = [a, b].filter((one) => one.lo >= 0 && isWord(one)).map((one) => one.hi);
      return ends.length === 0 ? word : { lo: 0, hi: Math.min(...ends) };
    }
    case '|':
    case '^': {
      if (a.lo < 0 || b.lo < 0 || !isWord(a) || !isWord(b)) return word;
      return { lo: 0, hi: 2 ** Math.ceil(Math.log2(Math.max(a.hi, b.hi) + 1)) - 1 };
    }
    case '<<': {
      const [low, high] = shifts(b);
      const lo = Math.min(a.lo * 2 ** low, a.lo * 2 ** high);
      const hi = Math.max(a.hi * 2 ** low, a.hi * 2 ** high);
      return isWord({ lo, hi }) ? { lo, hi } : word;
    }
    case '>>': {
      if (!isWord(a)) return word;
      const [low, high] = shifts(b);
      const ends = [a.lo, a.hi].flatMap((end) => [Math.floor(end / 2 ** low), Math.floor(end / 2 ** high)]);
      return { lo: Math.min(...ends), hi: Math.max(...ends) };
    }
    case '>>>': {
      const [low] = shifts(b);
      const top = a.lo >= 0 && a.hi <= unsigned.hi ? a.hi : unsigned.hi;
      return { lo: 0, hi: Math.floor(top / 2 ** low) };
    }
  }
}

/** The product of two words without sign may not fit into 64 bits with sign. */
export function stopsAtTop(a: Range, b: Range): boolean {
  const small = (one: Range): boolean => one.lo >= 0 && one.hi <= unsigned.hi;
  return small(a) && small(b) && a.hi * b.hi > topProduct;
}

function shifts(b: Range): readonly [number, number] {
  return b.lo >= 0 && b.hi <= 31 ? [b.lo, b.hi] : [0, 31];
}
