import { describe, expect, it } from 'vitest';
import { interpretProgram } from '../interpret/interpret.ts';
import type { Stmt } from '../ir/types.ts';
import { decodeMachine } from '../machine/packing.ts';
import { buildProgram } from '../program/build.ts';
import { binary, bool, local, not, num, place, rowOf, strong, u32, type Writer } from '../random/irWords.ts';
import { procedure, type ToyParts, toySystem } from '../random/toySystem.ts';
import { type CompiledSystem, PrologueError } from '../system.ts';
import { compareSystems, generating } from './agreement.ts';
import { generate } from './javascript.ts';

const x0 = place('cells', 'x', rowOf('cells', 0));
const x1 = place('cells', 'x', rowOf('cells', 1));
const mutexA = place('vm', 'mutexA');
const add = (a: string, n: number) => binary('+', local(a), num(n));

type Emit = (typeof generating)[number][1];
function compiled(emit: Emit, parts: ToyParts): CompiledSystem {
  const { description, program, layout } = buildProgram(toySystem(parts));
  return emit(description, program, layout);
}
/** Generated functions whose names begin with one of these letters, blocks' counters left out. */
function functionsOf(parts: ToyParts, letters: string): string {
  const { description, program, layout } = buildProgram(toySystem(parts));
  const { text } = generate(description, program, layout, { coverage: false });
  const generated = text.slice(text.indexOf('function dp('));
  return functionTexts(generated)
    .filter((one) => new RegExp(`^function [${letters}]\\d`).test(one))
    .join('\n');
}
function functionTexts(text: string): string[] {
  return text.split(/\n(?=function |let |const |return)/).filter((one) => one.startsWith('function '));
}
function start(system: CompiledSystem): void {
  system.buffer.set(system.initialStates()[0] ?? [], 0);
}
function faultAfter(system: CompiledSystem, label = 0): string {
  const status = system.step(0, label, system.words);
  const fault = system.faults[status - 1];
  return fault === undefined ? String(status) : `${fault.kind}: ${fault.message}`;
}

