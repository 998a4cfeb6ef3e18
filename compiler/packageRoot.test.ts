import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { assetPath, packageRoot } from './packageRoot.ts';

it('finds the package and the files that it brings', () => {
  expect(existsSync(join(packageRoot(), 'compiler', 'subset', 'vocabulary.ts'))).toBe(true);
  expect(existsSync(assetPath('tree-sitter-c.wasm'))).toBe(true);
});
