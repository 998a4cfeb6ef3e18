/**
 * What different ways to search one scenario and variant say differently.
 *
 * In: what was tried. Out: differences, as text. Never: agreement claimed of a search that was cut or refused; such ones are left out.
 */
import { type Said, type StatesSaid, type Tried, wayName } from './tryWay.ts';

/** `tried`: of one scenario, variant and model. */
export function disagreements(tried: readonly Tried[]): string[] {
  const told = tried.flatMap((one) => (one.said === null ? [] : [{ ...one, said: one.said }]));
  const find = (merge: boolean) =>
    told.find((one) => one.merge === merge && !one.renaming && !one.ample) ?? told.find((one) => one.merge === merge);
  const [merged, unmerged] = [find(true), find(false)];
  const wrong: string[] = [];
  const note = (a: Tried, b: Tried, differences: readonly string[]) =>
    wrong.push(...differences.map((text) => `${wayName(a)} against ${wayName(b)}: ${text}`));
  for (const one of told) {
    const first = one.merge ? merged : unmerged;
    if (first !== undefined && first !== one) note(one, first, differencesOf(one.said, first.said, one.renaming || first.renaming));
  }
  if (merged !== undefined && unmerged !== undefined)
    note(merged, unmerged, differencesOfMerging(merged.said, unmerged.said, merged.renaming || unmerged.renaming));
  return wrong;
}

/** Both with the same steps: all must be the same. */
function differencesOf(a: Said, b: Said, renamed: boolean): string[] {
  return [
    ...(a.verdict === b.verdict ? [] : [`${a.verdict} and ${b.verdict}`]),
    ...only('outcome', a.outcomes, b.outcomes),
    ...only('fault', a.faults, b.faults),
    ...terminal(a, b, renamed),
  ];
}

/**
 * Merged steps against single ones. A path that ends in a fault hides the states inside its last step, so where paths end in faults the merged run
 * may see less; it must still end in a fault, and must not see more.
 */
function differencesOfMerging(merged: Said, unmerged: Said, renamed: boolean): string[] {
  if (unmerged.faults.length === 0) return differencesOf(merged, unmerged, renamed);
  const violated = ({ outcomes }: Said) =>
    outcomes.filter((outcome) => outcome.includes(' violated ')).map((outcome) => outcome.split(' ')[0] ?? '');
  const more = (what: string, some: readonly string[], all: readonly string[]) =>
    some.filter((one) => !all.includes(one)).map((one) => `${what} only merged: ${one}`);
  return [
    ...(merged.verdict === unmerged.verdict ? [] : [`${merged.verdict} and ${unmerged.verdict}`]),
    ...(merged.faults.length === 0 ? ['faults only unmerged'] : []),
    ...more('violated', violated(merged), violated(unmerged)),
    ...more('fault', merged.faults, unmerged.faults),
  ];
}

function terminal(a: Said, b: Said, renamed: boolean): string[] {
  const [one, other] = renamed ? [a.terminalForms, b.terminalForms] : [a.terminal, b.terminal];
  if (one === null || other === null || same(one, other)) return [];
  return [`terminal states${renamed ? ' up to renaming' : ''}: ${one.count} (${one.hash}) and ${other.count} (${other.hash})`];
}

function same(a: StatesSaid, b: StatesSaid): boolean {
  return a.count === b.count && a.hash === b.hash;
}

function only(what: string, a: readonly string[], b: readonly string[]): string[] {
  return [
    ...a.filter((one) => !b.includes(one)).map((one) => `${what} only there: ${one}`),
    ...b.filter((one) => !a.includes(one)).map((one) => `${what} only here: ${one}`),
  ];
}
