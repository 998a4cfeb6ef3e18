/**
 * Compiled systems made by hand, for tests of the explorer.
 *
 * In: rules over arrays of words. Out: a CompiledSystem. Never: speed.
 */
import type { CompiledSystem, Fault, FaultKind, PropertyDescription, SystemDescription } from '../../compiler/index.ts';

export interface StandInStep {
  readonly process: number;
  /** Choice code. Default 0. */
  readonly choice?: number;
  /** The state after, or the kind of fault that the step ends in. */
  readonly to: readonly number[] | FaultKind;
  /** Ids of properties that the step violates. */
  readonly violates?: readonly string[];
  /** Ids of event properties whose monitors run in the step. */
  readonly monitors?: readonly string[];
}

export interface StandIn {
  readonly processes: readonly ('essential' | 'daemon')[];
  readonly initial: readonly (readonly number[])[];
  steps(state: readonly number[]): readonly StandInStep[];
  readonly properties?: readonly PropertyDescription[];
  /** Ids of the state properties violated, and of those in whose scope (or at whose goal) the state is. */
  check?(state: readonly number[]): { violated?: readonly string[]; reached?: readonly string[] };
  /** Default: runnable. */
  statusOf?(state: readonly number[], process: number): 'runnable' | 'blocked' | 'idle' | 'done';
  /** Processes that `process` waits for. Given: word 0 is taken to be lock bits. */
  waitsFor?(state: readonly number[], process: number): readonly number[];
  /** Default 8. */
  readonly successorsMax?: number;
}

/** States have as many words as the first initial state. */
export function standIn(rules: StandIn): CompiledSystem {
  const words = rules.initial[0]?.length ?? 1;
  const successorsMax = rules.successorsMax ?? 8;
  const properties = rules.properties ?? [];
  const ids = properties.map(({ id }) => id);
  const maskOf = (some: readonly string[] = []) => some.reduce((mask, id) => mask | (1 << ids.indexOf(id)), 0);
  const buffer = new Int32Array(words * (1 + 4 * successorsMax));
  const labels = new Int32Array(successorsMax);
  const status = new Int32Array(successorsMax);
  const violations = new Int32Array(successorsMax);
  const monitorCounts = new Uint32Array(ids.length);
  const faults: Fault[] = [];
  let reached = 0;
  const at = (base: number) => [...buffer.subarray(base, base + words)];
  const labelOf = ({ process, choice = 0 }: StandInStep) => process | (choice << 8);
  const end = (step: StandInStep, out: number): number => {
    for (const id of step.monitors ?? []) monitorCounts[ids.indexOf(id)] = (monitorCounts[ids.indexOf(id)] ?? 0) + 1;
    if (typeof step.to !== 'string') {
      buffer.set(step.to, out);
      return 0;
    }
    const known = faults.findIndex(({ kind }) => kind === step.to);
    if (known >= 0) return known + 1;
    return faults.push({
      kind: step.to,
      message: step.to === 'bound' ? 'rows of things' : `${step.to} made by hand`,
      position: here,
      statement: `s${faults.length}`,
    });
  };
  return {
    description: descriptionOf(rules.processes, properties),
    program: { specs: [], processes: [], prologue: null, predicates: [], quiescent: null, blocks: [], properties: ids },
    layout: rules.waitsFor === undefined ? layoutOf(words) : withLockWord(layoutOf(words)),
    words,
    propertyIds: ids,
    backEnd: 'stand-in',
    faults,
    buffer,
    successorsMax,
    initialStates: () => rules.initial.map((state) => Int32Array.from(state)),
    expand(base, out) {
      const steps = rules.steps(at(base));
      for (const [k, step] of steps.entries()) {
        labels[k] = labelOf(step);
        status[k] = end(step, out + k * words);
        violations[k] = maskOf(step.violates);
      }
      return steps.length;
    },
    labels,
    status,
    violations,
    enabled: (base) => rules.steps(at(base)).map(labelOf),
    step(base, label, out) {
      const step = rules.steps(at(base)).find((one) => labelOf(one) === label);
      return step === undefined ? -1 : end(step, out);
    },
    check(base) {
      const found = rules.check?.(at(base)) ?? {};
      reached = maskOf(found.reached);
      return maskOf(found.violated);
    },
    reachedMask: () => reached,
    processStatus: (base, process) => rules.statusOf?.(at(base), process) ?? 'runnable',
    waitsFor: (base, process) => (rules.waitsFor?.(at(base), process) ?? []).reduce((mask, holder) => mask | (1 << holder), 0),
    isQuiescent: (base) =>
      rules.processes.every((kind, process) => kind === 'daemon' || ['idle', 'done'].includes(rules.statusOf?.(at(base), process) ?? '')),
    monitorCounts,
    coverage: new Uint32Array(0),
    resetCounters: () => void monitorCounts.fill(0),
  };
}

const here = { file: 'standIn.ts', line: 1, column: 1, language: 'typescript' } as const;

/** A description that says what the explorer asks of it. */
export function descriptionOf(kinds: readonly ('essential' | 'daemon')[], properties: readonly PropertyDescription[]): SystemDescription {
  return {
    name: 'stand-in',
    machine: { tables: [] },
    constants: new Map(),
    procedures: new Map(),
    prologue: null,
    processes: kinds.map((kind, index) => ({ name: `p${index}`, title: `process ${index}`, procedure: 'none', args: [], kind })),
    properties,
    hooks: [],
    quiescent: null,
  };
}

export function layoutOf(words: number): CompiledSystem['layout'] {
  return { words, fields: new Map(), allocated: new Map(), programCounters: [], bitsOfFields: 32 * words, bitsOfControl: 0 };
}

function withLockWord(layout: CompiledSystem['layout']): CompiledSystem['layout'] {
  const type = { kind: 'lock', flavour: 'mutex', writerPreference: false } as const;
  const field = { path: 'lock', length: 0, type, ghost: false };
  const table = { name: 'vm', rows: 1, singleton: true, dynamic: false, fields: [field] };
  const main = { word: 0, shift: 0, bits: 32, count: 1, perWord: 1, bias: 0, signed: false };
  return { ...layout, fields: new Map([['vm.lock', { table, field, main, readers: null, waiting: null, elements: null }]]) };
}