describe('generated text', () => {
  it('folds constant places into words, shifts and masks, and tests before it copies', () => {
    const body = procedure('body', (w) => [w.acquire(mutexA), w.load('t', x0), w.store(x1, add('t', 1)), w.release(mutexA)], {
      locals: { t: u32 },
    });
    expect(functionsOf({ processes: [{ run: body }, { run: body }] }, 'grh')).toMatchInlineSnapshot(`
      "function r1(b){let v0=0;if((M[b]>>>24&3)===1)X(0);M[b]=M[b]&-50331649|1<<24;v0=(M[b]>>>8&3);M[b]=M[b]&-3073|(((v0+1)>>>0)&3)<<10;if(!((M[b]>>>24&3)===1))X(1);M[b]&=-50331649;M[b+1]&=-65537;return 0;}
      function r2(b){let v0=0;if((M[b]>>>24&3)===2)X(0);M[b]=M[b]&-50331649|2<<24;v0=(M[b]>>>8&3);M[b]=M[b]&-3073|(((v0+1)>>>0)&3)<<10;if(!((M[b]>>>24&3)===2))X(1);M[b]&=-50331649;M[b+1]&=-131073;return 0;}
      function h1(b,out,n){S=0;const o=out+n*2;cp(b,o);W=0;N=0;D=0;let x=t1(o);if(x!==-1){L[n]=0;T[n]=x===-2?U(F):0;V[n]=W;n++}return n}
      function h2(b,out,n){S=1;const o=out+n*2;cp(b,o);W=0;N=0;D=0;let x=t2(o);if(x!==-1){L[n]=1;T[n]=x===-2?U(F):0;V[n]=W;n++}return n}
      function g0(b,out,n){
      if((M[b+1]>>>16&1)===1){if((M[b]>>>24&3)===0||(M[b]>>>24&3)===1){n=h1(b,out,n);}}
      if((M[b+1]>>>17&1)===1){if((M[b]>>>24&3)===0||(M[b]>>>24&3)===2){n=h2(b,out,n);}}"
    `);
  });

  it('makes loops and conditions of the graph', () => {
    const count = procedure(
      'count',
      (w) => [
        w.loop('l', [
          w.if(binary('==', local('i'), num(3)), [w.leave('l')]),
          w.assign('i', add('i', 1)),
          w.if(binary('==', local('i'), local('n')), [w.assign('i', add('i', 1))]),
        ]),
        w.return(local('i')),
      ],
      { params: [{ name: 'n', type: u32, mode: 'in' }], locals: { i: u32 }, result: u32 },
    );
    const body = procedure(
      'body',
      (w) => [w.load('t', x0), w.call('count', [{ mode: 'in', value: local('t') }], 't'), w.store(x0, local('t'))],
      { locals: { t: u32 } },
    );
    expect(functionsOf({ processes: [{ run: body }], procedures: [count] }, 'f')).toMatchInlineSnapshot(`
      "function f1(b,v0){let v1=0;L1:for(;;){if(v1===3){return v1;}else{B5:{v1=((v1+1)>>>0);if(v1===v0){v1=((v1+1)>>>0);}}
      if(++N>100000)X(0);continue L1;}}}"
    `);
  });

  it('holds no name of the model', () => {
    const evil = 'x */ process.exit() //`';
    const body = procedure(
      evil,
      (w) => [w.choose(evil, 2, evil), w.assert(binary('==', local(evil), num(0)), evil, 'bug'), w.mark(evil), w.store(x0, local(evil))],
      { locals: { [evil]: u32 } },
    );
    const { description, program, layout } = buildProgram(toySystem({ processes: [{ run: body }] }));
    expect(generate(description, program, layout).text).not.toContain('process.exit');
  });

  it('stays in small functions, whatever the size of procedures, processes and fields', () => {
    const long = (w: Writer, from: number): Stmt[] =>
      Array.from({ length: 70 }, (_, k) => [
        w.load('t', place('cells', 'x', local('c', strong('cells')))),
        w.if(binary('==', local('t'), num((from + k) % 4)), [w.assign('u', add('u', k))], [w.store(x1, local('u'))]),
      ]).flat();
    const locals = { t: u32, u: u32, c: strong('cells') };
    const callee = procedure('callee', (w) => long(w, 1), {
      params: [{ name: 'c', type: strong('cells'), mode: 'in' }],
      locals: { t: u32, u: u32 },
    });
    const runs = Array.from({ length: 5 }, (_, k) =>
      procedure(
        `run${k}`,
        (w) => [
          w.acquire(mutexA),
          ...long(w, k),
          w.release(mutexA),
          w.call('callee', [{ mode: 'in', value: local('c', strong('cells')) }]),
        ],
        { locals },
      ),
    );
    const { description, program, layout } = buildProgram(toySystem({ processes: runs.map((run) => ({ run })), procedures: [callee] }));
    const { text } = generate(description, program, layout);
    const sizes = functionTexts(text).map((one) => one.length);
    expect(sizes.length).toBeGreaterThan(200);
    expect(Math.max(...sizes)).toBeLessThan(12_000);
  });
});

describe.each(generating)('a step in %s', (_, emit) => {
  it('ends in a bound when its choices do not fit into a label', () => {
    const digits = 9;
    const run = procedure('run', (w) => [...Array.from({ length: digits }, () => w.choose('t', 8)), w.store(x0, local('t'))], {
      locals: { t: u32 },
    });
    const system = compiled(emit, { processes: [{ run }] });
    start(system);
    expect(faultAfter(system)).toBe('bound: of 24 bits for the choices of one step');
  });

  it('reports a failed warning and goes on, and a failed assertion in which it ends', () => {
    const check = (severity: 'warn' | 'bug') =>
      procedure(
        'check',
        (w) => [w.load('t', x0), w.assert(binary('!=', local('t'), num(0)), 'A', severity), w.mark('seen'), w.store(x0, num(2))],
        { locals: { t: u32 } },
      );
    const properties = [{ kind: 'assertion', id: 'A', name: 'a' }] as const;
    const warned = compiled(emit, { processes: [{ run: check('warn') }], properties });
    start(warned);
    expect(warned.expand(0, warned.words)).toBe(1);
    expect([warned.status[0], warned.violations[0]]).toEqual([0, 1]);
    expect(warned.marks).toEqual(new Map([['seen', 1]]));
    const ended = compiled(emit, { processes: [{ run: check('bug') }], properties });
    start(ended);
    ended.expand(0, ended.words);
    expect([ended.faults[(ended.status[0] ?? 0) - 1]?.kind, ended.violations[0]]).toEqual(['bug', 1]);
    expect(ended.marks).toEqual(new Map([['seen', 0]]));
  });

  it('counts blocks where the interpreter counts them', () => {
    const run = procedure(
      'run',
      (w) => [w.choose('t', 3), w.if(binary('==', local('t'), num(1)), [w.store(x0, num(1))], [w.store(x1, num(2))])],
      { locals: { t: u32 } },
    );
    const { description, program, layout } = buildProgram(toySystem({ processes: [{ run }, { run }] }));
    const systems = [emit(description, program, layout), interpretProgram(description, program, layout)] as const;
    compareSystems(...systems, 100);
    const [generated, oracle] = systems.map((system) => [...system.coverage].map((count) => count > 0));
    expect(generated).toEqual(oracle);
    expect(generated).toContain(true);
    systems[0].resetCounters();
    expect(Math.max(...systems[0].coverage)).toBe(0);
  });
});

