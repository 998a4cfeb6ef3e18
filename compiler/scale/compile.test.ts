import { describe, expect, it } from 'vitest';
import { parseText, testMachine } from '../subset/machineForTests.ts';
import { compileAtScale, type ScaleOptions } from './compile.ts';
import { ScaleFault } from './fault.ts';

/** Runs the function `f` of a text. */
function run(text: string, args: readonly number[] = [], options: Partial<ScaleOptions> = {}) {
  const system = compileAtScale(testMachine, parseText(text), { entries: ['f'], ...options });
  return { system, result: system.call('f', args) };
}

describe('arithmetic is that of the types', () => {
  it.each([
    ['u32', 'x + 1', 0xffff_ffff, 0],
    ['u32', 'x - 1', 0, 0xffff_ffff],
    ['u32', 'x * x', 0xffff_ffff, 1],
    ['u32', '~x', 5, 0xffff_fffa],
    ['u32', 'x | 1', 0x8000_0000, 0x8000_0001],
    ['u32', 'x >> 4', 0xffff_fff0, 0x0fff_ffff],
    ['u32', '1 << x', 31, 0x8000_0000],
    ['s32', 'x + 1', 0x7fff_ffff, -0x8000_0000],
    ['s32', 'x / 2', -3, -1],
    ['u32', 'x / 8', 0xffff_ffff, 0x1fff_ffff],
    ['u32', 'x / 3', 0xffff_ffff, 0x5555_5555],
    ['u32', 'x % 8', 0xffff_fffd, 5],
    ['u32', 'x % 3', 0xffff_ffff, 0],
    ['u32', 'x / 1', 0xffff_ffff, 0xffff_ffff],
    ['s8', 'x + 1', 127, -128],
    ['u8', 'x + 1', 255, 0],
  ])('%s %s of %i', (type, text, x, expected) => {
    expect(run(`export function f(x: ${type}): ${type} { return ${text}; }`, [x]).result).toBe(expected);
  });
});

describe('what the kernel would not survive ends the run', () => {
  it.each([
    ['a null row', 'const p: Ref<"pages"> = NULL; return pages[p].root_count;', 'null is dereferenced'],
    ['a free row', 'const p = rowAt(pages, 1); return pages[p].root_count;', 'a free row is used'],
    ['freeing twice', 'const p = alloc(pages); free(p); free(p); return 0;', 'that is free'],
    ['no row left', 'alloc(pages); alloc(pages); alloc(pages); alloc(pages); return 0;', 'bound rows of pages'],
    ['a count below zero', 'vm.used -= 1; return 0;', 'is below 0'],
    ['division by zero', 'return 1 / vm.used;', 'division by zero'],
    ['a lock that is held', 'acquire(vm.slots_lock); acquire(vm.slots_lock); return 0;', 'vm.slots_lock is taken already'],
    ['a lock that is not held', 'release(vm.slots_lock); return 0;', 'does not hold'],
    ['waiting for ever', 'wait(vm.used !== 0, "more"); return 0;', 'waits for ever: more'],
    ['a warning', 'WARN_ON(vm.used === 0); return 0;', 'vm.used'],
    ['a choice that nobody answers', 'return choose("which", 2);', 'nobody answers: which'],
  ])('%s', (_what, text, message) => {
    const attempt = () => run(`export function f(): u32 { ${text} }`);
    expect(attempt).toThrow(ScaleFault);
    expect(attempt).toThrow(message);
  });
});

it('gives values back, counts calls, tells of calls and returns, and answers choices', () => {
  const told: (readonly number[])[] = [];
  const tell = (args: readonly number[]): void => {
    told.push(args);
  };
  const text = `
    export function f(): u32 { const n: Out<u32> = { value: 1 }; const r = g(n); const s = g(n); return r * 100 + s * 10 + n.value; }
    export function g(n: Out<u32>): u32 { n.value += 1 + choose('more', 3); return n.value; }`;
  const { system, result } = run(text, [], { choose: () => 2, onCall: new Map([['g', tell]]), onReturn: new Map([['g', tell]]) });
  expect(result).toBe(477);
  expect(system.calls('g')).toBe(2);
  expect(told).toEqual([[1], [4, 4], [4], [7, 7]]);
});

describe('a loop over rows that looks for a value', () => {
  const find = (filter: string) => `
    export function f(): u32 {
      const a = alloc(pages); const b = alloc(pages); const c = alloc(pages);
      pages[a].role.level = 2; pages[b].role.level = 1; pages[c].role.level = 1;
      free(a);
      pages[c].root_count = 1;
      return found(1) * 10 + found(2) + 1;
    }
    export function found(level: u32): u32 {
      for (let i: u32 = 0; i < 3; i++) { const sp = rowAt(pages, i); ${filter} }
      return 0;
    }
    export function touch(sp: Ref<"pages">, level: u32): void {
      if (isAllocated(sp) && pages[sp].role.level === level) vm.generation += 1;
    }`;
  const nested = 'if (isAllocated(sp) && pages[sp].role.level === level && pages[sp].root_count === 1) return i;';
  const skipping =
    'if (!isAllocated(sp)) continue; if (pages[sp].role.level !== level) continue; if (pages[sp].root_count === 1) return i;';
  const counting = 'vm.generation += 1; if (isAllocated(sp) && pages[sp].role.level === level && pages[sp].root_count === 1) return i;';

  const calling = `if (level > 0) touch(sp, level); ${nested}`;
  const callingOther = `if (level > 0) touch(sp, 2); ${nested}`;

  it.each([
    ['nested', nested, ['pages.role.level']],
    ['skipping', skipping, ['pages.role.level']],
    ['that calls what looks for the same', calling, ['pages.role.level']],
    ['that calls what looks for something else', callingOther, []],
    ['that does something for each row', counting, []],
  ])('%s', (_what, filter, indexed) => {
    const { system, result } = run(find(filter));
    expect(system.indexed).toEqual(indexed);
    expect(result).toBe(run(find(filter), [], { walkRows: true }).result);
    expect(result).toBe(21);
  });
});
