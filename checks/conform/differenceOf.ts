/**
 * A difference between the model and a tree as a reader wants it: the state, what both do, where they part, and the two texts there.
 *
 * In: where two runs part. Out: plain text in parts. Never: a verdict.
 */
import type { MachineDescription, MachineState, Position, Procedure } from '../../compiler/index.ts';
import { createNames, type Names, type Naming, traceCells } from '../../counterexamples/index.ts';
import type { KernelTree } from '../../patches/index.ts';
import { sourceText } from '../sources.ts';
import type { Action } from './actions.ts';
import type { EntryState } from './entryStates.ts';
import type { Parting, Way } from './judge.ts';
import type { Difference } from './report.ts';

export interface DifferenceContext {
  readonly scenario: string;
  /** Of the process that calls. */
  readonly process: string;
  readonly procedure: Procedure;
  readonly entry: EntryState;
  readonly machine: MachineDescription;
  readonly naming: Naming;
  readonly tree: KernelTree;
}

/** Lines of text before and after the one in question; actions shown before and after the parting. */
const around = 4;
const actionsMax = 12;

export function differenceOf({ common, model, tree }: Parting, context: DifferenceContext): Difference {
  const { machine, naming, entry, procedure } = context;
  const names = createNames(machine, naming);
  const args = procedure.params.map(({ name, type }, k) => `${name}: ${names.value(type, entry.args[k] ?? 0, '').display}`);
  const first = model.actions.slice(0, common).map((action) => actionText(action, names));
  return {
    scenario: context.scenario,
    process: context.process,
    call: `${procedure.name}(${args.join(', ')})`,
    state: stateOf(machine, entry.machine, names),
    common: shortened(first, 'last'),
    model: sideOf(model, common, names, context),
    tree: sideOf(tree, common, names, context),
  };
}

function sideOf({ actions, run }: Way, common: number, names: Names, context: DifferenceContext): Difference['model'] {
  const [action, ...more] = actions.slice(common);
  const end = endText(run, names, context.procedure);
  const position = action?.position ?? run.fault?.position ?? run.last ?? context.procedure.pos;
  return {
    step: action === undefined ? end : actionText(action, names),
    procedures: [...(action?.procedures ?? [])],
    at: { file: position.file, line: position.line },
    source: linesAround(position, context.tree),
    after: action === undefined ? [] : shortened([...more.map((one) => actionText(one, names)), end], 'first'),
  };
}

function linesAround({ file, line, language }: Position, tree: KernelTree): Difference['model']['source'] {
  const text = language === 'c' ? (tree.read(file) ?? '') : sourceText(file);
  const lines = text.split('\n');
  const from = Math.max(1, line - around);
  return lines.slice(from - 1, line + around).map((one, k) => ({ line: from + k, text: one.replaceAll('\t', '  ') }));
}

function stateOf(machine: MachineDescription, state: MachineState, names: Names): Difference['state'] {
  const ghosts = new Set(
    machine.tables.flatMap(({ name, fields }) => fields.flatMap(({ path, ghost }) => (ghost ? [`${name}.${path}`] : []))),
  );
  return traceCells(machine, state, names)
    .filter(({ place }) => !ghosts.has(place.replaceAll(/\[\d+\]/g, '')))
    .map(({ name, value }) => ({ place: name, value: value.display }));
}

function endText({ end, fault, value, left }: Way['run'], names: Names, { result, params }: Procedure): string {
  switch (end) {
    case 'returned': {
      const given = value === null || result.kind === 'void' ? [] : [names.value(result, value, '').display];
      const back = params.flatMap(({ name, type }, k) => {
        const one = left[k] ?? null;
        return one === null ? [] : [`${name} = ${names.value(type, one, '').display}`];
      });
      return ['returns', ...given, ...(back.length === 0 ? [] : ['with', back.join(', ')])].join(' ');
    }
    case 'blocked':
      return 'waits for others again and again';
    case 'fault':
      return `ends with ${fault?.kind}: ${fault?.message}`;
    case 'vanished':
      return 'is a path that is not taken';
    case 'endless':
      return 'does not end';
  }
}

export function actionText({ deed }: Action, names: Names): string {
  switch (deed.what) {
    case 'write': {
      const { type, table, field } = deed.place;
      const spelled = (value: number): string => names.value(type, value, `${table}.${field}`).display;
      return `${names.place(deed.place)}: ${spelled(deed.before)} -> ${spelled(deed.after)}`;
    }
    case 'list': {
      const { type, table, field } = deed.place;
      const spelled = (value: readonly number[]): string => names.value(type, [...value], `${table}.${field}`).display;
      return `${names.place(deed.place)}: ${spelled(deed.before)} -> ${spelled(deed.after)}`;
    }
    case 'alloc':
      return `allocates ${names.row(deed.table, deed.row)}`;
    case 'free':
      return `frees ${names.row(deed.table, deed.row)}`;
    case 'call':
      return `calls ${deed.procedure}(${deed.args?.join(', ') ?? '...'})`;
    case 'warning':
      return 'warns';
    case 'waited':
      return 'waits until something is so';
    case 'acquired':
    case 'released':
      return `${deed.what === 'acquired' ? 'takes' : 'lets go of'} ${names.place(deed.place)}${deed.mode === 'shared' ? ' for read' : ''}`;
    case 'failed':
      return `does not get ${names.place(deed.place)}`;
  }
}

function shortened(lines: readonly string[], keep: 'first' | 'last'): string[] {
  if (lines.length <= actionsMax) return [...lines];
  const left = `... ${lines.length - actionsMax} more`;
  return keep === 'first' ? [...lines.slice(0, actionsMax), left] : [left, ...lines.slice(-actionsMax)];
}
