import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SystemDescription } from '../description.ts';
import { buildProgram } from '../program/build.ts';
import { binary, bool, local, num, place, rowOf, u32 } from '../random/irWords.ts';
import { lowerSystem } from '../random/lower.ts';
import { propertyCount } from '../random/properties.ts';
import { systemRecipes } from '../random/recipe.ts';
import { explore } from '../random/search.ts';
import { procedure, toySystem } from '../random/toySystem.ts';
import { generating } from './agreement.ts';
import type { Remembering } from './context.ts';
import { generate } from './javascript.ts';

type Emit = (typeof generating)[number][1];

/** What is violated and in scope in each state, asked with answers remembered and without; how many states there are, and in how many these differ. */
function asked(emit: Emit, described: SystemDescription, remembers: Remembering): { states: number; different: number; blocks: boolean } {
  const { description, program, layout } = buildProgram(described);
  const [with_, without] = [remembers, null].map((one) => emit(description, program, layout, { remembers: one }));
  if (with_ === undefined || without === undefined) throw new Error('two systems');
  let different = 0;
  let states = 0;
  explore(with_, 400, (state) => {
    states++;
    without.buffer.set(state, 0);
    const answers = [with_, without].map((system) => [system.check(0), system.reachedMask()].join());
    if (answers[0] !== answers[1]) different++;
  });
  const ran = [with_, without].map(({ coverage }) => [...coverage].map((count) => count > 0));
  // The other one has made no steps: of the blocks that it ran the first has run all.
  return { states, different, blocks: ran[1]?.every((one, block) => !one || ran[0]?.[block] === true) ?? false };
}

describe.each(generating)('answers of predicates in %s', (_, emit) => {
  it('are the same when they are remembered: random programs', () => {
    const seen = { states: 0, remembering: 0 };
    fc.assert(
      fc.property(systemRecipes(propertyCount), (recipe) => {
        const described = lowerSystem(recipe);
        const { states, different, blocks } = asked(emit, described, { always: true });
        expect({ different, blocks }).toEqual({ different: 0, blocks: true });
        const { description, program, layout } = buildProgram(described);
        const { context } = generate(description, program, layout, { remembers: { always: true } });
        seen.states += states;
        if (context.rememberedWords > 0) seen.remembering++;
      }),
      { seed: 41, numRuns: 25 },
    );
    expect(seen.states).toBeGreaterThan(1000);
    expect(seen.remembering).toBeGreaterThan(15);
  });

  it('are wrong if a field that is read is forgotten, which that test notices', () => {
    const x = place('cells', 'x', rowOf('cells', 0));
    const body = procedure('body', (w) => [w.store(x, num(1)), w.preempt(), w.store(x, num(2))]);
    const small = procedure('small', (w) => [w.load('t', x), w.return(binary('<', local('t'), num(2)))], {
      locals: { t: u32 },
      result: bool,
    });
    const system = toySystem({
      processes: [{ run: body }],
      procedures: [small],
      properties: [{ kind: 'state', id: 'S', name: 'small', predicate: 'small', scope: { kind: 'always' } }],
    });
    expect(asked(emit, system, { always: true })).toMatchObject({ different: 0 });
    expect(asked(emit, system, { always: true, forget: 'cells.x' }).different).toBeGreaterThan(0);
  });
});
