/**
 * The body of one generated function as a tree.
 *
 * In: statements and expressions of the text, what the module declares. Out: statements and expressions of the tree. Never: a
 * guess; what the language does not have is refused.
 */
import type { Argument, Expression, Function as FunctionNode, Node, Statement } from 'oxc-parser';
import {
  type AtomicOperator,
  type Expr,
  type FunctionTree,
  NotInLanguage,
  type Range,
  type Stmt,
  type Variable,
  type Words,
} from './tree.ts';

/** What a function can name besides its own locals. */
export interface Surroundings {
  /** Words that `cp` copies; null before it was met. */
  readonly copied: number | null;
  rangeOf(owner: string, name: string): Range | null;
  named(name: string): FunctionTree;
  /** A function whose calls it is put in place of; undefined if it is none. */
  template(name: string): FunctionNode | undefined;
  words(name: string): Words;
  global(name: string): Variable | undefined;
}

export class FunctionReader {
  private readonly reader: Surroundings;
  private readonly tree: FunctionTree;
  private readonly locals: Map<string, Variable>;
  /** What parameters of a function that is put in place stand for. */
  private aliases: ReadonlyMap<string, Expr> = new Map();
  private temporaries = 0;

  constructor(reader: Surroundings, tree: FunctionTree) {
    this.reader = reader;
    this.tree = tree;
    this.locals = new Map(tree.parameters.map((parameter) => [parameter.name, parameter]));
  }

  stmts(nodes: readonly Statement[]): Stmt[] {
    return nodes.flatMap((node) => this.stmt(node));
  }

  private inner(node: Statement | null): Stmt[] {
    if (node === null) return [];
    return node.type === 'BlockStatement' ? this.stmts(node.body) : this.stmt(node);
  }

  private stmt(node: Statement, label: string | null = null): Stmt[] {
    switch (node.type) {
      case 'EmptyStatement':
        return [];
      case 'BlockStatement':
        return label === null ? this.stmts(node.body) : [{ kind: 'block', label, body: this.stmts(node.body) }];
      case 'LabeledStatement':
        return this.stmt(node.body, node.label.name);
      case 'VariableDeclaration':
        return node.declarations.flatMap(({ id, init }): Stmt[] => {
          const declared = this.local(nameOf(id));
          return init === null || init === undefined ? [] : [{ kind: 'set', variable: declared, value: this.expr(init) }];
        });
      case 'ExpressionStatement':
        return this.effect(node.expression);
      case 'IfStatement':
        return [{ kind: 'if', test: this.expr(node.test), yes: this.inner(node.consequent), no: this.inner(node.alternate) }];
      case 'ForStatement': {
        const before = node.init === null ? [] : node.init.type === 'VariableDeclaration' ? this.stmt(node.init) : this.effect(node.init);
        const test = node.test === null ? null : this.expr(node.test);
        const update = node.update === null ? [] : this.effect(node.update);
        return [...before, { kind: 'loop', label, test, late: false, update, body: this.inner(node.body) }];
      }
      case 'WhileStatement':
      case 'DoWhileStatement': {
        const late = node.type === 'DoWhileStatement';
        return [{ kind: 'loop', label, test: this.expr(node.test), late, update: [], body: this.inner(node.body) }];
      }
      case 'SwitchStatement': {
        const cases = node.cases.map((one) => ({
          value: one.test === null ? null : this.caseValue(one.test),
          body: this.stmts(one.consequent),
        }));
        return [{ kind: 'switch', on: this.expr(node.discriminant), cases }];
      }
      case 'BreakStatement':
      case 'ContinueStatement':
        return [{ kind: node.type === 'BreakStatement' ? 'break' : 'continue', label: node.label?.name ?? null }];
      case 'ReturnStatement':
        return [{ kind: 'return', value: node.argument === null ? { kind: 'number', value: 0 } : this.expr(node.argument) }];
      case 'TryStatement':
        if (node.handler !== null && node.finalizer === null) {
          return [{ kind: 'try', body: this.stmts(node.block.body), caught: this.stmts(node.handler.body.body) }];
        }
        return this.finishing(this.stmts(node.block.body), this.stmts(node.finalizer?.body ?? []));
      default:
        throw new NotInLanguage(`a statement ${node.type}`);
    }
  }

