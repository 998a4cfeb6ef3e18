/**
 * Questions about a state, in C: properties in their scope, rest of processes.
 *
 * In: properties, predicates. Out: C functions. Never: a step.
 */
import type { Scope } from '../description.ts';
import { type PromelaContext, remark } from './context.ts';
import { expression } from './expressions.ts';
import { functionName, localsOf, passed, scopeOf } from './functions.ts';
import { bit } from './leaves.ts';
import { frameName } from './state.ts';

/** `check()`: sets `bad` and `ever_met` for the state in `N`. `at_rest()`: whether it is quiescent. */
export function queryFunctions(context: PromelaContext): string {
  const { description, program } = context;
  const rests = program.processes.flatMap((process, index) => (process.essential ? [`rests${index}()`] : []));
  const quiescent = program.quiescent === null ? [] : [`holds(${functionName(program.quiescent)})`];
  const checks = description.properties.flatMap((property, index) => {
    const predicate = program.predicates[index] ?? null;
    if (predicate === null) return [];
    const holds = `holds(${functionName(predicate)})`;
    if (property.kind === 'reachable') return [`  if (!(ever_met & ${bit(index)}) && ${holds}) met(${index});`];
    if (property.kind !== 'state') return [];
    return [`  if (${inScope(context, property.scope)} && !${holds}) bad |= ${bit(index)};`];
  });
  return [
    predicateRunner,
    ...program.processes.flatMap((process, index) => (process.essential ? [restFunction(context, index)] : [])),
    'static int at_rest(void) {',
    `  return ${[...rests, ...quiescent].join(' && ') || '1'};`,
    '}',
    'static void check(void) {',
    ...checks,
    '}',
  ].join('\n');
}

/** A predicate that faults, or has no step, is false. */
const predicateRunner = `static int holds(ll (*predicate)(void)) {
  jmp_buf here, *outer = on_end;
  Link *kept = links;
  int result = 0;
  on_end = &here;
  if (setjmp(here) == 0) result = predicate() != 0;
  on_end = outer;
  links = kept;
  return result;
}`;

function inScope(context: PromelaContext, scope: Scope): string {
  switch (scope.kind) {
    case 'always':
      return '1';
    case 'quiescent':
      return 'at_rest()';
    case 'noWriter': {
      const count = context.table(scope.table).rows * context.lengthOf(scope.table, scope.field);
      const name = context.fieldName(scope.table, scope.field);
      return Array.from({ length: count }, (_, k) => `!N.${name}w[${k}]`).join(' && ');
    }
  }
}

/** Ended, or stopped at an idle wait whose condition is false. */
function restFunction(context: PromelaContext, index: number): string {
  const process = context.program.processes[index];
  const cases = (process?.resumes ?? []).flatMap(({ spec, node }, k) => {
    if (spec < 0) return [`    case ${k}: waits = 1; break;`];
    const { op } = context.node(context.spec(spec), node);
    if (op.kind !== 'wait' || !op.idle) return [];
    const owner = context.spec(spec);
    const locals = localsOf(owner, '', () => false);
    const scope = scopeOf(context, owner, locals, { blocked: 'no_step();', announced: 'no_step();' });
    const loads = owner.frame.map((slot, n) => `ll ${scope.local(slot.local)} = N.p${index}.${frameName(spec, n)};`);
    const used = owner.frame.map((slot) => `(void)${scope.local(slot.local)};`);
    const args = passed(context.spec(op.spec)).map(({ position }) => {
      const arg = op.args[position];
      return arg === undefined ? '0' : expression(arg, scope);
    });
    return [
      `    case ${k}: { ${loads.join(' ')} ${used.join(' ')} self = ${index}; waits = !${functionName(op.spec)}(${args.join(', ')}); break; }`,
    ];
  });
  return [
    `static int rests${index}(void) { ${remark(process?.name ?? '')}`,
    '  jmp_buf here, *outer = on_end;',
    '  volatile int waits = 0;',
    '  on_end = &here;',
    `  if (setjmp(here) == 0) switch (N.pc${index}) {`,
    ...cases,
    '  }',
    '  on_end = outer; links = 0;',
    '  return waits;',
    '}',
  ].join('\n');
}
