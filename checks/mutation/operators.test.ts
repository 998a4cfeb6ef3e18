import { describe, expect, it } from 'vitest';
import type { Expr, Place, Procedure, Stmt } from '../../compiler/index.ts';
import { boolType, intTypes, voidType } from '../../compiler/index.ts';
import { mutantsOf } from './operators.ts';

const number = (value: number): Expr => ({ op: 'const', type: intTypes.u32, value });
const local = (name: string): Expr => ({ op: 'local', type: intTypes.u32, local: name });
const field = (name: string): Place => ({ kind: 'field', table: 'vm', field: name, row: null, index: null });
const at = (line: number) => ({ id: `f#${line}`, pos: { file: 'f.ts', line, column: 1, language: 'typescript' as const } });
const procedure = (...body: Stmt[]): Procedure => ({
  name: 'f',
  params: [
    { name: 'a', type: intTypes.u32, mode: 'in' },
    { name: 'b', type: intTypes.u32, mode: 'in' },
  ],
  result: voidType,
  locals: [{ name: 'c', type: boolType }],
  body,
  pos: at(1).pos,
  doc: '',
});
const store = (line: number, name: string, value: Expr): Stmt => ({ ...at(line), kind: 'store', place: field(name), value });
const lines = (body: readonly Stmt[]) => body.map((stmt) => stmt.pos.line);

describe('mutation operators', () => {
  it('delete statements that others can see, and nothing else', () => {
    const assign: Stmt = { ...at(2), kind: 'assign', dst: 'c', value: local('a') };
    const ghost: Stmt = { ...at(4), kind: 'ghost', body: [store(4, 'g', number(1))] };
    const mutants = mutantsOf(procedure(assign, store(3, 'x', number(1)), ghost), ['delete']);
    expect(mutants.map((each) => [each.id, lines(each.procedure.body)])).toEqual([['delete:f#3', [2, 4]]]);
  });

  it('swap source lines, with all IR of a line', () => {
    const load: Stmt = { ...at(2), kind: 'load', dst: 'c', place: field('x') };
    const mutants = mutantsOf(procedure(load, store(2, 'y', local('a')), store(3, 'z', number(1))), ['swapWithNext']);
    expect(mutants.map((each) => lines(each.procedure.body))).toEqual([[3, 2, 2]]);
  });

  it('do not swap what hands a value on', () => {
    const load: Stmt = { ...at(2), kind: 'load', dst: 'a', place: field('x') };
    expect(mutantsOf(procedure(load, store(3, 'y', local('a'))), ['swapWithNext'])).toEqual([]);
  });

  it('swap inside the right body of a branch', () => {
    const branch: Stmt = {
      ...at(2),
      kind: 'if',
      condition: true,
      cond: local('c'),
      then: [store(3, 'x', number(1))],
      else: [store(5, 'x', number(1)), store(6, 'y', number(1))],
    };
    const [only] = mutantsOf(procedure(branch), ['swapWithNext']);
    const changed = only?.procedure.body[0];
    expect(changed?.kind === 'if' && [lines(changed.then), lines(changed.else)]).toEqual([[3], [6, 5]]);
  });

  it('negate conditions', () => {
    const branch: Stmt = { ...at(2), kind: 'if', condition: true, cond: local('c'), then: [], else: [] };
    const [only] = mutantsOf(procedure(branch), ['negate']);
    expect(only?.procedure.body[0]).toMatchObject({ cond: { op: 'unary', operator: '!', a: local('c') } });
  });

  it('overwrite what is added to, and leave steps of loops', () => {
    const grows = (line: number, operator: '+' | '|' | '-', b: Expr): Stmt => ({
      ...at(line),
      kind: 'assign',
      dst: 'a',
      value: { op: 'binary', type: intTypes.u32, operator, a: local('a'), b },
    });
    const mutants = mutantsOf(
      procedure(grows(2, '+', local('b')), grows(3, '+', number(1)), grows(4, '|', number(1)), grows(5, '-', local('b'))),
      ['overwrite'],
    );
    expect(mutants.map(({ id }) => id)).toEqual(['overwrite:f#2', 'overwrite:f#4']);
    expect(mutants[0]?.procedure.body[0]).toMatchObject({ kind: 'assign', dst: 'a', value: local('b') });
  });

  it('replace arguments by constants nearby and locals of the same type', () => {
    const call: Stmt = {
      ...at(2),
      kind: 'call',
      callee: 'g',
      dst: null,
      args: [
        { mode: 'in', value: local('a') },
        { mode: 'in', value: number(7) },
        { mode: 'inout', local: 'b' },
      ],
    };
    expect(mutantsOf(procedure(call), ['replaceArgument']).map((each) => each.detail)).toEqual([
      'g(): argument 1 is b instead of a',
      'g(): argument 2 is 8 instead of 7',
    ]);
  });

  it('drop a lock that is taken and released here, not one that the caller holds', () => {
    const acquire: Stmt = { ...at(2), kind: 'acquire', lock: field('lock'), mode: 'exclusive' };
    const release: Stmt = { ...at(4), kind: 'release', lock: field('lock'), mode: 'exclusive' };
    const inside = store(3, 'x', number(1));
    expect(mutantsOf(procedure(acquire, inside, release), ['dropLock']).map((each) => lines(each.procedure.body))).toEqual([[3]]);
    expect(mutantsOf(procedure(inside, release), ['dropLock'])).toEqual([]);
  });
});