describe.each(generating)('initial states in %s', (_, emit) => {
  it('are one for each way through the prologue, sorted', () => {
    const prologue = procedure('prologue', (w) => [w.choose('t', 3), w.acquire(mutexA), w.store(x0, local('t')), w.release(mutexA)], {
      locals: { t: u32 },
    });
    const run = procedure('run', (w) => [w.store(x1, num(1))]);
    const system = compiled(emit, { processes: [{ run }], prologue });
    const values = system.initialStates().map((state) => {
      system.buffer.set(state, 0);
      return decodeMachine(system.layout, system.buffer, 0).tables['cells']?.['x']?.[0];
    });
    expect(values).toEqual([0, 1, 2]);
  });

  it('are refused when the prologue faults, blocks or violates', () => {
    const run = procedure('run', (w) => [w.store(x1, num(1))]);
    const bad: ((w: Writer) => Stmt[])[] = [
      (w) => [w.release(mutexA)],
      (w) => [w.wait([w.load('t', x0)], binary('==', local('t'), num(1)))],
      (w) => [w.assume(num(0, bool))],
      (w) => [w.assert(num(0, bool), 'A')],
    ];
    // A loop that does not end, in a place where no step can end it.
    bad.push((w) => [w.loop('l', [w.assign('t', binary('^', local('t'), num(1)))])]);
    for (const write of bad) {
      const prologue = procedure('prologue', write, { locals: { t: u32 } });
      const system = compiled(emit, { processes: [{ run }], prologue, properties: [{ kind: 'assertion', id: 'A', name: 'a' }] });
      expect(() => system.initialStates()).toThrow(PrologueError);
    }
  });
});

describe.each(generating)('questions about a state in %s', (_, emit) => {
  it('keep scopes, rest and faulting predicates as the interpreter does', () => {
    const predicate = (name: string, write: (w: Writer) => Stmt[]) =>
      procedure(name, write, { locals: { t: u32, r: strong('objects') }, result: bool });
    const predicates = [
      predicate('small', (w) => [w.load('t', x0), w.return(binary('<', local('t'), num(2)))]),
      predicate('faults', (w) => [
        w.load('r', place('vm', 'head')),
        w.load('t', place('objects', 'v', local('r', strong('objects')))),
        w.return(num(1, bool)),
      ]),
      predicate('two', (w) => [w.load('t', x0), w.return(binary('==', local('t'), num(2)))]),
    ];
    const writer = procedure('writer', (w) => [
      w.acquire(mutexA),
      w.store(x0, num(1)),
      w.preempt(),
      w.store(x0, num(2)),
      w.release(mutexA),
    ]);
    const idle = procedure(
      'idle',
      (w) => [w.loop('l', [w.wait([w.load('t', x0)], binary('==', local('t'), num(2)), true), w.store(x0, num(0))])],
      { locals: { t: u32 } },
    );
    const { description, program, layout } = buildProgram(
      toySystem({
        processes: [{ run: writer }, { run: idle }],
        procedures: [
          ...predicates,
          procedure('free', (w) => [w.query('b', mutexA, 'contended'), w.return(not(local('b', bool)))], {
            locals: { b: bool },
            result: bool,
          }),
        ],
        properties: [
          { kind: 'state', id: 'P0', name: '', predicate: 'small', scope: { kind: 'always' } },
          { kind: 'state', id: 'P1', name: '', predicate: 'faults', scope: { kind: 'quiescent' } },
          { kind: 'state', id: 'P2', name: '', predicate: 'small', scope: { kind: 'noWriter', table: 'vm', field: 'mutexA' } },
          { kind: 'reachable', id: 'P3', name: '', predicate: 'two' },
        ],
        quiescent: 'free',
      }),
    );
    const seen = compareSystems(interpretProgram(description, program, layout), emit(description, program, layout), 200);
    expect([seen.violated, seen.reached]).toEqual([7, 15]);
  });
});
