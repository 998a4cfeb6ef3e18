/**
 * From the text of generated code to the tree that WebAssembly is made of.
 *
 * In: the text that the JavaScript back end would run; where arrays lie in memory. Out: functions, globals.
 * Never: a guess; what the language does not have is refused.
 *
 * The small functions of the prelude that only compute or check are put in place of their calls.
 */
import type { Expression, Function as FunctionNode, Node, Statement } from 'oxc-parser';
import { parseSync } from 'oxc-parser';
import { FunctionReader, literal, nameOf, type Surroundings, variable } from './readFunction.ts';
import { type Entry, type FunctionTree, type ModuleTree, NotInLanguage, type Range, type Variable, type Words, word } from './tree.ts';

const inPlace = new Set(['qo', 'qu', 'co', 'cu', 'wo', 'wu', 'bo', 'bx', 'rw', 'ix', 'nz', 'pr', 'pq', 'rc', 'rd', 'dz', 'dp']);
const offset = { lo: 0, hi: 2 ** 28 };
/** Word of all memory. */
const place = { lo: 0, hi: 2 ** 30 };
const choice = { lo: 0, hi: 2 ** 24 };
/** Ranges that the code generator vouches for: counters with a limit, numbers of things. */
const globalRanges: ReadonlyMap<string, Range> = new Map([
  ...['S', 'F', 'N', 'D', 'G', 'CL', 'CI'].map((name) => [name, offset] as const),
  ...['CP', 'RP', 'K'].map((name) => [name, { lo: -1, hi: 2 ** 24 }] as const),
  ...['W', 'H'].map((name) => [name, word] as const),
]);

/** `localRange` tells the range of a local of a spec, by the function that uses it and its name there; null if it is none. */
export type LocalRange = (owner: string, name: string) => Range | null;

/** Functions of the surroundings: their names and parameters. What they take and give are offsets, or words. */
export type Imports = readonly (readonly [name: string, parameters: readonly string[], range: Range])[];
const generatedImports: Imports = [
  ['U', ['f'], offset],
  ['O', [], offset],
];

export function readModule(
  text: string,
  arrays: ReadonlyMap<string, Words>,
  localRange: LocalRange,
  imports: Imports = generatedImports,
): ModuleTree {
  const parsed = parseSync('generated.js', `function generated(env){${text}}`, { sourceType: 'script', preserveParens: false });
  const [whole] = parsed.program.body;
  if (parsed.errors.length > 0 || whole?.type !== 'FunctionDeclaration' || !whole.body)
    throw new NotInLanguage(`this text: ${text.slice(0, 80)}`);
  return new Reader(arrays, localRange, imports).module(whole.body.body as readonly Statement[]);
}

class Reader implements Surroundings {
  private readonly arrays: ReadonlyMap<string, Words>;
  private readonly localRange: LocalRange;
  private readonly functions = new Map<string, { readonly tree: FunctionTree; readonly node: FunctionNode | null }>();
  private readonly templates = new Map<string, FunctionNode>();
  private readonly globals = new Map<string, Variable>();
  private table: readonly (string | null)[] = [];
  /** How many words `cp` copies, one statement each; null if it has a loop. */
  copied: number | null = null;

  constructor(arrays: ReadonlyMap<string, Words>, localRange: LocalRange, imports: Imports) {
    this.arrays = arrays;
    this.localRange = localRange;
    for (const [name, parameters, range] of imports) {
      const tree = this.tree(name, parameters, range);
      tree.result.range = range;
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
    else this.functions.set(name, { tree: this.tree(name, name === 'caught' ? [] : node.params.map(nameOf)), node });
  }

  private tree(name: string, parameters: readonly string[], imported: Range | null = null): FunctionTree {
    const given = (parameter: string): Range | null =>
      parameter === 'b' || parameter === 'out' ? place : name === 'replay' ? offset : this.rangeOf(name, parameter);
    return {
      name,
      parameters: parameters.map((parameter) => variable(parameter, false, imported ?? given(parameter))),
      locals: [],
      body: [],
      result: variable('result', false, null),
      exported: false,
      imported: imported !== null,
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
    const tree = this.tree(name, value.params.map(nameOf));
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
    if (name === 'o') return place;
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

function wordsCopied(node: FunctionNode): number | null {
  const body = (node.body?.body ?? []) as readonly Statement[];
  return body.every((statement) => statement.type === 'ExpressionStatement') ? body.length : null;
}
