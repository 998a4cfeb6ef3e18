import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestEvaluator, type TestState } from '../ir/evaluateForTests.ts';
import { printProcedures } from '../ir/print.ts';
import type { Procedure, ScalarType } from '../ir/types.ts';
import { validateProcedures } from '../ir/validate.ts';
import { parseSubsetOrThrow } from './parse.ts';
import { SequentialProgram, sequentialMachine } from './sequentialForTests.ts';

const environment = { machine: sequentialMachine, constants: new Map() };
const fields = sequentialMachine.tables.flatMap((table) =>
  table.fields.map((field) => ({ name: `${table.name}.${field.path}`, table, field })),
);
const tapes = fc.array(fc.nat(9999), { minLength: 10, maxLength: 160 });

function freshState(): TestState {
  return new Map(fields.map(({ name, table, field }) => [name, new Array<number>(table.rows * Math.max(1, field.length)).fill(0)]));
}
function evaluate(procedures: ReadonlyMap<string, Procedure>, args: readonly number[]): unknown {
  const state = freshState();
  const lengths = new Map(fields.map(({ name, field }) => [name, field.length]));
  const types = new Map(fields.map(({ name, field }) => [name, field.type as ScalarType]));
  const { result } = new TestEvaluator(procedures, state, lengths, types).call('main', args);
  return { result, state: Object.fromEntries(state) };
}
/** Runs the JavaScript text: only ever text that this test made. */
function execute(js: string, args: readonly number[]): unknown {
  const run = new Function('x', 'y', `${js}\nconst result = main(x, y); return { result, vm, rows };`) as (...args: readonly number[]) => {
    result: number;
    vm: { a: number; on: boolean; arr: number[] };
    rows: { f: number; arr: number[] }[];
  };
  const { result, vm, rows } = run(...args);
  return {
    result,
    state: {
      'vm.a': [vm.a],
      'vm.on': [Number(vm.on)],
      'vm.arr': vm.arr,
      'rows.f': rows.map((row) => row.f),
      'rows.arr': rows.flatMap((row) => row.arr),
    },
  };
}

describe('lowering of random sequential programs', () => {
  const made = new Set<string>();

  it('means what JavaScript means by the same text', () => {
    fc.assert(
      fc.property(tapes, fc.nat(0xffff_ffff), fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }), (tape, x, y) => {
        const program = new SequentialProgram(tape);
        const { ts, js } = program.text();
        for (const kind of program.made) made.add(kind);
        const procedures = parseSubsetOrThrow([{ path: 'random.ts', text: ts }], environment);
        expect(evaluate(procedures, [x, y])).toEqual(execute(js, [x, y]));
      }),
      { seed: 20211209, numRuns: 250 },
    );
  });

  it('made every construct', () => {
    const wanted =
      '&& || ! ?: += as ++ op= if else for while do block alias call turn load store continue break unary << >> / % === < let'.split(' ');
    const known = (kind: string): boolean => [...made].some((found) => found === kind || found.startsWith(`${kind} `));
    expect(wanted.filter((kind) => kind !== '+=' && !known(kind))).toEqual([]);
  });

  it('gives valid IR, and printed IR is read back with the same meaning', () => {
    fc.assert(
      fc.property(tapes, fc.nat(0xffff_ffff), (tape, x) => {
        const { ts } = new SequentialProgram(tape).text();
        const procedures = parseSubsetOrThrow([{ path: 'random.ts', text: ts }], environment);
        expect(validateProcedures(procedures, sequentialMachine)).toEqual([]);
        const printed = printProcedures(procedures.values(), { machine: sequentialMachine });
        const again = parseSubsetOrThrow([{ path: 'printed.ts', text: printed }], environment);
        expect(validateProcedures(again, sequentialMachine)).toEqual([]);
        expect(evaluate(again, [x, 5]), printed).toEqual(evaluate(procedures, [x, 5]));
        // What was printed once is a normal form: printing it again gives the same text.
        const unnumbered = (text: string): string => text.replace(/\$\d+(_\d+)?/g, '$').replace(/\b(end|loop|next)\d+/g, '$1');
        expect(unnumbered(printProcedures(again.values(), { machine: sequentialMachine }))).toBe(unnumbered(printed));
      }),
      { seed: 20211209, numRuns: 120 },
    );
  });
});
