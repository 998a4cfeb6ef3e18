import { describe, expect, it } from 'vitest';
import { filesBelow, functionNames, layered } from './sources.ts';

const base = { path: 'a.ts', text: 'export function f(): void {\n  g();\n}\nfunction g(): void {}\n' };
const variant = { path: 'b.ts', text: 'export function g(): void {}\n' };

describe('layers of model text', () => {
  it('let later functions take the place of earlier ones, and keep every position', () => {
    const [first, second] = layered([[base], [variant]]);
    expect(functionNames(first ?? base)).toEqual(['f']);
    expect(first?.text.length).toBe(base.text.length);
    expect(first?.text.split('\n').length).toBe(base.text.split('\n').length);
    expect(second).toEqual(variant);
  });

  it('leave two functions of one layer for the front end to refuse', () => {
    const files = layered([[base, { ...variant, path: 'c.ts' }]]);
    expect(files.flatMap(functionNames)).toEqual(['f', 'g', 'g']);
  });
});

it('finds the procedures of the model, wherever it runs', () => {
  expect(filesBelow('model/procedures')).toContain('model/procedures/zap.ts');
});
