import { describe, expect, it } from 'vitest';
import { emitJavaScript } from '../emit/index.ts';
import { buildProgram } from '../program/build.ts';
import { local, num, place, rowOf, u32 } from '../random/irWords.ts';
import { procedure, toySystem } from '../random/toySystem.ts';
import { inlineCalls } from './inline.ts';
import { exportOf, instantiate, translate } from './link.ts';
import { ModuleMemory } from './memory.ts';
import { readModule } from './read.ts';
import { NotInLanguage, word } from './tree.ts';
import { emitWasm, twinOf } from './wasm.ts';

const x0 = place('cells', 'x', rowOf('cells', 0));

/** The functions that a text gives. */
function linked(text: string): Readonly<Record<string, (...args: readonly number[]) => number>> {
  const module = readModule(text, new Map(), () => word, []);
  const memory = new ModuleMemory();
  const exports = instantiate(translate(module, memory.pagesMost), memory, {});
  return Object.fromEntries(Object.keys(exports).map((name) => [name, exportOf(exports, name)]));
}

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

  it('puts small functions in the place of their calls, and drops what nobody calls any more', () => {
    const text = `function twice(x){if(x>8)return 0;return x+x|0}
function down(x){return x<=0?0:down(x-1)+1}
function sum(b){let s=0;for(let i=0;i<3;i++){s=s+twice(b+i);if(s>100)break}return s+down(2)|0}
function same(b){return b}
return{sum,triple:b=>same(b)+same(b)+same(b)|0};`;
    const module = inlineCalls(readModule(text, new Map(), () => word, []));
    expect(module.functions.map(({ name }) => name).sort()).toEqual(['down', 'sum', 'triple']);
    const { sum, triple } = linked(text);
    expect([0, 3, 7, 8].map((x) => sum?.(x))).toEqual(
      [0, 3, 7, 8].map((x) => [0, 1, 2].reduce((all, i) => all + (x + i > 8 ? 0 : 2 * (x + i)), 2)),
    );
    expect(triple?.(5)).toBe(15);
  });

  it('reads and exchanges words as one access', () => {
    // Counts how often it lowered the word: as long as somebody else lowers it, too, it tries again.
    const text = `function lower(at,key){let least=Atomics.load(Z,at+1);let tries=0;
while(key<least){tries++;const was=Atomics.compareExchange(Z,at+1,least,key);if(was===least)return tries;least=was}
return 0}
return{lower,swap:(at,a,b)=>Atomics.compareExchange(Z,at,a,b),read:at=>Atomics.load(Z,at)};`;
    const memory = new ModuleMemory();
    const start = memory.take(64) + 16;
    const module = readModule(text, new Map([['Z', { start, unsigned: false }]]), () => word, []);
    const { lower, swap, read } = instantiate(translate(module, memory.pagesMost), memory, {}) as Record<
      string,
      (...args: number[]) => number
    >;
    const words = new Int32Array(memory.memory.buffer, start);
    const plainly = new Int32Array(words.length);
    const plain = new Function('Z', text)(plainly) as Record<string, (...args: number[]) => number>;
    for (const [k, key] of [5, -7, 3, -7, -8, 2 ** 31 - 1, -(2 ** 31)].entries()) {
      const told = [{ lower, swap, read }, plain].map((one) => [
        one.swap?.(2, k, key),
        one.lower?.(1, key),
        one.lower?.(2, key),
        one.read?.(3),
      ]);
      expect(told[0]).toEqual(told[1]);
      expect(words).toEqual(plainly);
    }
    expect([...words.subarray(2, 4)]).toEqual([-(2 ** 31), -(2 ** 31)]);
  });

  it('compiles text beside a system: its arrays, functions and memory', () => {
    const { native, buffer, labels } = emitWasm(description, program, layout);
    if (native === undefined) throw new Error('a module without memory');
    expect(native.grow(native.free + 2 ** 20)).toBe(true);
    const text = 'function far(i){Z[i]=M[0]+L[1];return Z[i]+Q[0]|0}return{far};';
    const { far } = native.link(
      text,
      new Map([
        ['Z', 0],
        ['Q', native.free],
      ]),
    );
    native.memory()[native.free / 4] = 1000;
    buffer[0] = 20;
    labels[1] = 3;
    expect(far?.(native.memory().length - 1)).toBe(1023);
    expect(native.memory().at(-1)).toBe(23);
    // Older views go on showing what they showed.
    expect(buffer[0]).toBe(20);
    expect(native.grow(2 ** 33)).toBe(false);
  });

  it('can share a memory with another system, each in a part of its own', () => {
    const first = emitWasm(description, program, layout);
    const { native } = first;
    if (native === undefined) throw new Error('a module without memory');
    // As a thread is given it.
    const second = twinOf(structuredClone(native.twin), native.free);
    const [state = []] = first.initialStates();
    for (const system of [first, second]) system.buffer.set(state, 0);
    expect(second.buffer.byteOffset).toBe(native.free);
    expect(first.expand(0, first.words)).toBe(3);
    expect([...second.labels.subarray(0, 3), ...second.buffer.subarray(second.words, 4 * second.words)].every((word) => word === 0)).toBe(
      true,
    );
    expect(second.expand(0, second.words)).toBe(3);
    expect(second.buffer.slice(0, 4 * first.words)).toEqual(first.buffer.slice(0, 4 * first.words));
    // What is linked to one reads what the other wrote.
    const { at } = second.native?.link('function at(i){return Z[i]}return{at};', new Map([['Z', 0]])) ?? {};
    expect(at?.(first.labels.byteOffset / 4 + 2)).toBe(first.labels[2]);
  });

  it.each([
    ['an unknown name', 'function f(b){return unknown}return{f};'],
    ['an unknown function', 'function f(b){return g(b)}return{f};'],
    ['a method', 'function f(b){return Math.sin(b)}return{f};'],
    ['an access of threads', 'function f(b){return Atomics.xor(Z,b,1)}return{f};'],
    ['too few arguments', 'function f(b){return Atomics.compareExchange(Z,b,1)}return{f};'],
    ['a number with a fraction', 'function f(b){return b+0.5}return{f};'],
    ['an operator', 'function f(b){return b<<<2}return{f};'],
    ['a statement', 'function f(b){for(const x of b)b=x;return b}return{f};'],
    ['a jump', 'function f(b){switch(b){case b:return 1}return b}return{f};'],
  ])('refuses %s instead of guessing', (_, text) => {
    expect(() => readModule(text, new Map(), () => null)).toThrow(NotInLanguage);
  });
});
