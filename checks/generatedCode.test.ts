import { describe, expect, it } from 'vitest';
import { emitJavaScript, generate } from '../compiler/emit/javascript.ts';
import { type CompiledSystem, compileSystem, interpretProgram } from '../compiler/index.ts';
import { buildProgram } from '../compiler/program/build.ts';
import { emitWasm } from '../compiler/wasm/index.ts';
import { explore } from '../explorer/index.ts';
import { type Scenario, scenarios } from '../model/index.ts';
import { describeSystem } from './describeSystem.ts';

function described(scenario: Scenario) {
  const variant = scenario.variants.at(-1);
  if (variant === undefined) throw new Error(`${scenario.name} has no variant`);
  return describeSystem({ scenario, variant, preset: 'small' });
}

/** Numbers from 0 to `below`, the same each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const chosen = scenarios.map((scenario, i) => ({ scenario, merge: i % 4 !== 1, module: i % 3 === 0 }));

describe.each(chosen)('generated code of $scenario.name (merged: $merge, as a module too: $module)', ({ scenario, merge, module }) => {
  const { description, program, layout } = buildProgram(described(scenario), { merge });
  const { text } = generate(description, program, layout);

  it('is small functions', () => {
    const sizes = text.split(/\n(?=function )/).map((one) => one.length);
    expect(sizes.length).toBeGreaterThan(100);
    // Unmerged, a process can stop at every statement: the table of where its frames are is as long.
    expect(Math.max(...sizes)).toBeLessThan(merge ? 12_000 : 20_000);
  });

  // The interpreter packs what it has computed and refuses a value for which there are too few bits: this is
  // also the test that locals kept in the state never leave the ranges that were worked out for them.
  it('steps as the interpreter does', () => {
    const generated = emitJavaScript(description, program, layout);
    const oracle = interpretProgram(description, program, layout);
    const others = module ? [emitWasm(description, program, layout), oracle] : [oracle];
    const { words } = generated;
    const initial = generated.initialStates();
    for (const other of others) expect(other.initialStates()).toEqual(initial);
    const pick = random(20_211_209);
    let state = initial[0] ?? new Int32Array(words);
    for (let steps = 0; steps < 120; steps++) {
      const made = successorsOf(generated, state);
      for (const other of others) expect(made).toEqual(successorsOf(other, state));
      const ways = made.filter(({ end }) => typeof end !== 'string');
      const next = ways[pick(ways.length)]?.end;
      state = typeof next === 'object' ? Int32Array.from(next) : (initial[pick(initial.length)] ?? state);
    }
    // Counters are advanced by the code that runs: generated code ran.
    expect(generated.backEnd).toBe('javascript');
    expect(generated.coverage.some((count) => count > 0)).toBe(true);
  });
});

function successorsOf(system: CompiledSystem, state: Int32Array) {
  const { words } = system;
  system.buffer.set(state, 0);
  const made = system.expand(0, words);
  return Array.from({ length: made }, (_, k) => {
    const fault = system.faults[(system.status[k] ?? 0) - 1];
    const from = words * (k + 1);
    return {
      label: system.labels[k] ?? -1,
      violations: system.violations[k] ?? 0,
      end: fault === undefined ? [...system.buffer.subarray(from, from + words)] : `${fault.kind} ${fault.statement}`,
    };
  }).sort((a, b) => a.label - b.label);
}

/** A scenario in which two CPUs run. */
function twoProcesses(): Scenario {
  const found = scenarios.find(({ name }) => name === '3.3 A');
  if (found === undefined) throw new Error('there is no scenario 3.3 A');
  return found;
}

describe('a scenario of two processes', () => {
  it('is compiled to the same text each time', () => {
    const text = () => {
      const { description, program, layout } = buildProgram(described(twoProcesses()));
      return generate(description, program, layout).text;
    };
    const once = text();
    expect(text() === once).toBe(true);
  });

  it('has the same graph, verdicts and traces with whole states and with fingerprints', () => {
    const scenario = twoProcesses();
    const variant = scenario.variants.find(({ name }) => name === 'posted') ?? scenario.variants[0];
    const system = () => compileSystem(describeSystem({ scenario, variant: variant as Scenario['variants'][number], preset: 'small' }));
    const [exact, fingerprint] = (['exact', 'fingerprint'] as const).map((mode) => explore(system(), { mode }));
    const told = (result: typeof exact) => {
      const { states, transitions, depth, terminal, quiescent, deadlocked } = result?.counts ?? {};
      return { states, transitions, depth, terminal, quiescent, deadlocked, outcomes: result?.outcomes, verdict: result?.verdict };
    };
    expect(told(fingerprint)).toEqual(told(exact));
    expect([exact?.missedStateOdds, (fingerprint?.missedStateOdds ?? 0) > 0]).toEqual([0, true]);
  });
});
