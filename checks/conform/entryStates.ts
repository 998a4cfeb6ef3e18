/**
 * The states in which a scenario calls procedures, each once.
 *
 * In: a scenario's description, names of procedures. Out: the machine, who calls, with which arguments. Never: what becomes of the call.
 */
import {
  CallWatcher,
  type CompiledSystem,
  compileSystem,
  copyOf,
  type MachineState,
  type Procedure,
  type SystemDescription,
} from '../../compiler/index.ts';
import { type ExploreResult, exploreAsync } from '../../explorer/index.ts';
import { Mixer } from './mixer.ts';

export interface EntryState {
  readonly process: number;
  /** One for each parameter, in the encoding of the compiler. */
  readonly args: readonly number[];
  readonly machine: MachineState;
}
export interface EntryStatesRequest {
  readonly description: SystemDescription;
  /** Procedures whose calls are wanted, each with what makes two states of the machine the same to it. */
  readonly procedures: ReadonlyMap<string, (machine: MachineState) => string>;
  /** States of the scenario that are looked at, at most. */
  readonly states: number;
  readonly signal: AbortSignal;
  /** False: no more calls of this procedure are wanted. */
  onEntry(procedure: string, entry: EntryState): boolean;
  /** Now and then: states looked at, and how many there are. */
  onProgress(looked: number, of: number): void;
}

/** Between two looks at the clock and at the signal, in milliseconds. */
const breathEveryMs = 100;

/** Gives whether all calls that the scenario makes were told: false after a limit or Ctrl-C. */
export async function findEntryStates(request: EntryStatesRequest): Promise<boolean> {
  const { description, procedures, states, signal, onEntry, onProgress } = request;
  const system = compileSystem(withMarks(description, procedures));
  const { graph, exhausted } = await exploreAsync(system, { limits: { states }, signal });
  const search = new CallSearch(system, graph, new Set(procedures.keys()));
  const known = new Map([...procedures.keys()].map((name) => [name, new Set<string>()]));
  let breath = performance.now();
  for (let id = 0; id < graph.count && search.wanted.size > 0; id++) {
    if (performance.now() - breath > breathEveryMs) {
      onProgress(id, graph.count);
      await new Promise((resolve) => setImmediate(resolve));
      breath = performance.now();
    }
    if (signal.aborted) return false;
    search.callsFrom(id, (name, { process, args, machine }) => {
      const key = `${process} ${args.join()} ${procedures.get(name)?.(machine) ?? ''}`;
      const own = known.get(name);
      if (own === undefined || own.has(key)) return;
      own.add(key);
      if (!onEntry(name, { process, args, machine: copyOf(machine) })) search.wanted.delete(name);
    });
  }
  return exhausted;
}

class CallSearch {
  readonly wanted: Set<string>;
  readonly #system: CompiledSystem;
  readonly #graph: ExploreResult['graph'];
  readonly #watcher: CallWatcher;
  readonly #masks: readonly Int32Array[];
  readonly #steps = new Set<string>();
  /** All that were wanted at first. */
  readonly #known: ReadonlySet<string>;

  constructor(system: CompiledSystem, graph: ExploreResult['graph'], wanted: Set<string>) {
    this.#system = system;
    this.#graph = graph;
    this.wanted = wanted;
    this.#known = new Set(wanted);
    this.#watcher = new CallWatcher(system);
    this.#masks = system.program.processes.map((_, process) => maskOfOthers(system, process));
  }

  callsFrom(state: number, tell: (procedure: string, entry: EntryState) => void): void {
    const words = this.#graph.wordsOf(state);
    for (const [label, calls] of this.#callingSteps(words)) {
      // What a step does depends on the machine and on the process that takes it, not on where the others are.
      const mask = this.#masks[label & 0xff];
      const mixer = new Mixer();
      mixer.mix(label);
      for (const [k, word] of words.entries()) mixer.mix(word & (mask?.[k] ?? -1));
      const key = mixer.key();
      if (this.#steps.has(key)) continue;
      this.#steps.add(key);
      let left = calls;
      this.#watcher.watch(words, label, (call) => {
        const name = nameOfMark(call.mark);
        if (name !== null && this.#known.has(name)) left--;
        if (name !== null && this.wanted.has(name)) tell(name, call);
        return left > 0;
      });
    }
  }

  /** Labels of the steps in which a wanted procedure is called, and how many calls of known ones they make. */
  #callingSteps(words: Int32Array): [label: number, calls: number][] {
    const system = this.#system;
    system.buffer.set(words, 0);
    system.resetCounters();
    const count = system.expand(0, system.words);
    if (this.#calls(this.wanted) === 0) return [];
    return [...system.labels.subarray(0, count)].flatMap((label) => {
      system.resetCounters();
      system.buffer.set(words, 0);
      system.step(0, label, system.words);
      return this.#calls(this.wanted) === 0 ? [] : [[label, this.#calls(this.#known)]];
    });
  }

  #calls(counted: ReadonlySet<string>): number {
    let calls = 0;
    for (const [mark, times] of this.#system.marks ?? []) {
      const name = times === 0 ? null : nameOfMark(mark);
      if (name !== null && counted.has(name)) calls += times;
    }
    return calls;
  }
}

const prefix = 'call of ';
function nameOfMark(mark: string): string | null {
  return mark.startsWith(prefix) ? mark.slice(prefix.length) : null;
}

/** A mark before the first statement of each, so that a loop which begins a procedure is not taken for calls of it. */
function withMarks(description: SystemDescription, wanted: ReadonlyMap<string, unknown>): SystemDescription {
  const marked = (procedure: Procedure): Procedure =>
    wanted.has(procedure.name)
      ? { ...procedure, body: [{ kind: 'mark', id: prefix, pos: procedure.pos, name: prefix + procedure.name }, ...procedure.body] }
      : procedure;
  return { ...description, procedures: new Map([...description.procedures].map(([name, procedure]) => [name, marked(procedure)])) };
}

/** The bits of a state that say nothing of where the other processes are. */
function maskOfOthers({ words, program, layout }: CompiledSystem, process: number): Int32Array {
  const mask = new Int32Array(words).fill(-1);
  const clear = ({ word, shift, bits }: { word: number; shift: number; bits: number }): void => {
    mask[word] = (mask[word] ?? 0) & ~((bits === 32 ? -1 : (1 << bits) - 1) << shift);
  };
  layout.programCounters.forEach((column, other) => {
    if (other !== process) clear(column);
  });
  for (const spec of program.specs) {
    if (spec.process === null || spec.process === process) continue;
    for (const { column } of spec.frame) clear(column);
    if (spec.returnSlot !== null) clear(spec.returnSlot);
  }
  return mask;
}
