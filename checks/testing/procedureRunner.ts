/**
 * For tests: calls single procedures of a system, one after the other, each from the machine state that the one before left.
 *
 * In: a described system, names of procedures, arguments. Out: results and machine states. Never: two processes.
 */
import {
  type CompiledSystem,
  compileSystem,
  decodeMachine,
  type FieldDescription,
  type MachineState,
  type Place,
  type Procedure,
  procedureNamed,
  type ScalarType,
  type Stmt,
  type SystemDescription,
  withIds,
} from '../../compiler/index.ts';
import { encodeMachine } from '../../compiler/machine/packing.ts';
import { stepsFrom } from '../../explorer/index.ts';

/** Where a call finds its arguments and leaves its result, beside the tables of the machine. */
const callTable = 'call';
const callerName = 'call_from_outside';

/** Compiled once for each procedure: arguments are part of the state. */
export class ProcedureRunner {
  readonly #description: SystemDescription;
  readonly #systems = new Map<string, CompiledSystem>();

  /** `description`: its processes are not run. */
  constructor(description: SystemDescription) {
    this.#description = description;
  }

  /** What the prologue leaves. Throws if there is none. */
  initial(): MachineState {
    const { prologue } = this.#description;
    if (prologue === null) throw new Error('no prologue');
    const system = this.#system(prologue.procedure);
    return decodeMachine(system.layout, initialWords(system), 0);
  }

  /**
   * `args` in the compiler's encoding (a reference is row + 1); of a procedure without a result, the result is 0.
   * Throws if it faults, warns, blocks or chooses.
   */
  call(state: MachineState, procedure: string, args: readonly number[]): { state: MachineState; result: number } {
    const system = this.#system(procedure);
    const from = initialWords(system);
    encodeMachine(system.layout, { ...state, tables: { ...state.tables, [callTable]: callRow(system, args) } }, from, 0);
    const after = decodeMachine(system.layout, runToEnd(system, from, `${procedure}(${args.join(', ')})`), 0);
    const [result] = after.tables[callTable]?.result ?? [];
    return { state: after, result: typeof result === 'number' ? result : 0 };
  }

  #system(procedure: string): CompiledSystem {
    const known = this.#systems.get(procedure);
    if (known !== undefined) return known;
    const system = compileSystem(withCaller(this.#description, procedureNamed(this.#description.procedures, procedure)));
    this.#systems.set(procedure, system);
    return system;
  }
}

function initialWords(system: CompiledSystem): Int32Array {
  const [words] = system.initialStates();
  if (words === undefined) throw new Error('no initial state');
  return words;
}

function callRow(system: CompiledSystem, args: readonly number[]): Record<string, number[]> {
  const table = system.description.machine.tables.find(({ name }) => name === callTable);
  return Object.fromEntries((table?.fields ?? []).map(({ path }, i) => [path, [path === 'result' ? 0 : (args[i] ?? 0)]]));
}

function runToEnd(system: CompiledSystem, from: Int32Array, what: string): Int32Array {
  let words = from;
  while (true) {
    system.buffer.set(words, 0);
    if (system.processStatus(0, 0) === 'done') return words;
    const [step, ...others] = stepsFrom(system, words);
    if (step === undefined) throw new Error(`${what} blocks`);
    if (others.length > 0) throw new Error(`${what} chooses`);
    const fault = system.faults[step.status - 1];
    if (fault !== undefined) throw new Error(`${what}: ${fault.message}`);
    const violated = system.propertyIds.filter((_, index) => ((step.violations >>> index) & 1) === 1);
    if (violated.length > 0) throw new Error(`${what} violates ${violated.join(', ')}`);
    words = step.words;
  }
}

/** The system with one process, which takes the arguments from a table of their own. */
function withCaller(description: SystemDescription, callee: Procedure): SystemDescription {
  if (callee.params.some(({ mode }) => mode !== 'in')) throw new Error(`${callee.name}: it gives values back through its parameters`);
  const { result } = callee;
  const fields = callee.params.map(({ type }, i) => field(`arg${i}`, type));
  if (result.kind !== 'void') fields.push(field('result', result));
  const { pos } = callee;
  const body: Stmt[] = callee.params.map((_, i) => ({ kind: 'load', id: '', pos, dst: `arg${i}`, place: placeOf(`arg${i}`) }));
  body.push({
    kind: 'call',
    id: '',
    pos,
    callee: callee.name,
    args: callee.params.map(({ type }, i) => ({ mode: 'in', value: { op: 'local', type, local: `arg${i}` } })),
    dst: result.kind === 'void' ? null : 'result',
  });
  if (result.kind !== 'void') {
    body.push({ kind: 'store', id: '', pos, place: placeOf('result'), value: { op: 'local', type: result, local: 'result' } });
  }
  const locals = fields.map(({ path, type }) => ({ name: path, type: type as ScalarType }));
  const caller = withIds({ name: callerName, params: [], result: { kind: 'void' }, locals, body, pos, doc: '' });
  return {
    ...description,
    machine: { tables: [...description.machine.tables, { name: callTable, rows: 1, singleton: true, dynamic: false, fields }] },
    procedures: new Map([...description.procedures, [callerName, caller]]),
    processes: [{ name: 'caller', title: callee.name, procedure: callerName, args: [], kind: 'essential' }],
  };
}

function field(path: string, type: ScalarType): FieldDescription {
  return { path, length: 0, type, ghost: false };
}
function placeOf(path: string): Place {
  return { kind: 'field', table: callTable, field: path, row: null, index: null };
}