  /** A body that returns at its end, with what is run after it: nothing in it throws what could be caught. */
  private finishing(body: readonly Stmt[], last: readonly Stmt[]): Stmt[] {
    const end = body.at(-1);
    if (end?.kind !== 'return') throw new NotInLanguage('this try statement');
    const kept = this.fresh();
    return [...body.slice(0, -1), { kind: 'set', variable: kept, value: end.value }, ...last, { kind: 'return', value: get(kept) }];
  }

  private caseValue(node: Expression): number {
    const value = literal(node);
    if (value === null) throw new NotInLanguage('a case that is no literal');
    return value;
  }

  /** An expression that is run for what it does. */
  private effect(node: Expression): Stmt[] {
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier') {
      if (node.callee.name === 'X') return this.raise(node.arguments);
      if (node.callee.name === 'cp') return this.copy(this.args(node.arguments));
    }
    const value = this.expr(node);
    return value.kind === 'sequence' && isPlain(value.value) ? [...value.before] : [{ kind: 'run', value }];
  }

  /** A state to another place; a long one by the function that does so. */
  private copy([from, to]: readonly Expr[]): Stmt[] {
    const callee = this.reader.named('cp');
    if (from === undefined || to === undefined) throw new NotInLanguage('this copy');
    const count = this.reader.copied;
    if (count === null) return [{ kind: 'run', value: { kind: 'call', callee, args: [from, to] } }];
    return [{ kind: 'copy', array: this.reader.words('M'), from, to, count }];
  }

  private raise(args: readonly Argument[]): Stmt[] {
    const fault = this.reader.global('F');
    if (fault === undefined) throw new NotInLanguage('faults');
    return [{ kind: 'set', variable: fault, value: this.args(args)[0] ?? { kind: 'number', value: 0 } }, { kind: 'throw' }];
  }

  expr(node: Expression): Expr {
    switch (node.type) {
      case 'Literal': {
        const value = literal(node);
        if (value === null) throw new NotInLanguage(`the literal ${String(node.value)}`);
        return { kind: 'number', value };
      }
      case 'Identifier':
        return this.aliases.get(node.name) ?? get(this.variable(node.name));
      case 'MemberExpression':
        return this.load(node);
      case 'UnaryExpression': {
        const a = this.expr(node.argument);
        if (node.operator === '!') return { kind: 'not', a };
        if (node.operator === '~') return { kind: 'binary', operator: '^', a, b: { kind: 'number', value: -1 } };
        if (node.operator !== '-') throw new NotInLanguage(`the operator ${node.operator}`);
        return a.kind === 'number'
          ? { kind: 'number', value: 0 - a.value }
          : { kind: 'binary', operator: '-', a: { kind: 'number', value: 0 }, b: a };
      }
      case 'BinaryExpression':
        return this.binary(node);
      case 'LogicalExpression':
        if (node.operator === '??') throw new NotInLanguage(node.operator);
        return { kind: node.operator === '&&' ? 'and' : 'or', a: this.expr(node.left), b: this.expr(node.right) };
      case 'ConditionalExpression':
        return { kind: 'choice', test: this.expr(node.test), yes: this.expr(node.consequent), no: this.expr(node.alternate) };
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        if (last === undefined) throw new NotInLanguage('an empty sequence');
        return { kind: 'sequence', before: node.expressions.slice(0, -1).flatMap((one) => this.effect(one)), value: this.expr(last) };
      }
      case 'AssignmentExpression':
        return this.assignment(node);
      case 'UpdateExpression':
        return this.update(node);
      case 'CallExpression':
        return this.call(node);
      default:
        throw new NotInLanguage(`an expression ${node.type}`);
    }
  }

  private binary(node: Extract<Expression, { type: 'BinaryExpression' }>): Expr {
    const { operator, right } = node;
    if (node.left.type === 'PrivateIdentifier') throw new NotInLanguage(node.left.type);
    const a = this.expr(node.left);
    if (operator === '*' && right.type === 'BinaryExpression' && right.operator === '**')
      return { kind: 'scale', a, b: this.expr(right.right) };
    const b = this.expr(right);
    switch (operator) {
      case '===':
      case '!==':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return { kind: 'compare', operator, a, b };
      case '|':
        if (b.kind === 'number' && b.value === 0) return { kind: 'low', a };
        return { kind: 'binary', operator, a, b };
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
      case '&':
      case '^':
      case '<<':
      case '>>':
      case '>>>':
        return { kind: 'binary', operator, a, b };
      default:
        throw new NotInLanguage(`the operator ${operator}`);
    }
  }

  private load(node: Extract<Expression, { type: 'MemberExpression' }>): Extract<Expr, { kind: 'load' }> {
    if (!node.computed || node.object.type !== 'Identifier') throw new NotInLanguage('this member of an object');
    return { kind: 'load', words: this.reader.words(node.object.name), index: this.expr(node.property) };
  }

  /** Places are written and read again: their indices do nothing but compute. */
  private put(target: Node, value: (old: Expr) => Expr): { readonly stmt: Stmt; readonly value: Expr } {
    if (target.type === 'Identifier') {
      const place = this.variable(target.name);
      return { stmt: { kind: 'set', variable: place, value: value(get(place)) }, value: get(place) };
    }
    if (target.type !== 'MemberExpression') throw new NotInLanguage(`an assignment to ${target.type}`);
    const place = this.load(target);
    return { stmt: { kind: 'store', words: place.words, index: place.index, value: value(place) }, value: place };
  }

  private assignment(node: Extract<Expression, { type: 'AssignmentExpression' }>): Expr {
    const right = this.expr(node.right);
    const combined = (old: Expr): Expr => {
      switch (node.operator) {
        case '=':
          return right;
        case '+=':
        case '*=':
        case '|=':
        case '&=':
          return { kind: 'binary', operator: node.operator.slice(0, 1) as '+' | '*' | '|' | '&', a: old, b: right };
        default:
          throw new NotInLanguage(`the operator ${node.operator}`);
      }
    };
    const { stmt, value } = this.put(node.left, combined);
    return { kind: 'sequence', before: [stmt], value };
  }

  private update(node: Extract<Expression, { type: 'UpdateExpression' }>): Expr {
    const by = node.operator === '++' ? 1 : -1;
    const { stmt, value } = this.put(node.argument, (old) => ({ kind: 'step', a: old, by }));
    return { kind: 'sequence', before: [stmt], value: node.prefix ? value : { kind: 'step', a: value, by: -by } };
  }

  private call(node: Extract<Expression, { type: 'CallExpression' }>): Expr {
    const { callee } = node;
    if (callee.type === 'MemberExpression') return this.memberCall(callee, node.arguments);
    if (callee.type !== 'Identifier') throw new NotInLanguage('this call');
    if (callee.name === 'caught') return { kind: 'call', callee: this.reader.named('caught'), args: [] };
    const template = this.reader.template(callee.name);
    if (template !== undefined) return this.placed(callee.name, template, this.args(node.arguments));
    return { kind: 'call', callee: this.reader.named(callee.name), args: this.args(node.arguments) };
  }

  private memberCall(callee: Extract<Expression, { type: 'MemberExpression' }>, given: readonly Argument[]): Expr {
    if (callee.object.type === 'Identifier' && callee.object.name === 'Atomics') return this.atomic(callee.property, given);
    const args = this.args(given);
    const [first, second] = args;
    if (callee.object.type !== 'Identifier' || first === undefined) throw new NotInLanguage('this call of a member');
    if (callee.object.name === 'RG' && callee.computed) return { kind: 'indirect', index: this.expr(callee.property), arg: first };
    const name = `${callee.object.name}.${callee.property.type === 'Identifier' ? callee.property.name : '?'}`;
    if (name === 'Math.clz32') return { kind: 'leadingZeros', a: first };
    // Quotients are whole already.
    if (name === 'Math.trunc') return first;
    if (name === 'Math.imul' && second !== undefined) return { kind: 'low', a: { kind: 'binary', operator: '*', a: first, b: second } };
    throw new NotInLanguage(`the function ${name}`);
  }

  private atomic(property: Node, [array, ...given]: readonly Argument[]): Expr {
    const operator = nameOf(property);
    const [index, ...args] = this.args(given);
    const wanted = operator === 'load' ? 0 : operator === 'compareExchange' ? 2 : -1;
    if (array === undefined || index === undefined || args.length !== wanted) throw new NotInLanguage(`the function Atomics.${operator}`);
    return { kind: 'atomic', operator: operator as AtomicOperator, words: this.reader.words(nameOf(array)), index, args };
  }

  private args(nodes: readonly Argument[]): Expr[] {
    return nodes.map((node) => {
      if (node.type === 'SpreadElement') throw new NotInLanguage(node.type);
      return this.expr(node);
    });
  }

  /** The body of a small function with its arguments in the place of its parameters. */
  private placed(name: string, template: FunctionNode, args: readonly Expr[]): Expr {
    const before: Stmt[] = [];
    const outer = this.aliases;
    const inner = new Map<string, Expr>();
    template.params.forEach((parameter, k) => {
      const arg = args[k] ?? { kind: 'number', value: 0 };
      const plain = arg.kind === 'number' || (arg.kind === 'get' && !arg.variable.global);
      const kept = plain ? null : this.fresh();
      if (kept !== null) before.push({ kind: 'set', variable: kept, value: arg });
      inner.set(nameOf(parameter), kept === null ? arg : get(kept));
    });
    this.aliases = inner;
    const body = this.stmts((template.body?.body ?? []) as readonly Statement[]);
    this.aliases = outer;
    const end = body.at(-1);
    if (end?.kind !== 'return') throw new NotInLanguage(`${name} in place`);
    return { kind: 'sequence', before: [...before, ...body.slice(0, -1)], value: narrowed(name, end.value, args) };
  }

  private fresh(): Variable {
    return this.local(`in ${this.temporaries++}`);
  }

  private local(name: string): Variable {
    const old = this.locals.get(name);
    if (old !== undefined) return old;
    const made = variable(name, false, this.reader.rangeOf(this.tree.name, name));
    this.locals.set(name, made);
    this.tree.locals.push(made);
    return made;
  }

  private variable(name: string): Variable {
    const found = this.locals.get(name) ?? this.reader.global(name);
    if (found === undefined) throw new NotInLanguage(`the name ${name}`);
    return found;
  }
}

