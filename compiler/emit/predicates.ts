/**
 * Questions about one state that are asked of every state: violated properties, rest.
 *
 * In: the program's predicates, tests of resume points. Out: `check(b)`, `quiescent(b)`. Never: an exception.
 */
import type { PropertyDescription } from '../description.ts';
import { readText } from './columns.ts';
import type { EmitContext } from './context.ts';
import { readsOf } from './reads.ts';
import { isWorthRemembering, rememberingFunction } from './remember.ts';
import type { Attempt } from './steps.ts';
import { constant } from './values.ts';

/**
 * `check` gives the bits of violated state properties and leaves in `H` those whose scope the state was in.
 * A predicate that faults is false. `fragile` tells which whole specs may fault or have no way on. Predicates of one scope are
 * asked together, and what they said of the same bits is remembered.
 */
export function predicateFunctions(
  context: EmitContext,
  attempts: readonly (readonly (Attempt | null)[])[],
  fragile: (spec: number) => boolean,
): string {
  const { program, description } = context;
  const wrappers = new Map<number, string>();
  const truth = (spec: number | null): string => {
    if (spec === null) return 'false';
    if (!fragile(spec)) return `f${spec}(b)!==0`;
    wrappers.set(
      spec,
      `function u${spec}(b){N=0;D=0;try{const x=f${spec}(b);if(G!==0){G=0;return 0}return x}catch(e){caught(e);return 0}}\n`,
    );
    return `u${spec}(b)!==0`;
  };
  const groups = new Map<string, { readonly lines: string[]; readonly specs: number[] }>();
  description.properties.slice(0, 32).forEach((property, k) => {
    const condition = scopeText(property, context);
    if (condition === null) return;
    const spec = program.predicates[k] ?? null;
    const holds = truth(spec);
    const line = property.kind !== 'state' ? `if(${holds})y|=${1 << k};` : `y|=${1 << k};if(!(${holds}))x|=${1 << k};`;
    const group = groups.get(condition) ?? { lines: [], specs: [] };
    groups.set(condition, group);
    group.lines.push(line);
    if (spec !== null) group.specs.push(spec);
  });
  const functions: string[] = [];
  const asked = [...groups].map(([condition, { lines, specs }], k) => {
    const text = lines.join('\n');
    const reads = context.remembers === null ? null : readsOf(specs, context, context.remembers.forget ?? null);
    if (reads === null || !(context.remembers?.always === true || isWorthRemembering(reads)))
      return condition === '' ? text : `if(${condition}){S=0;${text}}`;
    functions.push(`function e${k}(b){let x=0,y=0;S=0;${text}H=y;return x}\n`, rememberingFunction(`m${k}`, `e${k}`, reads, context));
    return `${condition === '' ? '' : `if(${condition})`}{x|=m${k}(b);y|=H;}`;
  });
  const quiescent = quiescentText(context, attempts, program.quiescent === null ? 'true' : truth(program.quiescent));
  const check = `function check(b){let x=0,y=0;S=0;K=-1;CL=0;CI=0;CP=1;\n${asked.join('\n')}\nH=y;return x}\n`;
  return [...wrappers.values(), quiescent, ...functions, check].join('');
}

/** Condition under which a property is looked at; empty for always, null for never. */
function scopeText(property: PropertyDescription, context: EmitContext): string | null {
  if (property.kind === 'reachable' || property.kind === 'progress') return '';
  if (property.kind !== 'state') return null;
  const { scope } = property;
  if (scope.kind === 'always') return '';
  if (scope.kind === 'quiescent') return 'quiescent(b)';
  const { main } = context.field(scope.table, scope.field);
  return Array.from({ length: main.count }, (_, k) => `${readText(main, constant(k))}===0`).join('&&');
}

/** Every essential process has ended or rests at an idle wait, and the system's own predicate holds. */
function quiescentText(context: EmitContext, attempts: readonly (readonly (Attempt | null)[])[], predicate: string): string {
  const locals = new Set<string>();
  const rests = context.program.processes.map((process, index) => {
    if (!process.essential) return '';
    const column = context.layout.programCounters[index];
    if (column === undefined) throw new Error(`no program counter of process ${index}`);
    const cases = process.resumes.map(({ spec, idle }, pc) => {
      if (spec < 0) return `case ${pc}:break;`;
      const test = attempts[index]?.[pc]?.test;
      if (!idle || test === undefined || test === null) return '';
      for (const local of test.locals) locals.add(local);
      return `case ${pc}:if(${test.condition})return false;break;`;
    });
    return `switch(${readText(column, constant(0))}){${cases.join('')}default:return false}\n`;
  });
  const declared = locals.size === 0 ? '' : `let ${[...locals].join(',')};`;
  return `function quiescent(b){${declared}${rests.join('')}S=0;K=-1;return ${predicate}}\n`;
}
