/**
 * For tests: two systems of one description are the same graph, state by state and successor by successor.
 *
 * In: compiled systems of one program. Out: what was seen, or the first difference as an Error. Never: a bound of its own.
 */
import type { CompiledSystem } from '../system.ts';
import { emitWasm } from '../wasm/index.ts';
import { emitJavaScript } from './javascript.ts';

/** The back ends that run generated code: every test of one is a test of the other. */
export const generating = [
  ['JavaScript', emitJavaScript],
  ['WebAssembly', emitWasm],
] as const;

export interface Seen {
  readonly states: number;
  readonly transitions: number;
  readonly faults: ReadonlySet<string>;
  readonly violations: number;
  readonly violated: number;
  readonly reached: number;
}

/** Breadth-first over all states; throws Error at the first difference, or if there are more than `limit` states. */
export function compareSystems(a: CompiledSystem, b: CompiledSystem, limit: number): Seen {
  const states: Int32Array[] = [];
  const known = new Set<string>();
  const add = (state: Int32Array): void => {
    const key = state.join();
    if (known.has(key)) return;
    known.add(key);
    states.push(state);
    if (states.length > limit) throw new Error(`more than ${limit} states`);
  };
  const initial = a.initialStates();
  same('initial states', initial.map(String), b.initialStates().map(String));
  for (const state of initial) add(state);
  const seen = { states: 0, transitions: 0, faults: new Set<string>(), violations: 0, violated: 0, reached: 0 };
  for (let next = states.shift(); next !== undefined; next = states.shift()) {
    const left = expandState(a, next);
    const right = expandState(b, next);
    const at = `state ${next.join()}`;
    same(`${at}: successors`, left.successors.map(describeStep), right.successors.map(describeStep));
    same(`${at}: queries`, left.queries, right.queries);
    seen.states++;
    for (const step of left.successors) {
      seen.transitions++;
      seen.violations |= step.violations;
      if (step.fault === '') add(step.state);
      else seen.faults.add(step.fault);
      same(`${at}: replay of ${step.label}`, replay(a, next, step.label), describeEnd(step));
      same(`${at}: replay of ${step.label}`, replay(b, next, step.label), describeEnd(step));
    }
    seen.violated |= left.violated;
    seen.reached |= left.reached;
  }
  return seen;
}

interface Step {
  readonly label: number;
  readonly fault: string;
  readonly violations: number;
  readonly state: Int32Array;
}

function expandState(
  system: CompiledSystem,
  state: Int32Array,
): { successors: Step[]; queries: string[]; violated: number; reached: number } {
  const { words } = system;
  system.buffer.set(state, 0);
  const count = system.expand(0, words);
  const successors = Array.from({ length: count }, (_, k): Step => {
    const status = system.status[k] ?? 0;
    const from = words * (k + 1);
    return {
      label: system.labels[k] ?? -1,
      fault: faultName(system, status),
      violations: system.violations[k] ?? 0,
      state: system.buffer.slice(from, from + words),
    };
  }).sort((x, y) => x.label - y.label);
  const violated = system.check(0);
  const reached = system.reachedMask();
  const processes = system.program.processes.map((_, p) => `${p}: ${system.processStatus(0, p)}, waits for ${system.waitsFor(0, p)}`);
  const enabled = [...system.enabled(0)].sort((x, y) => x - y);
  return { successors, violated, reached, queries: [...processes, `${violated} ${reached} ${system.isQuiescent(0)}`, String(enabled)] };
}

function faultName(system: CompiledSystem, status: number): string {
  if (status === 0) return '';
  const fault = system.faults[status - 1];
  return fault === undefined ? `fault ${status}` : `${fault.kind} at ${fault.statement}`;
}

function describeEnd(step: Step): string {
  return step.fault === '' ? step.state.join() : step.fault;
}
function describeStep(step: Step): string {
  return `${step.label & 0xff}/${step.label >>> 8} violates ${step.violations}: ${describeEnd(step)}`;
}

function replay(system: CompiledSystem, state: Int32Array, label: number): string {
  const { words } = system;
  system.buffer.set(state, 0);
  const status = system.step(0, label, words);
  return status === 0 ? system.buffer.slice(words, 2 * words).join() : faultName(system, status);
}

function same(what: string, a: unknown, b: unknown): void {
  const [left, right] = [JSON.stringify(a, null, 1), JSON.stringify(b, null, 1)];
  if (left !== right) throw new Error(`${what}\n${left}\n${right}`);
}
