/**
 * Reports of `check-tree` as the tables of docs/trees.md.
 *
 * In: reports over all scenarios. Out: markdown. Never: a run.
 */
import type { CoveredFunction, TreeCheckReport } from './treeCheckReport.ts';

/** One row a tree; then, of the first, tables by files and of lines that no scenario reaches, those behind warnings left out. */
export function coverageTables(reports: readonly TreeCheckReport[]): string {
  const [first] = reports;
  if (first === undefined) return '';
  const ran = first.functions.filter(({ scenarios }) => scenarios.length > 0);
  const missing = ran.flatMap((one) => {
    const lines = one.notReached.filter(({ behindWarning }) => !behindWarning).map(({ line }) => line);
    return lines.length === 0 ? [] : [[`\`${one.name}\``, `${one.reached} of ${one.lines}`, `${nameOf(one.file)} ${spans(lines)}`]];
  });
  return [
    table(
      ['tree', 'hold', 'violated', 'no verdict', 'other versions', 'functions that ran, of those that took a place', 'lines reached'],
      reports.map(treeRow),
    ),
    `By files, of ${first.version ?? first.tree}:`,
    table(['file', 'functions that took a place', 'ran', 'lines reached of those'], fileRows(first.functions)),
    `Lines of functions of ${first.version ?? first.tree} that ran, which no scenario reaches (behind warnings left out):`,
    table(['function', 'lines reached', 'not reached'], missing),
  ].join('\n\n');
}

function treeRow({ version, tree, runs, counts }: TreeCheckReport): string[] {
  const violated = runs.flatMap(({ scenario, violated: found }) =>
    found.length === 0 ? [] : [`${scenario} (${found.map(({ id, known }) => (known ? id : `${id}, not known`)).join(', ')})`],
  );
  const open = runs.flatMap(({ scenario, verdict }) =>
    verdict === 'incomplete' || verdict === 'vacuous' || verdict === 'notExercised' ? [`${scenario} (${verdict})`] : [],
  );
  return [
    version ?? tree,
    `${counts.holds} of ${counts.scenarios}`,
    violated.join(', ') || '-',
    open.join(', ') || '-',
    String(counts.otherVersions || '-'),
    `${counts.functionsRun} of ${counts.functions}`,
    `${counts.linesReached} of ${counts.lines}`,
  ];
}

function fileRows(functions: readonly CoveredFunction[]): string[][] {
  return [...new Set(functions.map(({ file }) => file))].map((file) => {
    const own = functions.filter((one) => one.file === file);
    const ran = own.filter(({ scenarios }) => scenarios.length > 0);
    const sum = (of: (one: CoveredFunction) => number): number => ran.reduce((all, one) => all + of(one), 0);
    return [
      `\`${nameOf(file)}\``,
      String(own.length),
      String(ran.length),
      `${sum(({ reached }) => reached)} of ${sum(({ lines }) => lines)}`,
    ];
  });
}

function nameOf(file: string): string {
  return file.replace(/^.*\//, '');
}

/** `3, 5-7`. */
export function spans(lines: readonly number[]): string {
  const found: [number, number][] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === line - 1) last[1] = line;
    else found.push([line, line]);
  }
  return found.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
