import { defineConfig } from 'vitest/config';

/** Tests of a minute and more: `npm run test:slow`, by hand. */
export default defineConfig({
  test: { include: ['{checks,scripts}/**/*.slow.test.ts'], testTimeout: 120_000, passWithNoTests: false },
});
