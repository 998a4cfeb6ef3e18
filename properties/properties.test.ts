import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scenarioNamed } from '../model/index.ts';
import { type Property, properties, propertyOf, sharedPropertyFiles, sharedTdpPropertyFiles, tdpForms } from './index.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const textOf = (file: string) => readFileSync(root + file, 'utf8');
const shared = [...sharedPropertyFiles, ...sharedTdpPropertyFiles].map(textOf).join('\n');

function namedBy(property: Property): string[] {
  if (property.kind === 'state') return [property.predicate];
  return property.kind === 'event' ? property.hooks.map((hook) => hook.procedure) : [];
}

describe('properties', () => {
  it('are found by their ids', () => {
    expect(propertyOf('I-10').name).toBe('no-retained-obsolete-root');
    expect(() => propertyOf('I-99')).toThrow('no property I-99');
    expect(new Set(properties.map(({ id }) => id)).size).toBe(properties.length);
  });

  it.each([...properties, ...tdpForms])('$file names functions of its own file or of the shared ones', (property) => {
    const text = [property.file, ...(property.with ?? [])].map(textOf).join('\n') + shared;
    const named = namedBy(property);
    for (const name of [...named, ...property.recorders.map((hook) => hook.procedure)]) expect(text).toContain(`export function ${name}(`);
  });

  it.each([...properties, ...tdpForms].filter((property) => property.mutant !== null))(
    '$id, $file, has a mutant in a scenario that checks it',
    (property) => {
      const { mutant, id } = property;
      const scenario = scenarioNamed(mutant?.scenario ?? '');
      expect(scenario?.properties).toContain(id);
      const variant = scenario?.variants.find(({ name }) => name === mutant?.variant);
      const files = [...(scenario?.files ?? []), ...(variant?.replacing ?? [])];
      expect(files.some((file) => textOf(file).includes(mutant?.statement ?? ''))).toBe(true);
    },
  );
});
