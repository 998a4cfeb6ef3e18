/** The rows of `check` per proposal: a line for each form of it, wrapped. */
import type { SeedForm, SeedRow } from '../../checks/index.ts';
import type { Style, Terminal } from '../terminal.ts';
import { wrapped } from './wrapped.ts';

/** Columns before the verdict: `  posted   `. */
const indent = 2;
const formWidth = 9;

/** No line is wider than `width`. */
export function seedLines(seeds: readonly SeedRow[], width: number, terminal: Pick<Terminal, 'style'>): string[] {
  return seeds.flatMap(({ seed, title, forms }) => [
    `${terminal.style('bold', seed)} ${title}`,
    ...forms.flatMap((form) => formLines(form, width, terminal)),
  ]);
}

function formLines(form: SeedForm, width: number, terminal: Pick<Terminal, 'style'>): string[] {
  const margin = ' '.repeat(indent + formWidth);
  const lines = wrapped(verdictText(form), width, margin);
  const colour: Style = form.verdict === 'notModelled' ? 'dim' : form.asExpected ? 'green' : 'red';
  return lines.map((line, k) => {
    const text = terminal.style(colour, line.slice(margin.length));
    return `${k === 0 ? `${' '.repeat(indent)}${form.form.padEnd(formWidth)}` : margin}${text}`;
  });
}

/** `violates I-33 (3.1-A v3.10); holds in 3.1-E`. */
export function verdictText({ verdict, reason, violated, holds, open, asExpected }: SeedForm): string {
  if (verdict === 'notModelled') return `not modelled: ${reason ?? ''}`;
  const parts = [
    ...(violated.length === 0 ? [] : [`violates ${violated.map(({ property, runs }) => `${property} (${runs.join(', ')})`).join(', ')}`]),
    ...(holds.length === 0 ? [] : [`holds in ${holds.join(', ')}`]),
    ...(open.length === 0 ? [] : [`no verdict in ${open.join(', ')}`]),
  ];
  return `${asExpected ? '' : 'NOT AS EXPECTED: '}${parts.join('; ')}`;
}
