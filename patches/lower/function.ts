/**
 * Functions of a patch to procedures of the IR.
 */

import { withIds } from '../../compiler/index.ts';
import type { Position, Procedure } from '../../compiler/ir/types.ts';
import type { Bindings } from '../bindings/schema.ts';
import type { FunctionText } from '../c/extract.ts';
import { type CNode, child, named, walk } from '../c/node.ts';
import type { CParser } from '../c/parse.ts';
import { prepare } from '../c/prepare.ts';
import type { SideLine } from '../c/tokens.ts';
import { sameInterface } from '../judge/contracts.ts';
import { UnreadableInput } from '../mail/unreadable.ts';
import { lowerCondition } from './conditions.ts';
import { Context, type Names, type Recursion, resultType } from './context.ts';
import type { FunctionBody, LowerEnvironment, MacroText, RecordText, Signature } from './environment.ts';
import { lowerEffect, lowerExpr } from './expressions.ts';
import { statementsOf } from './macros.ts';
import { LoweringMemory } from './memory.ts';
import { declareParameters, parameterRecord } from './parameters.ts';
import { type Ignored, type LeftOut, NotModelled, type Unmodelled } from './problems.ts';
import { procedureName } from './procedureName.ts';
import { sameWord } from './roles.ts';
import { makeStandsFor } from './standsFor.ts';
import { lowerBlock, lowerStatement } from './statements.ts';
import { signatureOf } from './types.ts';
import { type CType, isWord } from './values.ts';

/** A function with its syntax tree. */
export interface ParsedFunction {
  readonly source: FunctionText;
  readonly file: string;
  readonly definition: CNode;
  readonly macros: ReadonlyMap<string, string>;
}
export interface LoweredFunction {
  readonly name: string;
  readonly source: FunctionText;
  readonly signature: Signature | null;
  /** Null if something in it is not modelled. */
  readonly procedure: Procedure | null;
  readonly unmodelled: readonly Unmodelled[];
  readonly ignored: readonly Ignored[];
  readonly leftOut: readonly LeftOut[];
  /** Functions whose text was lowered inside it. */
  readonly inside: ReadonlySet<string>;
}

/** Parses one function. Throws `UnreadableInput` where it is not C. */
export function parseFunction(source: FunctionText, file: string, bindings: Bindings, parser: CParser): ParsedFunction {
  const { text, macros } = prepare(source, bindings);
  const { root, problem } = parser.parse(text);
  const definition = named(root).find((node) => node.type === 'function_definition');
  if (problem !== null || definition === undefined) {
    const line = source.lines[problem?.row ?? 0] ?? source.lines[0];
    const what = problem === null ? 'is no function definition' : problem.what;
    throw new UnreadableInput(
      'c-syntax',
      file,
      line?.line ?? null,
      `${what} in ${source.name}(): the patch does not compile here, or the mail is damaged`,
    );
  }
  return { source, file, definition, macros };
}

/** The position in the mail of a node that was parsed from `lines`. */
export function positionIn(lines: readonly SideLine[], file: string): (node: CNode) => Position {
  return (node) => {
    const line = lines[Math.min(node.row, lines.length - 1)];
    if (line === undefined) return { file, line: 1, column: 1, language: 'c' };
    return {
      file,
      line: line.line,
      column: line.column + node.column,
      language: 'c',
      hunk: line.hunk,
      change: line.change === 'added' ? 'added' : 'context',
    };
  };
}

/** Of functions that are lowered more than once. */
export type Memory = LoweringMemory<ParsedFunction, LoweredFunction>;

export interface LowerOptions {
  readonly bindings: Bindings;
  readonly environment: LowerEnvironment;
  readonly parser: CParser;
  /** Names of macros that the patch defines. */
  readonly redefined?: ReadonlySet<string>;
  /** Macros of the tree, for those that nothing is bound to. */
  readonly macros?: ReadonlyMap<string, MacroText>;
  /** Which of the functions others may call; all, if left out. */
  readonly visible?: ReadonlySet<string> | undefined;
  /** Functions besides whose text calls may need; the others are known by themselves. */
  readonly bodies?: readonly ParsedFunction[];
  /** Functions of the tree that have no effect. */
  readonly pure?: Pick<ReadonlySet<string>, 'has'>;
  /** Structures of the tree. */
  readonly structs?: ReadonlyMap<string, RecordText>;
  /** For who lowers more than once with the same bindings, environment, macros and structures: all that one memory is for. */
  readonly memory?: Memory;
}

/** Signatures of `functions`, and what their types lack. */
export function namesFor(
  functions: readonly ParsedFunction[],
  options: LowerOptions,
): { names: Names; signatures: Map<string, Signature>; refused: Map<string, Unmodelled> } {
  const signatures = new Map<string, Signature>();
  const refused = new Map<string, Unmodelled>();
  const memory = memoryOf(options);
  for (const one of functions) {
    const found = memory.signatureOf(one, () => signatureOrLack(one, options));
    if ('why' in found) refused.set(one.source.name, found);
    else signatures.set(one.source.name, found);
  }
  const macroExpression = (text: string): CNode | null => {
    const found = memory.expressions.get(text) ?? expressionOf(text, options.parser);
    if (found !== null) memory.expressions.set(text, found);
    return found;
  };
  const names: Names = {
    bindings: options.bindings,
    environment: options.environment,
    imported: options.visible === undefined ? signatures : new Map([...signatures].filter(([name]) => options.visible?.has(name) === true)),
    declared: signatures,
    bodies: new Map([...(options.bodies ?? []), ...functions].map((one) => [one.source.name, memory.bodyOf(one, () => bodyOf(one))])),
    redefined: options.redefined ?? new Set(),
    macroExpression,
    meaning(text) {
      const found = macroExpression(text);
      if (found === null) throw new TypeError(`a binding means no C expression: ${text}`);
      return found;
    },
    macros: options.macros ?? new Map(),
    structs: options.structs ?? new Map(),
    pure: options.pure ?? new Set(),
    statements(text) {
      const known = memory.statements.get(text);
      if (known !== undefined) return known;
      const { root, problem } = options.parser.parse(text);
      const found = problem === null ? statementsOf(root) : null;
      memory.statements.set(text, found);
      return found;
    },
  };
  return { names, signatures, refused };
}

