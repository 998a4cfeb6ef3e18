import { defineConfig } from 'vitest/config';

/** Tests lie beside the code they test. Generated code is compiled from the sources: no build is needed. */
export default defineConfig({
  test: {
    include: ['{model,properties,compiler,explorer,patches,counterexamples,checks,scripts}/**/*.test.ts'],
    // `npm run test:slow` runs those.
    exclude: ['**/*.slow.test.ts'],
    // Vitest leaves one core to itself, which on two cores means one file after the other.
    maxWorkers: '100%',
    // Files share a process: what is parsed and compiled once stays, which halves the time. No test may leave anything behind.
    isolate: false,
    // Seconds are for small machines under load; nothing asserts a time.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    passWithNoTests: false,
  },
});
