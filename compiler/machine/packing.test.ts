import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldType, MachineDescription } from '../ir/types.ts';
import { layoutFields } from './buildLayout.ts';
import type { Column } from './layout.ts';
import { type CellState, decodeMachine, encodeMachine, type MachineState, readElement, writeElement, zeroCell } from './packing.ts';

const processes = 3;
const columnArbitrary = fc
  .record({
    bits: fc.integer({ min: 1, max: 32 }),
    count: fc.integer({ min: 1, max: 40 }),
    word: fc.nat(3),
    signed: fc.boolean(),
    bias: fc.nat(5),
  })
  .map(({ bits, count, word, signed, bias }): Column => {
    const fits = bits * count <= 32;
    return {
      bits,
      count,
      word,
      shift: fits ? 32 - bits * count : 0,
      perWord: fits ? count : Math.floor(32 / bits),
      signed,
      bias: signed || bits === 32 ? 0 : bias,
    };
  });
function storableIn(column: Column) {
  const low = column.signed ? -(2 ** (column.bits - 1)) : column.bias;
  return fc.integer({ min: 0, max: 2 ** column.bits - 1 }).map((offset) => low + offset);
}

describe('elements', () => {
  it('come back as they were written, and leave all others alone', () => {
    const cases = columnArbitrary.chain((column) =>
      fc.record({
        column: fc.constant(column),
        values: fc.array(storableIn(column), { minLength: column.count, maxLength: column.count }),
        noise: fc.integer(),
      }),
    );
    fc.assert(
      fc.property(cases, ({ column, values, noise }) => {
        const words = new Int32Array(64).fill(noise);
        values.forEach((value, k) => {
          writeElement(words, 1, column, k, value);
        });
        expect(values.map((_, k) => readElement(words, 1, column, k))).toEqual(values);
        const [first = 0] = values;
        values.forEach((_, k) => {
          writeElement(words, 1, column, k, first);
        });
        const used = Math.ceil(column.count / column.perWord);
        for (const [k, word] of words.entries()) if (k < 1 + column.word || k >= 1 + column.word + used) expect(word).toBe(noise);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('refuses what does not fit and what is not there', () => {
    const column: Column = { word: 0, shift: 0, bits: 2, count: 2, perWord: 2, bias: 0, signed: false };
    expect(() => writeElement(new Int32Array(1), 0, column, 0, 4)).toThrow(RangeError);
    expect(() => writeElement(new Int32Array(1), 0, column, 2, 0)).toThrow(RangeError);
    expect(() => readElement(new Int32Array(1), 0, column, -1)).toThrow(RangeError);
  });
});

const fieldTypes: fc.Arbitrary<FieldType> = fc.oneof(
  fc
    .record({ min: fc.integer({ min: -40, max: 0 }), max: fc.integer({ min: 1, max: 300 }) })
    .map((range): FieldType => ({ kind: 'int', ...range, overflow: 'bound', underflow: 'bound' })),
  fc.constant<FieldType>({ kind: 'bool' }),
  fc.record({ strong: fc.boolean(), specials: fc.nat(2) }).map((ref): FieldType => ({ kind: 'ref', table: 'rows', ...ref })),
  fc.constant<FieldType>({ kind: 'lock', flavour: 'mutex', writerPreference: false }),
  fc.boolean().map((writerPreference): FieldType => ({ kind: 'lock', flavour: 'rwlock', writerPreference })),
  fc.nat(6).map(
    (capacity): FieldType => ({
      kind: 'list',
      element: { kind: 'ref', table: 'rows', strong: true, specials: 0 },
      capacity: capacity + 1,
    }),
  ),
);
const machines = fc
  .record({
    rows: fc.integer({ min: 1, max: 5 }),
    fields: fc.array(fc.record({ type: fieldTypes, length: fc.nat(4) }), { minLength: 1, maxLength: 8 }),
  })
  .map(
    ({ rows, fields }): MachineDescription => ({
      tables: [
        {
          name: 'rows',
          rows,
          singleton: false,
          dynamic: true,
          fields: fields.map((field, k) => ({ path: `f${k}`, ghost: false, ...field })),
        },
      ],
    }),
  );

function cellOf(type: FieldType, rows: number): fc.Arbitrary<CellState> {
  const reference = fc.nat(rows);
  switch (type.kind) {
    case 'int':
      return fc.integer({ min: type.min, max: type.max });
    case 'bool':
      return fc.nat(1);
    case 'lock': {
      const set = fc.nat(2 ** processes - 1);
      const none = fc.constant(0);
      return fc.record({
        writer: fc.nat(processes),
        readers: type.flavour === 'rwlock' ? set : none,
        waiting: type.writerPreference ? set : none,
      });
    }
    case 'list':
      return fc.uniqueArray(reference, { maxLength: type.capacity });
    default:
      return reference;
  }
}
function statesOf(machine: MachineDescription): fc.Arbitrary<MachineState> {
  const entries = machine.tables.flatMap((table) =>
    table.fields.map((field) => {
      const count = table.rows * Math.max(field.length, 1);
      return [field.path, fc.array(cellOf(field.type, table.rows), { minLength: count, maxLength: count })] as const;
    }),
  );
  const rows = machine.tables[0]?.rows ?? 0;
  return fc
    .record({ rows: fc.record(Object.fromEntries(entries)), allocated: fc.array(fc.boolean(), { minLength: rows, maxLength: rows }) })
    .map(({ rows: fields, allocated }) => ({
      tables: { rows: fields },
      allocated: { rows: allocated },
    }));
}

describe('whole states', () => {
  it('are the same after packing and unpacking, whatever lay in the words before', () => {
    fc.assert(
      fc.property(
        machines.chain((machine) => fc.record({ machine: fc.constant(machine), state: statesOf(machine), noise: fc.integer() })),
        ({ machine, state, noise }) => {
          const layout = layoutFields(machine, processes).finish([]);
          const words = new Int32Array(layout.words + 2).fill(noise);
          encodeMachine(layout, state, words, 1);
          expect(decodeMachine(layout, words, 1)).toEqual(state);
          expect([words[0], words.at(-1)]).toEqual([noise, noise]);
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });

  it('of zero words have the zero value in every cell', () => {
    fc.assert(
      fc.property(machines, (machine) => {
        const layout = layoutFields(machine, processes).finish([]);
        const { tables } = decodeMachine(layout, new Int32Array(layout.words), 0);
        for (const { path, type } of machine.tables[0]?.fields ?? [])
          for (const cell of tables['rows']?.[path] ?? []) expect(cell).toEqual(zeroCell(type));
      }),
      { seed: 3, numRuns: 50 },
    );
  });
});
