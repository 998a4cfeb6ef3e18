/**
 * From the text of generated code to the tree that WebAssembly is made of.
 *
 * In: the text that the JavaScript back end would run; where arrays lie in memory. Out: functions, globals.
 * Never: a guess; what the language does not have is refused.
 *
 * The small functions of the prelude that only compute or check are put in place of their calls.
 */
import type { Argument, Expression, Function as FunctionNode, Node, Statement } from 'oxc-parser';
import { parseSync } from 'oxc-parser';
import {
  type Entry,
  type Expr,
  type FunctionTree,
  type ModuleTree,
  NotInLanguage,
  type Range,
  type Stmt,
  type Variable,
  type Words,
  word,
} from './tree.ts';

const inPlace = new Set(['qo', 'qu', 'co', 'cu', 'wo', 'wu', 'bo', 'bx', 'rw', 'ix', 'nz', 'pr', 'pq', 'rc', 'rd', 'dz', 'dp']);
const offset = { lo: 0, hi: 2 ** 28 };
const choice = { lo: 0, hi: 2 ** 24 };
/** Ranges that the code generator vouches for: offsets of states, counters with a limit, numbers of things. */
const globalRanges: ReadonlyMap<string, Range> = new Map([
  ...['S', 'F', 'N', 'D', 'G', 'CL', 'CI'].map((name) => [name, offset] as const),
  ...['CP', 'RP', 'K'].map((name) => [name, { lo: -1, hi: 2 ** 24 }] as const),
  ...['W', 'H'].map((name) => [name, word] as const),
]);

/** `localRange` tells the range of a local of a spec, by the function that uses it and its name there; null if it is none. */
export type LocalRange = (owner: string, name: string) => Range | null;

export function readModule(text: string, arrays: ReadonlyMap<string, Words>, localRange: LocalRange): ModuleTree {
  const parsed = parseSync('generated.js', `function generated(env){${text}}`, { sourceType: 'script', preserveParens: false });
  const [whole] = parsed.program.body;
  if (parsed.errors.length > 0 || whole?.type !== 'FunctionDeclaration' || !whole.body)
    throw new NotInLanguage(`this text: ${text.slice(0, 80)}`);
  return new Reader(arrays, localRange).module(whole.body.body as readonly Statement[]);
}

