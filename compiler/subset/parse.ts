/**
 * The front end for the subset: texts to procedures.
 *
 * In: texts with their paths, the machine, named constants. Out: procedures in IR, or refusals.
 * Never: a file read, a text run, a word of KVM.
 */
import { type EffectRule, findEffects } from '../ir/effects.ts';
import { withIds } from '../ir/ids.ts';
import type { MachineDescription, Procedure, ScalarType } from '../ir/types.ts';
import { constantsOf } from './constants.ts';
import { Declarations, type FunctionsAre, type Signature } from './declarations.ts';
import { lowerCall } from './lower/calls.ts';
import { fallsThrough, lowerBranch } from './lower/conditions.ts';
import { type ConstantLookup, FunctionContext } from './lower/context.ts';
import { lowerValue } from './lower/expressions.ts';
import { lowerStatements } from './lower/statements.ts';
import { type Refusal, RefusalError } from './refusal.ts';
import type { RefusalCode } from './refusals.ts';
import { Source, type SourceFile } from './source.ts';
import { assignedNames } from './syntax.ts';

export interface SubsetFile extends SourceFile {
  /** Default `procedures`. `ordinary`: only the file's types and constants count. `replacing`: they take the place of others of their name. */
  readonly functions?: FunctionsAre;
}
export interface SubsetEnvironment {
  readonly machine: MachineDescription;
  /** As in SystemDescription: they go before constants that files declare. */
  readonly constants: ReadonlyMap<string, { readonly type: ScalarType; readonly value: number }>;
}
export interface SubsetResult {
  readonly procedures: Map<string, Procedure>;
  /** In order of file, line and column; empty if all is well. Procedures with a refusal are missing. */
  readonly diagnostics: readonly Refusal[];
}

const effectCodes: Readonly<Record<EffectRule, RefusalCode>> = {
  kernelReadsGhost: 'MM123',
  kernelWritesGhost: 'MM124',
  ghostTouchesKernel: 'MM125',
  ghostRecursion: 'MM126',
  waitActs: 'MM127',
};

/** All functions of the files as procedures, in order of files and lines, and every refusal. Never throws for a fault in the texts. */
export function parseSubset(files: readonly SubsetFile[], environment: SubsetEnvironment): SubsetResult {
  const declarations = new Declarations(environment.machine);
  const sources = files.map(sourceOf);
  sources.forEach((source, i) => {
    declarations.add(source, files[i]?.functions ?? 'procedures');
  });
  declarations.resolve();
  const constantNamed = constantsOf(environment.constants, declarations);
  const procedures = new Map<string, Procedure>();
  const diagnostics = [...declarations.refusals];
  for (const signature of declarations.functions.values()) {
    const { procedure, refusals } = lowerFunction(signature, declarations, constantNamed);
    diagnostics.push(...refusals);
    if (refusals.length === 0) procedures.set(signature.name, procedure);
  }
  for (const { rule, pos, message, chain } of findEffects(procedures, environment.machine)) {
    const source = sources.find((candidate) => candidate.path === pos.file);
    if (source === undefined) throw new Error(`no text of ${pos.file}`);
    diagnostics.push(source.refusalAt(effectCodes[rule], pos, message, chain));
  }
  const order = new Map(files.map((file, i) => [file.path, i]));
  const rank = ({ pos }: Refusal): number => (order.get(pos.file) ?? 0) * 1e9 + pos.line * 1e3 + pos.column;
  return { procedures, diagnostics: diagnostics.sort((a, b) => rank(a) - rank(b)) };
}

/** Syntax trees by path: the same texts are lowered for one machine after another. */
const parsed = new Map<string, Source>();
function sourceOf(file: SubsetFile): Source {
  const known = parsed.get(file.path);
  if (known !== undefined && known.text === file.text) return known;
  const made = new Source(file);
  parsed.set(file.path, made);
  return made;
}

/** The same for those who cannot go on with less. Throws RefusalError with all refusals. */
export function parseSubsetOrThrow(files: readonly SubsetFile[], environment: SubsetEnvironment): Map<string, Procedure> {
  const { procedures, diagnostics } = parseSubset(files, environment);
  if (diagnostics.length > 0) throw new RefusalError(diagnostics);
  return procedures;
}

function lowerFunction(
  signature: Signature,
  declarations: Declarations,
  constantNamed: ConstantLookup,
): { procedure: Procedure; refusals: readonly Refusal[] } {
  const { name, node, source } = signature;
  const cx = new FunctionContext(signature, declarations, constantNamed, assignedNames(node.body));
  cx.lower = { value: lowerValue, call: lowerCall, branch: lowerBranch };
  signature.params.forEach((param, i) => {
    const span = node.params[i] ?? node;
    const fresh = cx.freshName(param.name);
    if (param.type.kind === 'record') {
      for (const member of param.type.members) cx.addParam({ name: `${fresh}.${member.path}`, type: member.type, mode: 'inout' }, false);
      cx.bind(param.name, { kind: 'record', local: fresh, type: param.type, writable: true }, span);
    } else {
      cx.addParam({ name: fresh, type: param.type, mode: 'in' }, !cx.assigned.has(param.name));
      cx.bind(param.name, { kind: 'local', local: fresh, type: param.type, writable: true }, span);
    }
  });
  cx.inScope(() => lowerStatements(cx, node.body?.body ?? []));
  if (signature.result.kind !== 'void' && cx.refusals.length === 0 && fallsThrough(cx.out)) {
    cx.guarded(() => cx.refuse('MM119', node.id ?? node, `${name} can end without a value`));
  }
  const procedure = withIds({
    name,
    params: cx.params,
    result: signature.result,
    locals: [...cx.locals.values()],
    body: cx.out,
    pos: source.positionOf(node.id ?? node),
    doc: signature.doc,
  });
  return { procedure, refusals: cx.refusals };
}
