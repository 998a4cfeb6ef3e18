/**
 * The JavaScript back end: from a program to a system that runs.
 *
 * In: description, program, layout. Out: a `CompiledSystem` of generated functions. Never: a name of the model in the
 * text that is compiled (numbers only: a patch is a stranger's text), a generated function too large to be optimised.
 */

import type { SystemDescription } from '../description.ts';
import type { Layout } from '../machine/layout.ts';
import type { Program, Spec } from '../program/types.ts';
import { variableParameters } from './bodies.ts';
import { EmitContext, type Remembering } from './context.ts';
import type { Frame } from './frame.ts';
import { bodyMax } from './functions.ts';
import { predicateFunctions } from './predicates.ts';
import { prelude } from './prelude.ts';
import { type Region, Regions, type Traits } from './regions.ts';
import { type GeneratedModule, GeneratedSystem, successorsMax } from './runtime.ts';
import { type Attempt, emitDispatcher } from './steps.ts';
import { blockersFunction, testOf } from './tests.ts';
import { type EmittedFunction, emitWhole } from './whole.ts';

export interface EmitOptions {
  /** False leaves out the counters of basic blocks. Default true. */
  readonly coverage?: boolean;
  /** Longest body of a function, in characters, before it is cut into pieces. Tests make it small. */
  readonly bodyMax?: number;
  /** Whether answers of predicates are remembered, and how; null asks them anew each time. Default: they are. */
  readonly remembers?: Remembering | null;
}

/** What was generated, for tests of its shape. */
export interface GeneratedCode {
  readonly text: string;
  readonly context: EmitContext;
  /** Region of each process and resume point; 0 where there is none. */
  readonly entries: readonly (readonly number[])[];
  /** Whose locals functions use: numbers of specs by name of function. */
  readonly owners: ReadonlyMap<string, number>;
}

/** Compiles a program. Throws Error on a program that breaks the contract, or needs more than 256 processes. */
export function emitJavaScript(
  description: SystemDescription,
  program: Program,
  layout: Layout,
  options: EmitOptions = {},
): JavaScriptSystem {
  return new JavaScriptSystem(generate(description, program, layout, options));
}

export class JavaScriptSystem extends GeneratedSystem {
  /** `code`: another back end can be made of it, too. */
  constructor(readonly code: GeneratedCode) {
    super(frameOf(code), new Function('env', code.text) as (env: unknown) => GeneratedModule);
  }
}

export function frameOf({ context, entries }: GeneratedCode): Frame {
  const { description, program, layout, faults, marks, rememberedWords } = context;
  return { description, program, layout, faults, marks, rememberedWords, entries };
}

