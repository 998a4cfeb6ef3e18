import { expect, it } from 'vitest';
import { scenarios } from '../model/index.ts';
import { properties } from '../properties/index.ts';
import { propertyPages } from './propertyPages.ts';
import { scenarioId } from './select.ts';

const pages = propertyPages();
const page = (id: string) => pages.get(`docs/properties/${id}.md`) ?? '';

it('every property has a page with its statement, its mutant and its file, and is in the index', () => {
  const index = pages.get('docs/properties/README.md') ?? '';
  for (const { id, statement, file, mutant } of properties) {
    expect(page(id), id).toContain(statement);
    expect(page(id), id).toContain(`](../../${file})`);
    if (mutant !== null) expect(page(id), id).toContain(`\`${mutant.procedure}()\`, scenario ${mutant.scenario}`);
    expect(index).toContain(`[${id}](${id}.md)`);
  }
});

it('every variant that is expected to violate a property is on the page of that property', () => {
  for (const scenario of scenarios)
    for (const { name, violated } of scenario.variants)
      for (const id of violated.filter((each) => each.startsWith('I-'))) {
        const row = page(id)
          .split('\n')
          .filter((line) => line.startsWith(`| ${scenarioId(scenario)} |`));
        expect(row.join(), `${scenarioId(scenario)} ${name} ${id}`).toContain(`**${name}**`);
      }
});

it('the forms of a property for the two engines are told apart', () => {
  expect(page('I-10')).toContain('## In the shadow MMU');
  expect(page('I-10')).toContain('## In the TDP MMU');
  expect(page('I-28')).not.toContain('## In the');
});

it('tables keep their columns whatever a statement says', () => {
  for (const [path, text] of pages) {
    const widths = text
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.replaceAll('\\|', '').split('|').length);
    expect(
      widths.every((width) => width === 4 || width === 6 || width === 9),
      path,
    ).toBe(true);
  }
});
