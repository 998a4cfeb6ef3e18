import { describe, expect, it } from 'vitest';
import { kvmBindings } from '../bindings/index.ts';
import { lowerPatch, readPatch } from '../index.ts';
import { addingDiff, surroundings } from '../testing/world.ts';
import type { FunctionBody, Signature } from './environment.ts';
import type { Memory } from './function.ts';
import { LoweringMemory } from './memory.ts';

type Names = Parameters<LoweringMemory<object, string>['lowered']>[1];

const signature = (name: string): Signature => ({ name, params: [], result: { kind: 'void' } });
const body: FunctionBody = {
  definition: { type: 'function_definition', field: null, text: '', row: 0, column: 0, children: [], anonymous: false },
  macros: new Map(),
  position: () => ({ file: 'a.c', line: 1, column: 1, language: 'c' }),
};
const base: Names = {
  imported: new Map(),
  declared: new Map(),
  bodies: new Map(),
  pure: new Set(),
  bindings: { ...kvmBindings, isIgnorableCall: () => false },
};
/** What each question may be answered instead. */
const others: Readonly<Record<string, Partial<Names>>> = {
  imported: { imported: new Map([['f', signature('f')]]) },
  declared: { declared: new Map([['f', signature('f')]]) },
  body: { bodies: new Map([['f', body]]) },
  pure: { pure: new Set(['f']) },
  ignorable: { bindings: { ...kvmBindings, isIgnorableCall: (name) => name === 'f' } },
};
const questions: Readonly<Record<string, (names: Names) => unknown>> = {
  imported: ({ imported }) => imported.has('f'),
  declared: ({ declared }) => declared.get('f'),
  body: ({ bodies }) => bodies.get('f'),
  pure: ({ pure }) => pure.has('f'),
  ignorable: ({ bindings }) => bindings.isIgnorableCall('f'),
};

describe('what lowering remembers', () => {
  for (const [question, ask] of Object.entries(questions))
    it(`is made anew where the answer to a question is another: ${question}`, () => {
      const memory = new LoweringMemory<object, string>();
      const one = {};
      let made = 0;
      const lower = (names: Names): string => {
        ask(names);
        made += 1;
        return `result ${made}`;
      };
      const other = { ...base, ...others[question] };
      expect(memory.lowered(one, base, lower)).toBe('result 1');
      expect(memory.lowered(one, base, lower)).toBe('result 1');
      expect(memory.lowered(one, other, lower)).toBe('result 2');
      expect(memory.lowered(one, base, lower)).toBe('result 1');
      // Another function has nothing of this one.
      expect(memory.lowered({}, base, lower)).toBe('result 3');
    });

  it('is the same where only what nobody asked differs', () => {
    const memory = new LoweringMemory<object, string>();
    const one = {};
    const lower = ({ imported }: Names): string => (imported.has('g') ? 'with g' : 'without g');
    expect(memory.lowered(one, base, lower)).toBe('without g');
    const changed: Names = { ...base, ...others.imported, ...others.declared, ...others.body, ...others.pure, ...others.ignorable };
    expect(memory.lowered({}, changed, lower)).toBe('without g');
    expect(memory.lowered(one, changed, () => 'made anew')).toBe('without g');
  });

  it('has signatures by what they say, and asks for each function once', () => {
    const memory = new LoweringMemory<object, string>();
    const [before, after] = [{}, {}];
    const first = memory.signatureOf(before, () => signature('f'));
    expect(memory.signatureOf(after, () => signature('f'))).toBe(first);
    expect(memory.signatureOf(before, () => signature('another'))).toBe(first);
    const record = (lost: string): Signature => ({
      name: 'f',
      params: [],
      result: { kind: 'record', record: { name: 'struct r', members: [], lost: new Set([lost]) }, pointer: false },
    });
    expect(memory.signatureOf({}, () => record('a'))).not.toBe(memory.signatureOf({}, () => record('b')));
  });
});

/** Calls that depend on whether another function is seen, on what it is, on its text, and on whether it has an effect. */
const chain = `static int third(struct kvm *kvm, int n)
{
	return n + 1;
}
static bool tell(struct kvm *kvm)
{
	return kvm->arch.n_used_mmu_pages > 1;
}
static void second(struct kvm *kvm, struct kvm_mmu_page *sp)
{
	sp->root_count = third(kvm, 2);
	if (unknown_here(kvm))
		sp->root_count = 0;
}
static void first(struct kvm *kvm, struct kvm_mmu_page *sp)
{
	if (tell(kvm))
		second(kvm, sp);
}`;

it('says of functions what lowering them anew says, whatever was lowered before', async () => {
  const around = await surroundings();
  const patch = await readPatch('m.patch', addingDiff(chain));
  const names = patch.functions.map(({ source }) => source.name);
  expect(names).toEqual(['third', 'tell', 'second', 'first']);
  const memory: Memory = new LoweringMemory();
  const said = new Set<string>();
  // Each set of functions that may be called, one of them there or not, and a call that has an effect or has none; all twice.
  for (let round = 0; round < 128; round += 1) {
    const way = round % 64;
    const visible = new Set(names.filter((_, index) => (way & (1 << index)) !== 0));
    const functions = (way & 16) === 0 ? patch.functions : patch.functions.filter(({ source }) => source.name !== 'third');
    const isPure = (way & 32) !== 0;
    const here = { ...around, visible, bodies: functions, pure: { has: (name: string) => isPure && name === 'unknown_here' } };
    const bindings = { ...kvmBindings, isIgnorableCall: (name: string) => isPure && name === 'unknown_here' };
    const textOf = async (more: { readonly memory?: Memory }) => {
      const { procedures, unmodelled, ignored } = await lowerPatch({ ...patch, functions }, { ...here, ...more }, bindings);
      return JSON.stringify([procedures, unmodelled, ignored]);
    };
    const anew = await textOf({});
    expect(await textOf({ memory })).toBe(anew);
    said.add(anew);
  }
  expect(said.size).toBeGreaterThan(8);
});
