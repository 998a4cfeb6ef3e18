/**
 * The Promela model: which process steps and how its free choices are answered is Promela's, what a step does is C.
 *
 * In: a compiled system. Out: the two texts. Never: a reduction; every step that our explorer takes is one transition here.
 *
 * Why embedded C (Holzmann and Joshi, "Model-driven software verification", SPIN 2004) and not statements of Promela: a step
 * of ours runs hundreds of statements indivisibly. Spin refuses a `d_step` of that length, and as an `atomic` each statement is a
 * transition of its own, on the search stack and in time. The C is made from the program graph, by rules of its own and over a
 * state that is not packed, so it shares neither layout nor text with the back ends that it is to confirm.
 */
import type { CompiledSystem } from '../system.ts';
import { PromelaContext, quoted, remark } from './context.ts';
import { wholeFunctions } from './functions.ts';
import { messageTable } from './leaves.ts';
import { prelude } from './prelude.ts';
import { choosyResumes, initialProcess, processFunction } from './processes.ts';
import { queryFunctions } from './queries.ts';
import { freeFunctions, stateDeclaration } from './state.ts';

export interface PromelaModel {
  /** For `spin -a`. Includes the other two under the names below. */
  readonly model: string;
  /** `mmucheck_state.h`: the structure of a state. */
  readonly header: string;
  /** `mmucheck_steps.c`: steps and properties. */
  readonly steps: string;
}

/**
 * `spin -a` and then the C compiler with `-DVECTORSZ=16384` make a verifier. Spin stores one state more than our explorer
 * finds: the one before the prologue. Each violated property is printed once, as `mmucheck: violated ID`, whatever Spin's options;
 * Spin itself reports the first one as a failed assertion, and goes on after it with `-c0 -e`. Throws for a system with more than
 * 64 properties.
 */
export function promelaOf(system: Pick<CompiledSystem, 'description' | 'program'>): PromelaModel {
  if (system.program.properties.length > 64) throw new RangeError('an exported system has at most 64 properties');
  const context = new PromelaContext(system);
  return { model: promela(context), header: `${stateDeclaration(context)}\n`, steps: steps(context) };
}

function promela(context: PromelaContext): string {
  const { description, program } = context;
  const processes = program.processes.flatMap((process, index) => [
    `  :: d_step { c_expr { SINGLE_${index} } -> assert(c_expr { SOUND }); c_code { commit(); } } ${remark(process.name)}`,
    ...(choosyResumes(context, index).length === 0
      ? []
      : [`  :: atomic { c_expr { SEVERAL_${index} } -> ${pick(`answer(${index}, now.pick)`)} }`]),
  ]);
  return [
    remark(description.name),
    'c_decl {',
    '\\#include <setjmp.h>',
    '\\#include <stdio.h>',
    '\\#include <stdlib.h>',
    '\\#include <string.h>',
    '\\#include "mmucheck_state.h"',
    '}',
    'c_state "MmuState s" "Global"',
    'short left, pick;',
    'c_code {',
    '\\#include "mmucheck_steps.c"',
    // Spin takes a call in c_expr for a side effect; these only write what no state holds.
    '\\#define PROLOGUES prologues()',
    '\\#define SOUND sound()',
    '\\#define RESTS rests()',
    ...program.processes.flatMap((_, index) => [
      `\\#define SINGLE_${index} single(${index})`,
      `\\#define SEVERAL_${index} several(${index})`,
    ]),
    '}',
    'active proctype system() {',
    `  atomic { c_expr { PROLOGUES } -> ${pick('begin(now.pick)')} }`,
    '  do',
    ...processes,
    '  :: d_step { timeout -> assert(c_expr { RESTS }) }',
    '  od',
    '}',
    '',
  ].join('\n');
}

/** One of `found` outcomes, chosen by Spin; the two counters are zero again afterwards, so they make no states. */
function pick(make: string): string {
  const loop = 'do :: left > 0 -> left = left - 1; pick = pick + 1 :: break od';
  return `c_code { now.left = found - 1; }; ${loop}; d_step { c_code { ${make}; }; left = 0; pick = 0; assert(c_expr { SOUND }); c_code { commit(); } }`;
}

