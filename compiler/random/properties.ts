/**
 * Properties of random programs: state properties of each scope, monitors at each kind of event, assertions.
 *
 * In: numbers of properties. Out: descriptions and the procedures that they name. Never: randomness.
 */

import type { HookEvent, PropertyDescription, Scope } from '../description.ts';
import type { Expr, Param, Procedure, ScalarType, Stmt } from '../ir/types.ts';
import { binary, bool, local, num, place, rowOf, strong, u32, type Writer, wrapping } from './irWords.ts';
import { procedure } from './toySystem.ts';

interface PropertyParts {
  readonly property: PropertyDescription;
  readonly procedure: Procedure | null;
}

const small = wrapping(3);
const object = strong('objects');
const cell = strong('cells');
const scratch = { a: u32, b: u32, y: bool, o: object };
const x = (row: number) => place('cells', 'x', rowOf('cells', row));
const y = (row: number) => place('cells', 'y', rowOf('cells', row));
const head = place('vm', 'head');

function state(id: string, scope: Scope, write: (w: Writer) => [Stmt[], Expr]): PropertyParts {
  const name = `is${id}`;
  const predicate = procedure(
    name,
    (w) => {
      const [body, result] = write(w);
      return [...body, w.return(result)];
    },
    { locals: scratch, result: bool },
  );
  return { property: { kind: 'state', id, name: id, predicate: name, scope }, procedure: predicate };
}

function event(
  id: string,
  on: HookEvent,
  params: Readonly<Record<string, ScalarType>>,
  write: (w: Writer) => [Stmt[], Expr],
): PropertyParts {
  const name = `on${id}`;
  const given = Object.entries(params).map(([param, type]): Param => ({ name: param, type, mode: 'in' }));
  const monitor = procedure(
    name,
    (w) => {
      const [body, result] = write(w);
      return [...body, w.return(result)];
    },
    { params: given, locals: scratch, result: bool },
  );
  return { property: { kind: 'event', id, name: id, hooks: [{ event: on, procedure: name }] }, procedure: monitor };
}

const always: Scope = { kind: 'always' };
const noWriter: Scope = { kind: 'noWriter', table: 'vm', field: 'rw' };
const noOwner: Scope = { kind: 'noWriter', table: 'vm', field: 'mutexA' };
const quiescent: Scope = { kind: 'quiescent' };

const all: readonly PropertyParts[] = [
  state('S0', always, (w) => [[w.load('a', x(0))], binary('!=', local('a'), num(2))]),
  state('S1', always, (w) => [
    [w.load('o', head)],
    { op: 'unary', type: bool, operator: '!', a: { op: 'isDangling', type: bool, a: local('o', object) } },
  ]),
  state('S2', always, (w) => [[w.load('a', x(0)), w.load('b', x(1))], binary('<=', local('a'), binary('+', local('b'), num(1)))]),
  state('S3', noWriter, (w) => [[w.load('a', x(0)), w.load('b', x(1))], binary('==', local('a'), local('b'))]),
  state('S4', noOwner, (w) => [
    [w.load('a', x(1)), w.load('y', y(0))],
    binary('!=', binary('+', local('a'), { op: 'cast', type: u32, a: local('y', bool) }), num(2)),
  ]),
  state('S5', quiescent, (w) => [[w.load('a', place('vm', 'count'))], binary('!=', local('a'), num(1))]),
  state('S6', quiescent, (w) => [[w.load('a', x(1)), w.load('y', y(1))], binary('!=', local('y', bool), binary('==', local('a'), num(0)))]),
  event('E0', { on: 'write', table: 'cells', field: 'x' }, { row: cell, before: u32, after: u32 }, () => [
    [],
    binary('<=', local('before'), local('after')),
  ]),
  // Reads what it was not given: the event and the read must not be torn apart.
  event('E1', { on: 'write', table: 'cells', field: 'y' }, { row: cell, before: bool, after: bool }, (w) => [
    [w.load('a', x(0))],
    binary('==', local('a'), num(0)),
  ]),
  event('E2', { on: 'free', table: 'objects' }, { row: object }, (w) => [
    [w.load('o', head)],
    binary('!=', local('o', object), local('row', object)),
  ]),
  event('E3', { on: 'alloc', table: 'objects' }, { row: object }, (w) => [
    [w.load('a', place('vm', 'count'))],
    binary('==', local('a'), num(0)),
  ]),
  event('E4', { on: 'call', procedure: 'helper0' }, { who: cell, u: small }, () => [[], binary('!=', local('u', small), num(1, small))]),
  event('E5', { on: 'return', procedure: 'helper1' }, { who: cell, u: small, result: small }, () => [
    [],
    binary('==', local('u', small), local('result', small)),
  ]),
  event('E6', { on: 'listAdd', table: 'vm', field: 'list' }, { element: object }, () => [
    [],
    binary('==', local('element', object), num(1, object)),
  ]),
  event('E7', { on: 'write', table: 'cells', field: 'slots' }, { row: cell, index: u32, before: u32, after: u32 }, () => [
    [],
    binary('==', local('index'), num(0)),
  ]),
  { property: { kind: 'assertion', id: 'A0', name: 'A0' }, procedure: null },
  { property: { kind: 'assertion', id: 'A1', name: 'A1' }, procedure: null },
];

export const propertyCount = all.length;
/** Properties that a random system always has: its statements name them. */
const assertions = all.filter(({ property }) => property.kind === 'assertion');

/** The chosen properties in order, and all assertions. */
export function propertiesOf(chosen: readonly number[]): { properties: PropertyDescription[]; procedures: Procedure[] } {
  const parts = [...new Set([...chosen.flatMap((k) => all[k] ?? []), ...assertions])];
  return {
    properties: parts.map(({ property }) => property),
    procedures: parts.flatMap(({ procedure: one }) => (one === null ? [] : [one])),
  };
}
