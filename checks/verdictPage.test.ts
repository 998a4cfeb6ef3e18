import { expect, it } from 'vitest';
import { scenarios, seeds } from '../model/index.ts';
import { scenarioId } from './select.ts';
import { verdictPage } from './verdictPage.ts';

const page = verdictPage();

it('has every scenario with every variant, and a row for each form of each proposal', () => {
  for (const { year, title } of seeds) expect(page).toContain(`## ${year}: ${title}`);
  for (const scenario of scenarios) {
    expect(page).toContain(`| **${scenarioId(scenario)}** ${scenario.title} |`);
    for (const { name, title } of scenario.variants) expect(page).toContain(`| ${name} | ${title.replaceAll('|', '\\|')} |`);
  }
});

it('says what is violated where, and why a form is not modelled', () => {
  expect(page).toMatch(/^\| base \| \[I-33\]\(properties\/I-33\.md\) \(3\.1-A v3\.10\)/m);
  expect(page).toContain('| posted | not modelled: the bodies of the second posting are not to be had | |');
  // Faults have no page to link to.
  expect(page).toMatch(/[^[]fault:useAfterFree/);
});
