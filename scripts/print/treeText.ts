/** What the report of `patch` has more of when there is a tree: the tree, the series, each property before and after. */
import type { PatchReport } from '../../checks/index.ts';
import { escapeText } from '../../checks/index.ts';
import { table } from './table.ts';

type Change = PatchReport['runs'][number]['properties'][number]['change'];

/** In the order in which a reader wants to know. */
const changes: Readonly<Record<Change, string>> = {
  breaks: 'broken: violated with the patch, and not without',
  fixes: 'fixed: violated -> holds',
  'stays violated': 'violated -> violated (other ways in which the patch violates them are not told apart)',
  open: 'open: a limit or a bound came first',
  stays: 'holds -> holds',
  holds: 'holds, and what it did before is not known',
  vacuous: 'never met with the patch',
};

/** For the head: what the patch was applied to, and, with a tree, which code of the model goes with it. */
export function treeFacts({ tree }: PatchReport): { readonly tree: string; readonly surroundings: string | null } {
  if (tree === null)
    return { tree: 'none: judged by the functions that the patch shows whole (--tree judges changes within others)', surroundings: null };
  const revision = tree.revision === null ? '' : ` at ${escapeText(tree.revision, 60)}`;
  return { tree: `${escapeText(tree.name, 60)}${revision}`, surroundings: tree.surroundings };
}

/** Each property once, under the most telling of what it does in any scenario; one line for each kind. */
export function changeLines({ runs }: Pick<PatchReport, 'runs'>): string[] {
  const order = Object.keys(changes) as Change[];
  const found = new Map<string, { change: Change; name: string; scenarios: string[] }>();
  for (const { scenario, properties } of runs) {
    for (const { id, name, change } of properties) {
      const known = found.get(id);
      if (known === undefined || order.indexOf(change) < order.indexOf(known.change))
        found.set(id, { change, name, scenarios: [scenario] });
      else if (known.change === change) known.scenarios.push(scenario);
    }
  }
  return order.flatMap((change) => {
    const own = [...found].filter(([, each]) => each.change === change).sort(([a], [b]) => (a < b ? -1 : 1));
    if (own.length === 0) return [];
    const quiet = change === 'stays' || change === 'holds' || change === 'vacuous';
    const names = own.map(([id, { name, scenarios }]) => (quiet ? id : `${id} ${name} (${scenarios.join(', ')})`));
    return [`${changes[change]}: ${names.join(', ')}`];
  });
}

/** A row for each patch of a series, and which breaks something first. */
export function seriesLines({ series }: PatchReport, width: number): string[] {
  if (series.length === 0) return [];
  const ids = (report: PatchReport['series'][number], wanted: Change): string =>
    [...new Set(report.runs.flatMap(({ properties }) => properties.flatMap(({ id, change }) => (change === wanted ? [id] : []))))]
      .sort()
      .join(', ') || '-';
  const rows = series.map((one, index) => [
    String(index + 1),
    escapeText(one.subject === '' ? one.file : one.subject, 60),
    one.verdict,
    ids(one, 'breaks'),
    ids(one, 'fixes'),
    ids(one, 'stays violated'),
  ]);
  const stays = rows.some((row) => row.at(-1) !== '-');
  const shown = stays ? rows : rows.map((row) => row.slice(0, -1));
  const columns = ['patch', 'subject', 'verdict', 'breaks', 'fixes', ...(stays ? ['violated before, too'] : [])];
  const first = series.findIndex(({ verdict }) => verdict === 'violated');
  const breaking = series[first];
  return [
    table(columns, shown, { right: ['patch'], wrap: ['subject', ...columns.slice(3)], width }),
    breaking === undefined
      ? 'No patch of the series breaks a property. What follows is about the one that decides.'
      : `Patch ${first + 1} is the first that breaks a property: ${escapeText(breaking.subject === '' ? breaking.file : breaking.subject, 100)}. What follows is about it.`,
  ];
}