/** The text of the module that `emitJavaScript` compiles. */
export function generate(description: SystemDescription, program: Program, layout: Layout, options: EmitOptions = {}): GeneratedCode {
  if (program.processes.length > 256) throw new Error('a label has room for 256 processes');
  const context = new EmitContext(description, program, layout, options.coverage ?? true, options.bodyMax ?? bodyMax, options.remembers);
  const whole = program.specs.map((spec) => (spec.whole ? emitWhole(spec, context) : null));
  const traits = traitsOf(program.specs, whole);

  const regions = new Regions(context, traits);
  const entries = program.processes.map((process, index) =>
    process.resumes.map(({ spec, node }) => (spec < 0 ? 0 : regions.request(index, spec, { kind: 'resume', node }))),
  );
  regions.finish();
  const byId = new Map<number, Region>(regions.all.map((region) => [region.id, region]));

  const functions: string[] = [];
  const tests: string[] = [];
  const blockers: string[] = [];
  const attempts = program.processes.map((process, index) =>
    process.resumes.map((resume, pc): Attempt | null => {
      const region = byId.get(entries[index]?.[pc] ?? 0);
      const spec = program.specs[resume.spec];
      const node = spec?.nodes[resume.node];
      if (region === undefined || spec === undefined || node === undefined) return null;
      const test = testOf(spec, node, index, pc, context, (callee) => traits[callee]?.raises ?? false, functions);
      if (test !== null) tests.push(`[${index},${pc},${testFunction(test)}]`);
      const held = blockersFunction(spec, node, index, pc, context);
      if (held !== null) {
        functions.push(held);
        blockers.push(`[${index},${pc},k${index}_${pc}]`);
      }
      return { region, test };
    }),
  );
  const dispatcher = emitDispatcher(attempts, context, successorsMax);
  const predicates = predicateFunctions(context, attempts, (spec) => traits[spec]?.raises === true || context.vanishing.has(spec));
  const masks = description.machine.tables.flatMap((table, k) => (table.dynamic ? [`Z${k}=0`] : []));
  const wide = Math.max(0, ...program.specs.map((spec) => spec.procedure.params.length));
  const registers = Array.from({ length: wide }, (_, k) => `A${k}=0,I${k}=0`);
  const declared = [...masks, ...registers];
  const text = [
    prelude,
    declared.length === 0 ? '' : `let ${declared.join(',')};\n`,
    ...[...context.helpers.values()].map((helper) => helper.text),
    ...whole.map((made) => made?.text ?? ''),
    ...regions.all.map((region) => region.text),
    `const RG=[null,${regions.all.map((region) => region.name).join(',')}];\n`,
    'function go(x,b){try{return RG[x](b)}catch(e){return caught(e)}}\n',
    ...functions,
    dispatcher,
    predicates,
    prologueFunction(context),
    `function replay(p,x,c,b){S=p;W=0;N=0;D=0;G=0;CI=0;CL=0;CP=1;RP=c;try{while(x>0)x=go(x,b);return RP>0?-1:x}finally{RP=-1}}\n`,
    `return{expand,replay,prologue,code,advance,fault:()=>F,violated:()=>W,start(){CL=0},reached:()=>H,tests:[${tests.join(',')}],blockers:[${blockers.join(',')}],check,quiescent};`,
  ].join('');
  const owners = new Map([
    ...program.specs.map((spec) => [`f${spec.index}`, spec.index] as const),
    ...regions.all.map((region) => [region.name, region.spec] as const),
    ...program.processes.flatMap(({ resumes }, p) => resumes.map(({ spec }, pc) => [`q${p}_${pc}`, spec] as const)),
  ]);
  return { text, context, entries, owners };
}

function testFunction({ condition, locals }: NonNullable<Attempt['test']>): string {
  return `b=>{${locals.length === 0 ? '' : `let ${locals.join(',')};`}return ${condition}}`;
}

/** The prologue on the state at b: as `replay`, but for the choices made in order. */
function prologueFunction({ program }: EmitContext): string {
  const { prologue } = program;
  if (prologue === null) return 'function prologue(b){W=0;CI=0;CP=1;return 0}\n';
  const spec = program.specs[prologue.spec];
  if (spec === undefined) throw new Error('the prologue has no spec');
  const args = variableParameters(spec).map(({ position }) => `,${Number(prologue.args[position] ?? 0)}`);
  return `function prologue(b){S=0;K=-1;W=0;N=0;D=0;G=0;CI=0;CP=1;try{f${prologue.spec}(b${args.join('')});if(G!==0){G=0;return -1}return 0}catch(e){return caught(e)}}\n`;
}

/** What each spec does, itself or through those it calls: a fixpoint over calls of whole specs. */
function traitsOf(specs: readonly Spec[], emitted: readonly (EmittedFunction | null)[]): Traits[] {
  const traits = specs.map((spec, k) => {
    const stmts = spec.nodes.flatMap(({ op }) => (op.kind === 'leaf' ? [op.stmt] : []));
    return {
      raises: emitted[k]?.raises ?? false,
      chooses: stmts.some((stmt) => stmt.kind === 'choose'),
      violates: stmts.some((stmt) => stmt.kind === 'assert') || spec.nodes.some(({ op }) => op.kind === 'monitor' && op.property !== null),
      usesSelf: emitted[k]?.text.match(/\bS\b/) !== null || spec.mayFree.length > 0,
    };
  });
  for (let again = true; again; ) {
    again = false;
    emitted.forEach((made, k) => {
      const own = traits[k];
      if (made === null || own === undefined) return;
      for (const callee of made.callees) {
        const theirs = traits[callee];
        if (theirs === undefined) continue;
        for (const key of ['raises', 'chooses', 'violates', 'usesSelf'] as const) {
          if (theirs[key] && !own[key]) {
            own[key] = true;
            again = true;
          }
        }
      }
    });
  }
  return traits;
}
