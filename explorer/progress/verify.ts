/**
 * One lasso, looked at by itself: does its loop close, is something owed all along, and is it fair?
 *
 * In: a state and the labels of a loop from it. Out: what is wrong, in a sentence, or null. Never: a search; nothing of what the
 * search knew is believed.
 */
import { type CompiledSystem, interpretProgram } from '../../compiler/index.ts';
import { essentialProcesses } from '../essential.ts';
import { isFair } from './fairChoices.ts';
import { acquirePoints, atAcquire } from './pendingGraph.ts';

/** `property`: index of the progress property. No labels: the run stops in that state. Uses the system's buffer. */
export function wrongWithLoop(system: CompiledSystem, start: Int32Array, labels: readonly number[], property: number): string | null {
  const { buffer, words, description } = system;
  const essential = essentialProcesses(system);
  const acquires = acquirePoints(system);
  const title = (mask: number) => description.processes[31 - Math.clz32(mask & -mask)]?.title ?? '?';
  const answers = fairAnswers(system);
  let [always, steps, sometimes, takes] = [essential, 0, 0, 0];
  let state = start;
  for (const label of [...labels, null]) {
    buffer.set(state, 0);
    system.check(0);
    if (((system.reachedMask() >>> property) & 1) === 0) return 'somewhere in it nothing is owed';
    const made = system.expand(0, words);
    let able = 0;
    for (let k = 0; k < made; k++) able |= 1 << ((system.labels[k] ?? 0) & 0xff);
    const acquiring = able & essential & atAcquire(system, acquires);
    always &= able;
    sometimes |= acquiring;
    if (label === null) break;
    steps |= 1 << (label & 0xff);
    takes |= acquiring & (1 << (label & 0xff));
    buffer.set(state, 0);
    if (system.step(0, label, words) !== 0) return 'a step of it cannot be taken';
    answers.note(state, label);
    state = buffer.slice(words, 2 * words);
  }
  if (state.some((word, k) => word !== start[k])) return 'it does not end in the state in which it begins';
  if ((always & ~steps) !== 0) return `${title(always & ~steps)} could always step, and does not`;
  if ((sometimes & ~takes) !== 0) return `${title(sometimes & ~takes)} could get its lock again and again, and does not`;
  return answers.onlyYes() ? 'a choice that may not repeat for ever is answered yes each time' : null;
}

function fairAnswers({ description, program, layout }: CompiledSystem): {
  note(state: Int32Array, label: number): void;
  onlyYes(): boolean;
} {
  const interpreter = interpretProgram(description, program, layout);
  const yes = new Set<string>();
  const no = new Set<string>();
  return {
    note: (state, label) => {
      interpreter.buffer.set(state, 0);
      for (const { choice, spec, node, process } of interpreter.traceStep(0, label)) {
        if (choice !== null && isFair(program, spec, node)) (choice.value === 0 ? no : yes).add(`${process} ${spec} ${node}`);
      }
    },
    onlyYes: () => [...yes].some((choice) => !no.has(choice)),
  };
}
