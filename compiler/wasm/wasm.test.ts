import { describe, expect, it } from 'vitest';
import { emitJavaScript } from '../emit/index.ts';
import { buildProgram } from '../program/build.ts';
import { local, num, place, rowOf, u32 } from '../random/irWords.ts';
import { procedure, toySystem } from '../random/toySystem.ts';
import { readModule } from './read.ts';
import { NotInLanguage } from './tree.ts';
import { emitWasm } from './wasm.ts';

const x0 = place('cells', 'x', rowOf('cells', 0));

describe('the WebAssembly back end', () => {
  const run = procedure('run', (w) => [w.choose('t', 3), w.store(x0, local('t'))], { locals: { t: u32 } });
  const { description, program, layout } = buildProgram(toySystem({ processes: [{ run }] }));

  it('says which back end runs, and keeps states in the memory of its module', () => {
    const system = emitWasm(description, program, layout);
    expect(system.backEnd).toBe('wasm');
    expect(system.labels.buffer).toBe(system.buffer.buffer);
    expect(emitJavaScript(description, program, layout).labels.buffer).not.toBe(system.buffer.buffer);
  });

  it('gives successors in the order of the JavaScript back end, and counts what that counts', () => {
    const told = [emitWasm, emitJavaScript].map((emit) => {
      const system = emit(description, program, layout);
      system.buffer.set(system.initialStates()[0] ?? [], 0);
      const count = system.expand(0, system.words);
      const successors = system.buffer.slice(system.words, (count + 1) * system.words);
      return { count, successors, labels: [...system.labels.subarray(0, count)], coverage: [...system.coverage] };
    });
    expect(told[0]?.count).toBe(3);
    expect(told[0]).toEqual(told[1]);
  });

  it('ends with a RangeError where one state has too many successors', () => {
    const many = procedure('many', (w) => [w.choose('t', 5000), w.store(x0, num(1))], { locals: { t: u32 } });
    const built = buildProgram(toySystem({ processes: [{ run: many }] }));
    const system = emitWasm(built.description, built.program, built.layout);
    system.buffer.set(system.initialStates()[0] ?? [], 0);
    expect(() => system.expand(0, system.words)).toThrow(RangeError);
  });

  it.each([
    ['an unknown name', 'function f(b){return unknown}return{f};'],
    ['an unknown function', 'function f(b){return g(b)}return{f};'],
    ['a method', 'function f(b){return Math.sin(b)}return{f};'],
    ['a number with a fraction', 'function f(b){return b+0.5}return{f};'],
    ['an operator', 'function f(b){return b<<<2}return{f};'],
    ['a statement', 'function f(b){for(const x of b)b=x;return b}return{f};'],
    ['a jump', 'function f(b){switch(b){case b:return 1}return b}return{f};'],
  ])('refuses %s instead of guessing', (_, text) => {
    expect(() => readModule(text, new Map(), () => null)).toThrow(NotInLanguage);
  });
});