/** What a check leaves: the result of a small function, with the ends that its literal arguments give. */
function narrowed(name: string, a: Expr, args: readonly Expr[]): Expr {
  const at = (k: number): number | null => {
    const arg = args[k];
    return arg?.kind === 'number' ? arg.value : null;
  };
  const [first, second] = [at(1), at(2)];
  if (first === null) return a;
  if (name === 'rw' || name === 'ix') return { kind: 'within', a, lo: 0, hi: Math.max(first - 1, 0) };
  if (name === 'qo' || name === 'co') return { kind: 'within', a, lo: Number.NEGATIVE_INFINITY, hi: first };
  if (name === 'qu' || name === 'cu') return { kind: 'within', a, lo: first, hi: Number.POSITIVE_INFINITY };
  return (name === 'wo' || name === 'wu') && second !== null ? { kind: 'within', a, lo: first, hi: second } : a;
}

function get(from: Variable): Expr {
  return { kind: 'get', variable: from };
}
function isPlain(value: Expr): boolean {
  return value.kind === 'get' || value.kind === 'number' || value.kind === 'load' || (value.kind === 'step' && isPlain(value.a));
}
export function nameOf(node: Node): string {
  if (node.type !== 'Identifier') throw new NotInLanguage(`${node.type} in the place of a name`);
  return node.name;
}
export function literal(node: Expression): number | null {
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const value = literal(node.argument);
    return value === null ? null : 0 - value;
  }
  if (node.type !== 'Literal') return null;
  if (typeof node.value === 'boolean') return node.value ? 1 : 0;
  return typeof node.value === 'number' && Number.isSafeInteger(node.value) ? node.value : null;
}

export function variable(name: string, global: boolean, fixed: Range | null, initial = 0): Variable {
  return {
    name,
    global,
    fixed: fixed !== null,
    initial,
    range: fixed ?? (global ? { lo: initial, hi: initial } : null),
    growth: 0,
    index: 0,
  };
}