/** A patch that defines macros of its own has other names than its tree. */
function memoryOf({ memory, redefined }: LowerOptions): Memory {
  return memory === undefined || (redefined?.size ?? 0) > 0 ? new LoweringMemory() : memory;
}

function signatureOrLack(one: ParsedFunction, options: LowerOptions): Signature | Unmodelled {
  try {
    return signatureOf(one.definition, options, positionIn(one.source.lines, one.file));
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error;
    return error.what;
  }
}

function bodyOf({ definition, macros, source, file }: ParsedFunction): FunctionBody {
  return { definition, macros, position: positionIn(source.lines, file) };
}

function expressionOf(text: string, parser: CParser): CNode | null {
  const { root, problem } = parser.parse(`void f(void) { (${text}); }`);
  for (const node of walk(root)) {
    const inner = node.type === 'expression_statement' && problem === null ? named(node)[0] : undefined;
    if (inner !== undefined) return inner;
  }
  return null;
}

/** Lowers functions that may call each other, and procedures of the surroundings. */
export function lowerFunctions(functions: readonly ParsedFunction[], options: LowerOptions): LoweredFunction[] {
  const lower = lowererOf(functions, options);
  return functions.map((one) => lower(one, options.visible ?? null));
}

/** Lowers one of the functions, where others see those in `visible` (null: all). */
export type Lowerer = (one: ParsedFunction, visible: ReadonlySet<string> | null) => LoweredFunction;

/** A lowerer that remembers: what became of a function is the same as long as the functions that it asked for are seen as they were. */
export function lowererOf(functions: readonly ParsedFunction[], options: LowerOptions): Lowerer {
  const memory = memoryOf(options);
  const { names, signatures, refused } = namesFor(functions, { ...options, visible: undefined, memory });
  return (one, visible) => {
    const signature = signatures.get(one.source.name) ?? null;
    const refusal = refused.get(one.source.name);
    if (signature === null || refusal !== undefined) {
      return {
        name: one.source.name,
        source: one.source,
        signature: null,
        procedure: null,
        unmodelled: refusal === undefined ? [] : [refusal],
        ignored: [],
        leftOut: [],
        inside: new Set(),
      };
    }
    const sees = (name: string): boolean => visible === null || visible.has(name);
    const get = (name: string): Signature | undefined => (sees(name) ? signatures.get(name) : undefined);
    const imported = { get, has: (name: string) => get(name) !== undefined };
    return memory.lowered(one, { ...names, imported }, (watched) => lowerOne(one, signature, watched));
  };
}

/** The ways in which lowering calls itself. */
export const recursion: Recursion = {
  expression: lowerExpr,
  effect: lowerEffect,
  condition: lowerCondition,
  statement: lowerStatement,
  block: lowerBlock,
  sameRole: sameWord,
};

function lowerOne(parsed: ParsedFunction, signature: Signature, names: Names): LoweredFunction {
  const { source, file, definition, macros } = parsed;
  const position = positionIn(source.lines, file);
  const result = resultOf(signature, names);
  const context = new Context(names, signature.name, result, macros, position, recursion);
  declareParameters(signature, context);
  if (result.kind === 'record') context.giveRecord(parameterRecord('result', result.record, 'inout', context));
  const body = child(definition, 'body');
  const stmts = context.collect(() => lowerBlock(body === null ? [] : named(body), context));
  const name = procedureName(signature, names);
  const draft: Procedure = {
    name,
    params: context.params,
    result: resultType(result),
    locals: context.locals,
    body: stmts,
    pos: position(definition),
    doc: source.hunk === 0 ? `${signature.name}() as the tree has it.` : `${signature.name}() as the patch has it (hunk ${source.hunk}).`,
  };
  const procedure = context.unmodelled.length > 0 ? draft : withIds(draft);
  const own = names.environment.procedures.get(name);
  const other = own !== undefined && context.unmodelled.length === 0 && !sameInterface(procedure, own) ? own : null;
  const standsFor = other === null ? null : makeStandsFor(procedure, signature, other, names, definition, recursion);
  return {
    name: signature.name,
    source,
    signature,
    procedure: context.unmodelled.length > 0 ? null : standsFor === null ? procedure : { ...procedure, standsFor },
    unmodelled: context.unmodelled,
    ignored: context.ignored,
    leftOut: context.leftOut,
    inside: context.lowered,
  };
}

/** C's result, or the model's where both are words: callers of the model take it as theirs, and no bit differs. */
function resultOf(signature: Signature, names: Names): CType {
  const { result } = signature;
  const own = names.environment.procedures.get(procedureName(signature, names))?.result;
  return own !== undefined && result.kind === 'scalar' && isWord(result.type) && isWord(own) ? { kind: 'scalar', type: own } : result;
}
