/**
 * What the files declare at their top level: functions, record types, aliases, numeric constants.
 *
 * In: sources. Out: declarations by name, types resolved. Never: a look into a function's body.
 */
import type { Expression, Function as FunctionNode, ParamPattern, Statement, TSSignature, TSType } from 'oxc-parser';
import { boolType, intTypes, type MachineDescription, type RefType, type ScalarType, type ValueType, voidType } from '../ir/types.ts';
import type { Refusal } from './refusal.ts';
import type { RefusalCode } from './refusals.ts';
import { Refused, type Source, type Span } from './source.ts';
import { type RecordType, type SubsetType, smallType } from './types.ts';

export interface Parameter {
  readonly name: string;
  readonly type: ScalarType | RecordType;
}
export interface Signature {
  readonly name: string;
  readonly source: Source;
  readonly node: FunctionNode;
  readonly doc: string;
  readonly params: readonly Parameter[];
  readonly result: ValueType;
}
type TypeDeclaration =
  | { readonly source: Source; readonly node: TSType }
  | { readonly source: Source; readonly members: readonly TSSignature[] };
export interface ConstantDeclaration {
  readonly source: Source;
  readonly type: TSType | null;
  readonly init: Expression;
}

/** What the functions of a file are. */
export type FunctionsAre = 'ordinary' | 'procedures' | 'replacing';

export class Declarations {
  readonly machine: MachineDescription;
  readonly refusals: Refusal[] = [];
  readonly functions = new Map<string, Signature>();
  readonly constants = new Map<string, ConstantDeclaration>();
  readonly #types = new Map<string, TypeDeclaration>();
  readonly #resolving = new Set<string>();
  readonly #functionNodes: { readonly source: Source; readonly node: FunctionNode; readonly start: number; readonly replaces: boolean }[] =
    [];

  constructor(machine: MachineDescription) {
    this.machine = machine;
  }

  /** Takes in what `source` declares. Its functions are `ordinary` TypeScript, procedures, or procedures that `replace` others. */
  add(source: Source, functions: FunctionsAre): void {
    this.refusals.push(...source.errors);
    if (source.errors.length > 0) return;
    for (const statement of source.program.body) this.#addStatement(source, statement as Statement, functions);
  }

  /** Once all sources are in: resolves the signatures of functions. */
  resolve(): void {
    const replaced = new Set(this.#functionNodes.filter((found) => found.replaces).map((found) => found.node.id?.name));
    for (const { source, node, start, replaces } of this.#functionNodes) {
      this.#collect(() => {
        const name = node.id?.name ?? '';
        const span = node.id ?? node;
        if (!replaces && replaced.has(name)) return;
        if (this.functions.has(name)) refuse(source, 'MM103', span, `there is another function ${name}`);
        this.functions.set(name, this.#signature(source, node, start, name));
      });
    }
  }

