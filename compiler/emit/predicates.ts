/**
 * Predicates of states as functions that cannot throw.
 *
 * In: the program's predicates. Out: `predicate(k, b)` and `quiescentPredicate(b)`. Never: scopes (see `runtime.ts`).
 */
import type { EmitContext } from './context.ts';

/** A predicate that faults, or has no way on, is false. */
export function predicateFunctions({ program }: EmitContext): string {
  const call = (spec: number): string =>
    `{try{const x=f${spec}(b);if(G!==0){G=0;return false}return x!==0}catch(e){caught(e);return false}}`;
  const cases = program.predicates.flatMap((spec, k) => (spec === null ? [] : [`case ${k}:${call(spec)}`]));
  const head = 'S=0;K=-1;N=0;D=0;CL=0;CI=0;CP=1;';
  const quiescent = program.quiescent === null ? 'return true' : `${head}${call(program.quiescent)}`;
  return `function predicate(k,b){${head}switch(k){${cases.join('\n')}default:return false}}\nfunction quiescentPredicate(b){${quiescent}}\n`;
}
