import { describe, expect, it } from 'vitest';
import { emitJavaScript, generate } from '../compiler/emit/javascript.ts';
import { buildProgram } from '../compiler/program/build.ts';
import { emitWasm } from '../compiler/wasm/index.ts';
import { explore } from '../explorer/index.ts';
import { describeSystem } from './describeSystem.ts';
import { findScenario } from './select.ts';

/** As many of a run's states as take little time. */
const statesMost = 2500;

function built(id: string, variant: string) {
  const scenario = findScenario(id);
  const found = scenario.variants.find(({ name }) => name === variant);
  if (found === undefined) throw new Error(`${id} has no variant ${variant}`);
  return buildProgram(describeSystem({ scenario, variant: found, preset: 'small' }));
}

describe.each([
  ['3.3-A', 'fixed'],
  ['3.3-B', 'posted'],
  ['3.5-B', 'base'],
  ['2.22', 'fixed'],
  ['3.1-B', 'v3.10'],
])('predicates of %s, %s', (id, variant) => {
  const { description, program, layout } = built(id, variant);
  const { context } = generate(description, program, layout);

  it('say the same of every state, remembered or not', () => {
    expect(context.rememberedWords).toBeGreaterThan(0);
    const fresh = emitJavaScript(description, program, layout, { remembers: null });
    const { graph } = explore(emitJavaScript(description, program, layout), { limits: { states: statesMost } });
    expect(graph.count).toBeGreaterThan(50);
    const remembering = [emitJavaScript(description, program, layout), emitWasm(description, program, layout)];
    for (let state = 0; state < graph.count; state++) {
      const words = graph.wordsOf(state);
      fresh.buffer.set(words, 0);
      const answer = [fresh.check(0), fresh.reachedMask()];
      for (const system of remembering) {
        system.buffer.set(words, 0);
        const given = [system.check(0), system.reachedMask()];
        if (given.join() !== answer.join()) expect({ state, backEnd: system.backEnd, given }).toEqual(answer);
      }
    }
  });
});

it('is noticed if one forgets what a predicate of 3.3-A reads', () => {
  const { description, program, layout } = built('3.3-A', 'posted');
  const outcomes = (forget?: string) => {
    const remembers = forget === undefined ? {} : { forget };
    return explore(emitJavaScript(description, program, layout, { remembers }), { limits: { states: statesMost } }).outcomes;
  };
  const right = outcomes();
  expect(outcomes('pages.no_such_field')).toEqual(right);
  expect(outcomes('pages.role.invalid')).not.toEqual(right);
});