  #addStatement(source: Source, statement: Statement, functions: FunctionsAre): void {
    switch (statement.type) {
      case 'ImportDeclaration':
        for (const specifier of statement.specifiers) {
          if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') continue;
          if (specifier.imported.name === specifier.local.name) continue;
          const message = `${specifier.imported.name} is imported as ${specifier.local.name}`;
          if (functions !== 'ordinary') this.refusals.push(source.refusal('MM128', specifier, message));
        }
        break;
      case 'ExportNamedDeclaration':
        if (statement.declaration !== null) this.#addDeclaration(source, statement.declaration, statement.start, functions);
        break;
      default:
        this.#addDeclaration(source, statement, statement.start, functions);
    }
  }

  #addDeclaration(source: Source, node: Statement, start: number, functions: FunctionsAre): void {
    if (node.type === 'FunctionDeclaration') {
      if (functions !== 'ordinary') this.#functionNodes.push({ source, node, start, replaces: functions === 'replacing' });
    } else if (node.type === 'TSInterfaceDeclaration') {
      this.#addType(node.id.name, { source, members: node.body.body }, node.id);
    } else if (node.type === 'TSTypeAliasDeclaration') {
      this.#addType(node.id.name, { source, node: node.typeAnnotation }, node.id);
    } else if (node.type === 'VariableDeclaration' && node.kind === 'const') {
      for (const declarator of node.declarations) {
        if (declarator.id.type !== 'Identifier' || declarator.init === null) continue;
        // Two files may each have an ordinary `const`, so only a use of a doubtful one is refused.
        this.constants.set(declarator.id.name, {
          source,
          type: declarator.id.typeAnnotation?.typeAnnotation ?? null,
          init: declarator.init,
        });
      }
    }
  }

  #addType(name: string, declaration: TypeDeclaration, span: Span): void {
    if (this.#types.has(name)) this.refusals.push(declaration.source.refusal('MM103', span, `there is another type ${name}`));
    this.#types.set(name, declaration);
  }

  #signature(source: Source, node: FunctionNode, start: number, name: string): Signature {
    if (node.async || node.generator || node.typeParameters)
      refuse(source, 'MM101', node.id ?? node, `${name} is async, a generator or generic`);
    if (node.body === null) refuse(source, 'MM101', node, `${name} has no body`);
    const params = node.params.map((param) => this.#parameter(source, param));
    params.forEach((param, i) => {
      if (params.findIndex((other) => other.name === param.name) !== i)
        refuse(source, 'MM103', node.params[i] ?? node, `${param.name} is declared twice`);
    });
    if (!node.returnType) return refuse(source, 'MM105', node.id ?? node, `${name} has no result type`);
    const result = this.typeOf(source, node.returnType.typeAnnotation);
    if (result.kind === 'record') refuse(source, 'MM120', node.returnType, `${name} returns a record; give it back through a parameter`);
    return { name, source, node, doc: source.docBefore(start), params, result };
  }

  #parameter(source: Source, param: ParamPattern): Parameter {
    if (param.type !== 'Identifier') return refuse(source, 'MM101', param, 'parameters are plain names');
    if (!param.typeAnnotation) return refuse(source, 'MM105', param, `parameter ${param.name} has no type`);
    if (param.optional) refuse(source, 'MM101', param, 'optional parameters');
    const type = this.typeOf(source, param.typeAnnotation.typeAnnotation);
    if (type.kind === 'void') return refuse(source, 'MM104', param, 'a parameter cannot be void');
    return { name: param.name, type };
  }

  /** The type that a type node means. Throws Refused. */
  typeOf(source: Source, node: TSType): SubsetType {
    switch (node.type) {
      case 'TSBooleanKeyword':
        return boolType;
      case 'TSVoidKeyword':
        return voidType;
      case 'TSTypeLiteral':
        return this.#record(source, source.textOf(node), node.members);
      case 'TSIntersectionType':
        return this.#intersection(source, node, node.types);
      case 'TSTypeReference': {
        if (node.typeName.type !== 'Identifier') break;
        return this.#named(source, node, node.typeName.name, node.typeArguments?.params ?? []);
      }
    }
    return refuse(source, 'MM104', node, `${source.textOf(node)} is not a type of the subset`);
  }
  /** The same where a scalar is needed. */
  scalarOf(source: Source, node: TSType): ScalarType {
    const type = this.typeOf(source, node);
    if (type.kind === 'void' || type.kind === 'record') return refuse(source, 'MM104', node, `${source.textOf(node)} is not a scalar type`);
    return type;
  }

  #named(source: Source, node: Span, name: string, args: readonly TSType[]): SubsetType {
    if (Object.hasOwn(intTypes, name)) return intTypes[name as keyof typeof intTypes];
    switch (name) {
      case 'bool':
        return boolType;
      case 'Small':
        return smallType(this.#number(source, node, args[0]));
      case 'Ref':
        return { kind: 'ref', table: this.#table(source, node, args[0]), strong: true, specials: 0 };
      case 'Tag':
        return { kind: 'ref', table: this.#table(source, node, args[0]), strong: false, specials: 0 };
      case 'Root':
        return { kind: 'ref', table: this.#table(source, node, args[0]), strong: true, specials: this.#number(source, node, args[1]) };
      case 'Pointer':
        return this.#pointer(source, node, args);
      case 'Out': {
        const value = args[0] === undefined ? refuse(source, 'MM104', node, 'Out takes a type') : this.typeOf(source, args[0]);
        if (value.kind === 'void') return refuse(source, 'MM104', node, 'Out takes a value');
        return { kind: 'record', name: source.textOf(node), members: membersOf('value', value) };
      }
    }
    const declaration = this.#types.get(name);
    if (declaration === undefined) return refuse(source, 'MM104', node, `there is no type ${name}`);
    if (this.#resolving.has(name)) return refuse(source, 'MM104', node, `${name} refers to itself`);
    this.#resolving.add(name);
    try {
      if ('members' in declaration) return this.#record(declaration.source, name, declaration.members);
      const type = this.typeOf(declaration.source, declaration.node);
      return type.kind === 'record' ? { ...type, name } : type;
    } finally {
      this.#resolving.delete(name);
    }
  }

  #record(source: Source, name: string, members: readonly TSSignature[]): RecordType {
    return {
      kind: 'record',
      name,
      members: members.flatMap((member) => {
        if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier' || member.optional || member.computed) {
          return refuse(source, 'MM104', member, 'a record has plain members');
        }
        if (!member.typeAnnotation) return refuse(source, 'MM105', member, `member ${member.key.name} has no type`);
        const type = this.typeOf(source, member.typeAnnotation.typeAnnotation);
        if (type.kind === 'void') return refuse(source, 'MM104', member, 'a member cannot be void');
        return membersOf(member.key.name, type);
      }),
    };
  }

  #intersection(source: Source, node: Span, nodes: readonly TSType[]): ScalarType {
    const types = nodes.map((part) => this.typeOf(source, part));
    const tag = types.find((type) => type.kind === 'ref' && !type.strong);
    const root = types.find((type) => type.kind === 'ref' && type.specials > 0);
    if (types.length === 2 && tag?.kind === 'ref' && root?.kind === 'ref' && tag.table === root.table)
      return { ...tag, specials: root.specials };
    return refuse(source, 'MM104', node, 'the only intersection is Tag & Root of one table');
  }

  /** The root type that two type arguments mean: `specialRoot<'pages', 1>(0)`. */
  rootOf(source: Source, node: Span, args: readonly TSType[]): RefType {
    return { kind: 'ref', table: this.#table(source, node, args[0]), strong: true, specials: this.#number(source, node, args[1]) };
  }
  #table(source: Source, node: Span, arg: TSType | undefined): string {
    const name = this.#text(source, node, arg);
    if (!this.machine.tables.some((table) => table.name === name)) refuse(source, 'MM104', arg ?? node, `the machine has no table ${name}`);
    return name;
  }
  #pointer(source: Source, node: Span, args: readonly TSType[]): ScalarType {
    const table = this.#table(source, node, args[0]);
    const field = this.#text(source, node, args[1]);
    const found = this.machine.tables.find((candidate) => candidate.name === table)?.fields.find((candidate) => candidate.path === field);
    if (found === undefined || found.length === 0) refuse(source, 'MM104', args[1] ?? node, `${table} has no array field ${field}`);
    return { kind: 'pointer', table, field };
  }
  #text(source: Source, node: Span, arg: TSType | undefined): string {
    if (arg?.type === 'TSLiteralType' && arg.literal.type === 'Literal' && typeof arg.literal.value === 'string') return arg.literal.value;
    return refuse(source, 'MM104', arg ?? node, 'a name in quotes is needed here');
  }
  #number(source: Source, node: Span, arg: TSType | undefined): number {
    if (arg?.type === 'TSLiteralType' && arg.literal.type === 'Literal' && typeof arg.literal.value === 'number' && arg.literal.value > 0) {
      return arg.literal.value;
    }
    return refuse(source, 'MM104', arg ?? node, 'a literal number above 0 is needed here');
  }

  #collect(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.refusal !== null) this.refusals.push(error.refusal);
    }
  }
}

function membersOf(name: string, type: ScalarType | RecordType): RecordType['members'] {
  if (type.kind !== 'record') return [{ path: name, type }];
  return type.members.map((member) => ({ path: `${name}.${member.path}`, type: member.type }));
}

function refuse(source: Source, code: RefusalCode, span: Span, message: string): never {
  throw new Refused(source.refusal(code, span, message));
}
