import { describe, expect, it } from 'vitest';
import { kvmBindings } from '../bindings/index.ts';
import type { FunctionBody, Signature } from './environment.ts';
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
