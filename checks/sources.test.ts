import { expect, it } from 'vitest';
import { filesBelow, sourceFile } from './sources.ts';

it('finds the procedures of the model, wherever it runs', () => {
  const files = filesBelow('model/procedures');
  expect(files).toContain('model/procedures/zap.ts');
  expect(files.filter((file) => file.endsWith('.test.ts'))).toEqual([]);
  expect(sourceFile('model/procedures/zap.ts').text).toContain('export function');
});
