/**
 * Which fair choices a step answers, and how: asked of the interpreter, since a label only says which of all answers.
 *
 * In: a system, edges. Out: answers by edge, each looked up once. Never: a choice that may be answered alike for ever.
 */
import { type CompiledSystem, interpretProgram, type TracingSystem } from '../../compiler/index.ts';
import type { StateSet } from '../visited/batch.ts';
import { type FairAnswers, sourceOf } from './fairness.ts';
import type { PendingGraph } from './pendingGraph.ts';

export function fairAnswersOf(system: CompiledSystem, visited: StateSet, graph: PendingGraph): FairAnswers {
  const { program } = system;
  if (!program.specs.some((spec) => spec.nodes.some((node) => isFair(program, spec.index, node.index)))) return () => [];
  const interpreter = interpretProgram(system.description, system.program, system.layout);
  const choices: string[] = [];
  const known = new Map<number, readonly number[]>();
  return (edge) => {
    const old = known.get(edge);
    if (old !== undefined) return old;
    const answers = answersOf(interpreter, visited, graph, edge).flatMap(({ spec, node, process, value }) => {
      if (!isFair(program, spec, node)) return [];
      const key = `${process} ${spec} ${node}`;
      if (!choices.includes(key)) choices.push(key);
      return [2 * choices.indexOf(key) + (value === 0 ? 0 : 1)];
    });
    known.set(edge, answers);
    return answers;
  };
}

/** Whether the node is a choice that one process may not be answered "yes" for ever. */
export function isFair(program: CompiledSystem['program'], spec: number, node: number): boolean {
  const op = program.specs[spec]?.nodes[node]?.op;
  return op?.kind === 'leaf' && op.stmt.kind === 'choose' && !op.stmt.forEver;
}

function answersOf(
  interpreter: TracingSystem,
  visited: StateSet,
  graph: PendingGraph,
  edge: number,
): { spec: number; node: number; process: number; value: number }[] {
  visited.copyTo(graph.states[sourceOf(graph, edge)] as number, interpreter.buffer, 0);
  return interpreter
    .traceStep(0, graph.labels[edge] as number)
    .flatMap(({ spec, node, process, choice }) => (choice === null ? [] : [{ spec, node, process, value: choice.value }]));
}