function variable(name: string, global: boolean, fixed: Range | null, initial = 0): Variable {
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

class Reader {
  private readonly arrays: ReadonlyMap<string, Words>;
  private readonly localRange: LocalRange;
  private readonly functions = new Map<string, { readonly tree: FunctionTree; readonly node: FunctionNode | null }>();
  private readonly templates = new Map<string, FunctionNode>();
  private readonly globals = new Map<string, Variable>();
  private table: readonly (string | null)[] = [];
  /** How many words `cp` copies, one statement each; null if it has a loop. */
  copied: number | null = null;

  constructor(arrays: ReadonlyMap<string, Words>, localRange: LocalRange) {
    this.arrays = arrays;
    this.localRange = localRange;
    for (const [name, parameters] of [
      ['U', ['f']],
      ['O', []],
    ] as const) {
      const tree = this.tree(name, parameters, true);
      tree.result.range = offset;
      this.functions.set(name, { tree, node: null });
    }
  }

  module(body: readonly Statement[]): ModuleTree {
    let given: Expression | null = null;
    for (const statement of body) {
      if (statement.type === 'FunctionDeclaration') this.declare(statement);
      else if (statement.type === 'VariableDeclaration')
        for (const { id, init } of statement.declarations) this.declareGlobal(nameOf(id), init);
      else if (statement.type === 'ReturnStatement') given = statement.argument;
    }
    const bodies = [...this.functions.values()];
    for (const { tree, node } of bodies) if (node !== null) this.body(tree, node.body?.body as readonly Statement[]);
    const entries = this.exports(given);
    return {
      functions: [...this.functions.values()].map(({ tree }) => tree),
      globals: [...this.globals.values()],
      table: this.table.map((name) => (name === null ? null : this.named(name))),
      tests: entries.get('tests') ?? [],
      blockers: entries.get('blockers') ?? [],
    };
  }

  private declare(node: FunctionNode): void {
    const name = node.id?.name ?? '';
    // Throwing and catching are statements of the tree; what is thrown tells nothing.
    if (name === 'X') return;
    if (name === 'cp') this.copied = wordsCopied(node);
    if (inPlace.has(name)) this.templates.set(name, node);
    else this.functions.set(name, { tree: this.tree(name, name === 'caught' ? [] : node.params.map(nameOf), false), node });
  }

  private tree(name: string, parameters: readonly string[], imported: boolean): FunctionTree {
    const given = (parameter: string): Range | null =>
      parameter === 'b' || parameter === 'out' || name === 'replay' ? offset : this.rangeOf(name, parameter);
    return {
      name,
      parameters: parameters.map((parameter) => variable(parameter, false, imported ? offset : given(parameter))),
      locals: [],
      body: [],
      result: variable('result', false, null),
      exported: false,
      imported,
      index: 0,
    };
  }

  private declareGlobal(name: string, init: Expression | null | undefined): void {
    if (init?.type === 'ArrayExpression') {
      this.table = init.elements.map((element) => (element?.type === 'Identifier' ? element.name : null));
      return;
    }
    if (this.arrays.has(name) || name === 'STOP' || name === 'U' || name === 'O') return;
    const value = init === null || init === undefined ? 0 : literal(init);
    if (value === null) throw new NotInLanguage(`the global ${name}`);
    // Locals of functions in pieces are globals.
    const [, owner = '', local = ''] = /^([fr]\d+)(v\d+)$/.exec(name) ?? [];
    const fixed = globalRanges.get(name) ?? (/^Z\d+$/.test(name) ? word : this.localRange(owner, local));
    this.globals.set(name, variable(name, true, fixed, value));
  }

  private exports(given: Expression | null): ReadonlyMap<string, readonly Entry[]> {
    const entries = new Map<string, Entry[]>();
    if (given?.type !== 'ObjectExpression') throw new NotInLanguage('a module that gives nothing');
    for (const property of given.properties) {
      if (property.type !== 'Property') throw new NotInLanguage(property.type);
      const name = nameOf(property.key);
      const { value } = property;
      if (value.type === 'ArrayExpression') {
        entries.set(
          name,
          value.elements.map((element, k) => this.entry(`${name}${k}`, element)),
        );
      } else this.callable(name, value).exported = true;
    }
    return entries;
  }

  private entry(name: string, node: Node | null): Entry {
    const [process, resume, test] = node?.type === 'ArrayExpression' ? node.elements : [];
    if (!process || !resume || !test || test.type === 'SpreadElement') throw new NotInLanguage('this entry of a list');
    const number = (one: Node): number => literal(one as Expression) ?? -1;
    const tree = this.callable(name, test);
    tree.exported = true;
    return [number(process), number(resume), tree];
  }

  /** The function that an exported value is. */
  private callable(name: string, value: Expression): FunctionTree {
    if (value.type === 'Identifier') return this.named(value.name);
    if (value.type !== 'ArrowFunctionExpression' && value.type !== 'FunctionExpression') throw new NotInLanguage(value.type);
    const tree = this.tree(name, value.params.map(nameOf), false);
    this.functions.set(name, { tree, node: null });
    if (value.body?.type === 'BlockStatement') this.body(tree, value.body.body as readonly Statement[]);
    else if (value.body) tree.body = [{ kind: 'return', value: new FunctionReader(this, tree).expr(value.body) }];
    return tree;
  }

  private body(tree: FunctionTree, statements: readonly Statement[]): void {
    tree.body = new FunctionReader(this, tree).stmts(tree.name === 'caught' ? statements.slice(1) : statements);
  }

  /** What is known of a local before anything is looked at. */
  rangeOf(owner: string, name: string): Range | null {
    if (name === 'o') return offset;
    if (owner === 'code' && name !== 'i') return choice;
    return this.localRange(owner, name);
  }

  named(name: string): FunctionTree {
    const found = this.functions.get(name);
    if (found === undefined) throw new NotInLanguage(`the function ${name}`);
    return found.tree;
  }

  template(name: string): FunctionNode | undefined {
    return this.templates.get(name);
  }

  words(name: string): Words {
    const found = this.arrays.get(name);
    if (found === undefined) throw new NotInLanguage(`the array ${name}`);
    return found;
  }

  global(name: string): Variable | undefined {
    return this.globals.get(name);
  }
}

class FunctionReader {
  private readonly reader: Reader;
  private readonly tree: FunctionTree;
  private readonly locals: Map<string, Variable>;
  /** What parameters of a function that is put in place stand for. */
  private aliases: ReadonlyMap<string, Expr> = new Map();
  private temporaries = 0;

  constructor(reader: Reader, tree: FunctionTree) {
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

function wordsCopied(node: FunctionNode): number | null {
  const body = (node.body?.body ?? []) as readonly Statement[];
  return body.every((statement) => statement.type === 'ExpressionStatement') ? body.length : null;
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
function nameOf(node: Node): string {
  if (node.type !== 'Identifier') throw new NotInLanguage(`${node.type} in the place of a name`);
  return node.name;
}
function literal(node: Expression): number | null {
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const value = literal(node.argument);
    return value === null ? null : 0 - value;
  }
  if (node.type !== 'Literal') return null;
  if (typeof node.value === 'boolean') return node.value ? 1 : 0;
  return typeof node.value === 'number' && Number.isSafeInteger(node.value) ? node.value : null;
}
