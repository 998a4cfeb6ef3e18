import { expect, it } from 'vitest';
import { unknownName } from './errors.ts';

it('names what there is, the nearest first', () => {
  const error = unknownName('scenario', '3.3-b', ['3.1-A', '3.3-A', '3.3-B']);
  expect(error.message).toBe('unknown scenario "3.3-b"; there are: 3.3-B, 3.3-A, 3.1-A');
});

it('puts names first that hold what was typed, and says how many there are', () => {
  const known = ['3.1-A', '3.1-B', '3.1-C', '3.1-D', '3.1-E', '3.3-A', 'no-retained-obsolete-root', 'obsolete-tail', 'quota'];
  const { message } = unknownName('scenario or property', 'obsolete', known);
  expect(message).toMatch(/^unknown scenario or property "obsolete"; nearest of 9: no-retained-obsolete-root, obsolete-tail, /);
  expect(unknownName('scenario', '33a', known).message).toContain('nearest of 9: 3.3-A, ');
});

it('says so if there is nothing to choose from, and cuts what a stranger typed', () => {
  expect(unknownName('variant', 'x'.repeat(500), []).message).toBe(`unknown variant "${'x'.repeat(77)}..."; there is none`);
});

it('prints nothing that a terminal obeys, whoever wrote the name', () => {
  expect(unknownName('scenario', '\u001b[2J', []).message).toBe('unknown scenario "\\x1b[2J"; there is none');
});
