import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpretProgram } from '../interpret/interpret.ts';
import type { BinaryOperator, Expr, IntType, MachineDescription } from '../ir/types.ts';
import { intTypes } from '../ir/types.ts';
import { writeElement } from '../machine/packing.ts';
import { buildProgram } from '../program/build.ts';
import { place } from '../random/irWords.ts';
import { procedure, toySystem } from '../random/toySystem.ts';
import type { CompiledSystem } from '../system.ts';
import { generating } from './agreement.ts';

const rule = (min: number, max: number, overflow: IntType['overflow'], underflow: IntType['underflow'] = overflow): IntType => ({
  kind: 'int',
  min,
  max,
  overflow,
  underflow,
});
const types: readonly IntType[] = [
  intTypes.u32,
  intTypes.s32,
  intTypes.u8,
  intTypes.s8,
  rule(0, 5, 'bound'),
  rule(0, 3, 'bound', 'fault'),
  rule(0, 6, 'saturate'),
  rule(0, 0xffff_ffff, 'saturate'),
  rule(-4, 9, 'bound'),
];
/** Two fields of each type: word-sized operands come from here, so that nothing is folded. */
const machine: MachineDescription = {
  tables: [
    {
      name: 'vm',
      rows: 1,
      singleton: true,
      dynamic: false,
      fields: [
        ...types.flatMap((type, k) => [`a${k}`, `b${k}`].map((path) => ({ path, length: 0, type, ghost: false }))),
        { path: 'unsigned', length: 0, type: intTypes.u32, ghost: false },
        { path: 'signed', length: 0, type: intTypes.s32, ghost: false },
      ],
    },
  ],
};
const operators: readonly BinaryOperator[] = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '==', '!=', '<', '<=', '>', '>='];

const typeIndex = fc.nat(types.length - 1);
const operand: fc.Arbitrary<Expr> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(typeIndex, fc.constantFrom('a', 'b'))
      .map(([k, name]): Expr => ({ op: 'local', type: typeAt(k), local: `${name}${k}` })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(typeIndex, fc.integer()).map(([k, n]): Expr => ({ op: 'const', type: typeAt(k), value: inside(typeAt(k), n) })),
  },
);
function typeAt(k: number): IntType {
  return types[k] ?? intTypes.u32;
}
/** Some value of the type, small ones and those at its ends more often. */
function inside(type: IntType, n: number): number {
  const size = type.max - type.min + 1;
  const ends = [type.min, type.max, Math.max(type.min, 0), Math.max(type.min, 1)];
  return n % 3 === 0 ? (ends[Math.abs(n) % 4] ?? 0) : type.min + (((n % size) + size) % size);
}
const expression: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    operand,
    fc.tuple(fc.constantFrom(...operators), typeIndex, tie('expr'), tie('expr')).map(([operator, k, a, b]): Expr => {
      const compares = ['==', '!=', '<', '<=', '>', '>='].includes(operator);
      return { op: 'binary', type: compares ? { kind: 'bool' } : typeAt(k), operator, a, b };
    }),
    fc
      .tuple(fc.constantFrom('-', '~'), typeIndex, tie('expr'))
      .map(([operator, k, a]): Expr => ({ op: 'unary', type: typeAt(k), operator: operator as '-' | '~', a })),
    fc.tuple(tie('expr')).map(([a]): Expr => ({ op: 'unary', type: { kind: 'bool' }, operator: '!', a })),
    fc.tuple(typeIndex, tie('expr')).map(([k, a]): Expr => ({ op: 'cast', type: typeAt(k), a })),
  ),
})).expr;

/** A signed and an unsigned word whose exact `|` is above 31 bits or below 0, by their signs. */
const signOfResult: Expr = {
  op: 'binary',
  type: rule(0, 3, 'bound', 'fault'),
  operator: '|',
  a: { op: 'local', type: intTypes.s8, local: 'a3' },
  b: { op: 'const', type: intTypes.u32, value: 0xffff_ffff },
};

/** The result of `expr` in fields of both signs, or the fault, with these field values. */
function evaluate(make: (built: ReturnType<typeof buildProgram>) => CompiledSystem, expr: Expr, values: readonly number[]): string {
  const locals = Object.fromEntries(types.flatMap((type, k) => [[`a${k}`, type] as const, [`b${k}`, type] as const]));
  const run = procedure(
    'run',
    (w) => [
      ...Object.keys(locals).map((name) => w.load(name, place('vm', name))),
      w.store(place('vm', 'signed'), { op: 'cast', type: intTypes.s32, a: expr }),
      w.store(place('vm', 'unsigned'), { op: 'cast', type: intTypes.u32, a: expr }),
    ],
    { locals },
  );
  const system = make(buildProgram({ ...toySystem({ processes: [{ run }] }), machine }));
  const [initial] = system.initialStates();
  system.buffer.set(initial ?? [], 0);
  types.forEach((type, k) => {
    ['a', 'b'].forEach((name, j) => {
      const column = system.layout.fields.get(`vm.${name}${k}`)?.main;
      if (column !== undefined) writeElement(system.buffer, 0, column, 0, inside(type, values[2 * k + j] ?? 0));
    });
  });
  const count = system.expand(0, system.words);
  const fault = system.faults[(system.status[0] ?? 0) - 1];
  return `${count} ${fault === undefined ? system.buffer.subarray(system.words, 2 * system.words).join() : fault.kind}`;
}

describe.each(generating)('expressions in %s', (_, emit) => {
  it('give what the interpreter gives, for every mix of types, rules and operators', () => {
    let faults = 0;
    fc.assert(
      fc.property(expression, fc.array(fc.integer(), { minLength: 2 * types.length, maxLength: 2 * types.length }), (expr, values) => {
        const generated = evaluate(({ description, program, layout }) => emit(description, program, layout), expr, values);
        expect(generated).toBe(
          evaluate(({ description, program, layout }) => interpretProgram(description, program, layout), expr, values),
        );
        if (/[a-z]/.test(generated)) faults++;
      }),
      { seed: 20, numRuns: 400, examples: [[signOfResult, types.flatMap(() => [-389_039_358, 0])]] },
    );
    expect(faults).toBeGreaterThan(50);
  });
});
