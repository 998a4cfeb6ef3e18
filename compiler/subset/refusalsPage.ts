/**
 * The page docs/refusals.md, made from the table; a test keeps it up to date.
 *
 * In: the table. Out: Markdown. Never: a word that the table has not.
 */
import { refusalRules } from './refusals.ts';

/** The whole text of docs/refusals.md. */
export function refusalsPage(): string {
  const rows = Object.entries(refusalRules).map(
    ([code, { title, instead }]) => `| ${code} | ${title} | ${instead.replaceAll('|', '\\|')} |`,
  );
  return [
    '# Refusals of the subset',
    '',
    'What the front end says when a text is outside the subset (`docs/subset.md`), and what to write instead.',
    'This page is made from `compiler/subset/refusals.ts`; `compiler/subset/fixtures/` has an example of each.',
    '',
    '| code | what is wrong | what to write instead |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