function steps(context: PromelaContext): string {
  const { program, description } = context;
  const choosy = program.processes.map((_, index) => {
    const cases = choosyResumes(context, index).map((resume) => `case ${resume}:`);
    return `    case ${index}: switch (now.s.pc${index}) { ${cases.join(' ')} ${cases.length === 0 ? '' : 'return 1;'} default: return 0; }`;
  });
  const functions = [
    prelude,
    freeFunctions(context),
    wholeFunctions(context),
    ...program.processes.map((_, index) => processFunction(context, index)),
    `static const char *property_names[] = { ${[...program.properties.map(quoted), '""'].join(', ')} };`,
    'static void met(int property) { ever_met |= 1ULL << property; printf("mmucheck: reached %s\\n", property_names[property]); }',
    queryFunctions(context),
  ];
  const starts = program.processes.map((_, index) => `  ${initialProcess(context, index)}`);
  const { prologue } = program;
  const prologueCall = prologue === null ? '' : `  (void)w${prologue.spec}(${prologueArguments(context)});`;
  return [
    ...functions,
    // Only now are the messages known.
    messageTable(context.messages),
    `static int choosy(int process) {\n  switch (process) {\n${choosy.join('\n')}\n    default: return 0;\n  }\n}`,
    `static int step(int process) {\n  switch (process) {\n${program.processes.map((_, k) => `    case ${k}: return step${k}();`).join('\n')}\n    default: return 0;\n  }\n}`,
    `static void start(void) {\n  memset(&N, 0, sizeof N); self = 0;\n${prologueCall}\n${starts.join('\n')}\n}`,
    `/* ${quoted(description.name)} */`,
    driver,
  ].join('\n');
}

function prologueArguments(context: PromelaContext): string {
  const { prologue } = context.program;
  if (prologue === null) return '';
  const spec = context.spec(prologue.spec);
  return prologue.args.filter((_, k) => (spec.constants[k] ?? null) === null).join(', ');
}

/** Runs steps with all answers to their choices. `N` and `bad` are those of the outcome that was made last. */
const driver = `
static ull told;
static int found;             /* outcomes of the last question */
#ifndef PROPERTY
#define CONCERNED (~0ULL)
#else
#define CONCERNED (1ULL << (PROPERTY))
#endif
static int faulted;

static void tell(void) {
  ull fresh = bad & ~told;
  for (int k = 0; fresh; k++, fresh >>= 1) if (fresh & 1) printf("mmucheck: violated %s\\n", property_names[k]);
  told |= bad;
}
static void tell_fault(void) {
  static unsigned known;
  faulted = fault_kind != bound;
  if (known >> fault_kind & 1) return;
  known |= 1u << fault_kind;
  printf("mmucheck: fault %s %s\\n", fault_names[fault_kind], fault_kind == bug || fault_kind == bound ? messages[message] : "");
}
/* 0: no such step. 1: a state. 2: the path ends in a fault, N is the state before. */
static int outcome(int process) {
  jmp_buf here;
  int how;
  bad = 0; faulted = 0; asked = 0; links = 0; self = process; on_end = &here;
  memcpy(&N, &now.s, sizeof N);
  how = setjmp(here);
  if (how == 0) how = step(process) ? 0 : NO_STEP;
  links = 0;
  if (how == NO_STEP) return 0;
  if (how == PATH_ENDED) { memcpy(&N, &now.s, sizeof N); tell_fault(); tell(); return 2; }
  check();
  tell();
  return 1;
}
static int single(int process) { first_answers(); return !choosy(process) && outcome(process) != 0; }
static int several(int process) {
  found = 0;
  if (!choosy(process)) return 0;
  first_answers();
  do { if (outcome(process)) found++; } while (next_answers());
  return found;
}
static void answer(int process, int wanted) {
  int k = 0;
  first_answers();
  do { if (outcome(process) && k++ == wanted) return; } while (next_answers());
  abort();
}
static long terminal;         /* states without any step: Spin asks once in each */
static void tell_terminal(void) { printf("mmucheck: terminal %ld\\n", terminal); }
static int prologue_outcome(void) {
  jmp_buf here;
  int how;
  bad = 0; asked = 0; links = 0; on_end = &here;
  how = setjmp(here);
  if (how == 0) { start(); check(); tell(); return 1; }
  if (how == PATH_ENDED) { printf("mmucheck: the prologue ends in %s\\n", fault_names[fault_kind]); exit(70); }
  return 0;
}
static int prologues(void) {
  found = 0;
  first_answers();
  do { if (prologue_outcome()) found++; } while (next_answers());
  return found;
}
static void begin(int wanted) {
  static int registered;
  int k = 0;
  if (!registered) { registered = 1; atexit(tell_terminal); }
  first_answers();
  do { if (prologue_outcome() && k++ == wanted) return; } while (next_answers());
  abort();
}
static int sound(void) { return !(bad & CONCERNED) && !faulted; }
static void commit(void) { memcpy(&now.s, &N, sizeof N); }
static int rests(void) {
  static int said;
  terminal++;
  memcpy(&N, &now.s, sizeof N);
  if (at_rest()) return 1;
  if (!said) { said = 1; printf("mmucheck: deadlock\\n"); }
  return 0;
}
`;
