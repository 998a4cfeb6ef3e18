import { describe, expect, it } from 'vitest';
import { interpretProgram } from '../interpret/interpret.ts';
import type { IntType, MachineDescription } from '../ir/types.ts';
import { intTypes } from '../ir/types.ts';
import { writeElement } from '../machine/packing.ts';
import { buildProgram } from '../program/build.ts';
import { local, place } from '../random/irWords.ts';
import { procedure, toySystem } from '../random/toySystem.ts';
import type { CompiledSystem } from '../system.ts';
import { generating } from './agreement.ts';

const zero: IntType = { kind: 'int', min: 0, max: 0, overflow: 'bound', underflow: 'bound' };
const machine: MachineDescription = {
  tables: [
    {
      name: 'vm',
      rows: 1,
      singleton: true,
      dynamic: false,
      fields: [
        { path: 'small', length: 0, type: intTypes.u8, ghost: false },
        { path: 'zero', length: 0, type: zero, ghost: false },
      ],
    },
  ],
};

/** What becomes of a step that stores `value` into a field of no bits. */
function faultOf(make: (built: ReturnType<typeof buildProgram>) => CompiledSystem, value: number): string | undefined {
  const run = procedure('run', (w) => [w.load('x', place('vm', 'small')), w.store(place('vm', 'zero'), local('x', intTypes.u8))], {
    locals: { x: intTypes.u8 },
  });
  const system = make(buildProgram({ ...toySystem({ processes: [{ run }] }), machine }));
  system.buffer.set(system.initialStates()[0] ?? [], 0);
  const column = system.layout.fields.get('vm.small')?.main;
  if (column !== undefined) writeElement(system.buffer, 0, column, 0, value);
  system.expand(0, system.words);
  return system.faults[(system.status[0] ?? 0) - 1]?.kind;
}

describe('a field of one value', () => {
  it.each([
    [
      'interpreter',
      ({ description, program, layout }: ReturnType<typeof buildProgram>) => interpretProgram(description, program, layout),
    ] as const,
    ...generating.map(
      ([name, emit]) =>
        [name, ({ description, program, layout }: ReturnType<typeof buildProgram>) => emit(description, program, layout)] as const,
    ),
  ])('costs no bits, yet keeps its bound: %s', (_, make) => {
    expect(faultOf(make, 0)).toBeUndefined();
    expect(faultOf(make, 1)).toBe('bound');
  });
});
