/**
 * What came of searching every scenario and variant in every way: text for a person, and the page `docs/reductions.md`.
 *
 * In: what was tried. Out: text. Never: a search that was cut counted as one that agrees.
 */
import { disagreements } from './disagreements.ts';
import { type Tried, wayName, ways } from './tryWay.ts';

/** By scenario and variant, in the order in which they were tried. */
export function byRun(tried: readonly Tried[]): Map<string, Tried[]> {
  const found = new Map<string, Tried[]>();
  for (const one of tried) {
    const name = `${one.scenario} ${one.variant}`;
    found.set(name, [...(found.get(name) ?? []), one]);
  }
  return found;
}

export function disagreementsOf(tried: readonly Tried[]): string[] {
  return [...byRun(tried)].flatMap(([name, those]) => disagreements(those).map((text) => `${name}: ${text}`));
}

export function reductionsPage(tried: readonly Tried[]): string {
  const runs = byRun(tried);
  const wrong = disagreementsOf(tried);
  const limits = [...new Set(tried.filter(({ said, refused }) => said === null && !isRefused({ refused })).map(({ limit }) => limit))];
  const unmergedOf = [...runs].filter(([, those]) => those.some(({ merge, said }) => !merge && said !== null));
  return [
    '# Every scenario in every way',
    '',
    'Written by `npm run reductions`. Every scenario and variant at `small` is searched with steps merged and unmerged, with rows renamed and not, with',
    'ample sets and not. Verdicts, statuses, what is reached, worst values, faults and the states in which nothing can go on must be the same (between',
    'merged and unmerged with one exception: a path that ends in a fault hides the states inside its last step). A search that was cut says nothing.',
    '',
    `${runs.size} runs, ${tried.length} searches; of ${unmergedOf.length} runs an unmerged search came to its end. ${wrong.length === 0 ? 'No disagreement.' : `**${wrong.length} disagreements:**`}`,
    ...wrong.map((text) => `- ${text}`),
    '',
    '| way | to the end | refused | cut | not tried | states of those to the end | of the same runs merged, without reductions | CPU s |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...ways.map((way) =>
      wayRow(
        tried.filter((one) => wayName(one) === wayName(way)),
        wayName(way),
        plainStates(tried),
        runs.size,
      ),
    ),
    '',
    ...(limits.length === 0
      ? []
      : ['Cut (no unmerged search in any way came to its end where a name is bold):', '', ...cutLines(runs), '']),
    'Refused:',
    '',
    ...refusals(tried),
    '',
  ].join('\n');
}

function isRefused({ refused }: Pick<Tried, 'refused'>): boolean {
  return Object.keys(refused).length > 0;
}

function plainStates(tried: readonly Tried[]): ReadonlyMap<string, number> {
  const plain = tried.filter(({ merge, renaming, ample, said }) => merge && !renaming && !ample && said !== null);
  return new Map(plain.map(({ scenario, variant, states }) => [`${scenario} ${variant}`, states]));
}

function wayRow(those: readonly Tried[], name: string, plain: ReadonlyMap<string, number>, all: number): string {
  const ended = those.filter(({ said }) => said !== null);
  const refused = those.filter(isRefused).length;
  const sum = (numbers: readonly number[]) => Math.round(numbers.reduce((total, one) => total + one, 0)).toLocaleString('en');
  const cells = [
    name,
    ended.length,
    refused,
    those.length - ended.length - refused,
    all - those.length,
    sum(ended.map(({ states }) => states)),
    sum(ended.map(({ scenario, variant }) => plain.get(`${scenario} ${variant}`) ?? 0)),
    sum(those.map(({ cpuSeconds }) => cpuSeconds)),
  ];
  return `| ${cells.join(' | ')} |`;
}

function cutLines(runs: ReadonlyMap<string, readonly Tried[]>): string[] {
  return [...runs].flatMap(([name, those]) => {
    const cut = those.filter((one) => one.said === null && !isRefused(one));
    if (cut.length === 0) return [];
    const none = !those.some(({ merge, said }) => !merge && said !== null);
    const how = cut.map((one) => `${wayName(one)} at ${one.states.toLocaleString('en')}`).join(', ');
    return [`- ${none ? `**${name}**` : name}: ${how}`];
  });
}

function refusals(tried: readonly Tried[]): string[] {
  const counts = new Map<string, Set<string>>();
  for (const { refused, scenario, variant } of tried)
    for (const [name, why] of Object.entries(refused)) {
      const key = `${name}: ${why}`;
      counts.set(key, (counts.get(key) ?? new Set()).add(`${scenario} ${variant}`));
    }
  return [...counts].map(([text, names]) => `- ${text} (${names.size} runs)`).toSorted();
}
