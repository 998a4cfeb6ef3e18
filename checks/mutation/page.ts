/**
 * docs/mutants.md: the record of the last mutation run as a page for people.
 *
 * In: the record. Out: Markdown. Never: a figure that is not in the record.
 */
import { isGap, leftOut, type MutantCounts, type MutationRecord, type Survivor } from './record.ts';

export function mutantsPage(record: MutationRecord): string {
  const { counts, survivors } = record;
  const all = totalOf(counts);
  const open = survivors.filter(isGap);
  const reasoned = survivors.filter((each) => each.outcome !== 'equivalent' && !isGap(each));
  return [
    '# Mutants',
    '',
    'Written by `npm run mutants` from `checks/mutation/survivors.json`; do not edit. A mutant is one edit of a kernel procedure: a',
    'statement deleted, swapped with the next line, a condition negated, an argument or stored value replaced, a lock dropped. Each is',
    'tried at small bounds on the scenarios that execute the statement, with the built-in procedures, until something is violated: the',
    'cheapest first, then those that run most of the procedure; the dearest are left out where those before them are many, and that is said',
    'with each mutant. A mutant counts as equivalent only if its state graph (all fields, the status of each process, and the steps between)',
    'equals the unmutated one in every scenario that executes it; a branch that is never taken there changes nothing when it is deleted.',
    '',
    'Why a survivor may live is written into that file by hand, as its `reason`; a run keeps the reasons of mutants that it finds again.',
    'A reason that begins with `gap` says what is missing. `npm run mutants -- --page` writes this page again, `--survivors --scenario IDS`',
    'tries the survivors on some scenarios, `--journal FILE` lets a run that was interrupted go on.',
    '',
    `Of ${all} mutants, ${counts.killed} are killed, ${counts.equivalent} are equivalent at these bounds, ${counts.survived} survive,`,
    `${counts.incomplete} are incomplete (a limit, or a bound of the model, came first), and ${counts.notExecuted} change what no scenario`,
    `executes at these bounds. Of those that are neither killed nor equivalent ${open.length} are gaps of the scenarios, of the properties or of the`,
    `bounds; for ${reasoned.length} a reason says why nobody need notice them.`,
    '',
    '| operator | mutants | killed | equivalent | survive | incomplete | not executed |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...Object.entries(record.byOperator).map(([operator, each]) => row([operator, totalOf(each), ...cells(each)])),
    row(['all', all, ...cells(counts)]),
    '',
    '## What noticed them',
    '',
    'The search ends at the first that is violated, and what is violated close to it is counted, too. `unmet:` is a state that makes the',
    'scenario worth running and was not reached.',
    '',
    '| by | mutants |',
    '| --- | --- |',
    ...Object.entries(record.killedBy).map(([id, number]) => row([`\`${id}\``, number])),
    ...section('Gaps', open),
    ...section('Survivors with a reason', reasoned),
    ...section(
      'Equivalent',
      survivors.filter(({ outcome }) => outcome === 'equivalent'),
    ),
    '',
  ].join('\n');
}

/** By reason, the one with the most mutants first. */
function section(title: string, survivors: readonly Survivor[]): string[] {
  const groups = new Map<string, Survivor[]>();
  for (const survivor of survivors) {
    const reason = survivor.outcome === 'equivalent' ? '' : survivor.reason.replace(/^gap(: |$)/, '');
    groups.set(reason, [...(groups.get(reason) ?? []), survivor]);
  }
  const blocks = [...groups].sort(([, one], [, other]) => other.length - one.length);
  return ['', `## ${title}`, ...(blocks.length === 0 ? ['', 'None.'] : blocks.flatMap(([reason, those]) => block(reason, those)))];
}

function block(reason: string, those: readonly Survivor[]): string[] {
  const heading = reason === '' ? [] : ['', `### ${sentence(reason)} (${those.length})`];
  return [...heading, '', ...those.map(line)];
}
function line({ procedure, text, detail, outcome, scenarios }: Survivor): string {
  return `- \`${procedure}()\`, ${detail}: \`${text}\`. ${outcomeText(outcome, scenarios)}.`;
}
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function outcomeText(outcome: Survivor['outcome'], scenarios: Survivor['scenarios']): string {
  const names = (wanted: (relation: string) => boolean): string =>
    Object.entries(scenarios)
      .flatMap(([name, relation]) => (wanted(relation) ? [name] : []))
      .join(', ');
  switch (outcome) {
    case 'notExecuted':
      return 'Not executed';
    case 'equivalent':
      return `Equal in ${names(() => true)}`;
    case 'incomplete':
      return `Incomplete: ${names((relation) => relation.startsWith('incomplete'))}`;
    case 'survived': {
      const unequal = names((relation) => !['equal', 'notCompared', leftOut].includes(relation));
      const untried = names((relation) => relation === leftOut);
      const seen = unequal === '' ? `Equal in ${names((relation) => relation === 'equal')}` : `Not equal in ${unequal}`;
      return untried === '' ? seen : `${seen}; not tried in ${untried}`;
    }
  }
}

function totalOf(counts: MutantCounts): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}
function cells({ killed, equivalent, survived, incomplete, notExecuted }: MutantCounts): number[] {
  return [killed, equivalent, survived, incomplete, notExecuted];
}
function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
