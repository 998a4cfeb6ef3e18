import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../checks/index.ts';

interface Lock {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>;
}

it('package-lock.json has an entry for every optional package, so that npm ci accepts it (scripts/tidy/lockFile.mjs)', () => {
  const { packages } = JSON.parse(readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8')) as Lock;
  const missing = Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(
        ([name, version]) => /^\d/.test(version) && !(`node_modules/${name}` in packages || `${owner}/node_modules/${name}` in packages),
      )
      .map(([name]) => name),
  );
  expect(missing).toEqual([]);
});
