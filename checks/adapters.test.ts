import { describe, expect, it } from 'vitest';
import { compileSystem, type Procedure } from '../compiler/index.ts';
import type { Stmt } from '../compiler/ir/types.ts';
import { boolType, intTypes, voidType } from '../compiler/ir/types.ts';
import { decodeMachine } from '../compiler/machine/packing.ts';
import { bindingParts, lowerTree, treeOf } from '../patches/index.ts';
import { machine } from '../patches/testing/runC.ts';
import { withAdapters } from './adapters.ts';

const pos = { file: 'model.ts', line: 1, column: 1, language: 'typescript' as const };
const procedure = (name: string, given: Partial<Procedure>): Procedure => ({
  name,
  params: [],
  result: voidType,
  locals: [],
  body: [],
  pos,
  doc: '',
  ...given,
});
const at = { id: '', pos };
const number = (value: number) => ({ op: 'const' as const, type: intTypes.u32, value });
const local = (name: string, type: typeof intTypes.u32 | typeof boolType = intTypes.u32) => ({ op: 'local' as const, type, local: name });
const put = (index: number, value: ReturnType<typeof local>): Stmt => ({
  ...at,
  kind: 'store',
  place: { kind: 'field', table: 'vm', field: 'out', row: null, index: number(index) },
  value: { op: 'cast', type: intTypes.s32, a: value },
});
/** The model's: whether `n` is large; `count` is counted up. */
const own = procedure('f', {
  params: [
    { name: 'n', type: intTypes.u32, mode: 'in' },
    { name: 'count.value', type: intTypes.u32, mode: 'inout' },
  ],
  result: boolType,
  body: [{ ...at, kind: 'return', value: { op: 'const', type: boolType, value: 0 } }],
});
const caller = procedure('run', {
  locals: [
    { name: 'c', type: intTypes.u32 },
    { name: 'r', type: boolType },
  ],
  body: [
    { ...at, kind: 'assign', dst: 'c', value: number(3) },
    {
      ...at,
      kind: 'call',
      callee: 'f',
      args: [
        { mode: 'in', value: number(5) },
        { mode: 'inout', local: 'c' },
      ],
      dst: 'r',
    },
    put(0, local('c')),
    put(1, local('r', boolType)),
  ],
});
/** Keeps what a hook at the return of `f` is shown: parameters and result as the model has them. */
const record = procedure('record', {
  params: [...own.params.map(({ name, type }) => ({ name, type, mode: 'in' as const })), { name: 'result', type: boolType, mode: 'in' }],
  body: [put(2, local('n')), put(3, local('count.value')), put(4, local('result', boolType))],
});
const text = 'bool f(struct kvm *kvm, int *count, bool odd, long n)\n{\n\t*count += odd ? 1 : n;\n\treturn n > 4;\n}\n';
const contract = (odd: string) => ({
  subsystem: 'test',
  contracts: [
    { c: ['f'], era: 'all', params: ['struct kvm *', 'int *', 'bool', 'long'], pass: [3, 1], give: odd === '' ? {} : { 2: odd } },
  ],
});

/** The function of C in the place of the model's, which `run` calls with the model's parameters; and what that leaves behind. */
async function runWith(odd: string, roots: readonly string[] = ['run', 'record']) {
  const tree = treeOf('linux-6.12', (path) => (path === 'arch/x86/kvm/mmu/mmu.c' ? text : null));
  const found = await lowerTree(tree, { machine, constants: new Map(), procedures: new Map([['f', own]]) }, [
    ...bindingParts,
    contract(odd),
  ]);
  const imported = found[0]?.procedure;
  if (imported == null) throw new Error(found[0]?.reason ?? 'nothing is lowered');
  const adapted = withAdapters(
    new Map([...[caller, record].map((one) => [one.name, one] as const), ['f', imported]]),
    new Set(['f']),
    roots,
  );
  return { adapted, run: () => outOf(adapted.procedures) };
}
function outOf(procedures: ReadonlyMap<string, Procedure>): unknown {
  const system = compileSystem(
    {
      name: 'test',
      machine,
      constants: new Map(),
      procedures,
      prologue: { procedure: 'run', args: [] },
      processes: [],
      properties: [],
      hooks: [{ event: { on: 'return', procedure: 'f' }, procedure: 'record' }],
      quiescent: null,
    },
    { backEnd: 'interpreter' },
  );
  const [state] = system.initialStates();
  return state === undefined ? null : decodeMachine(system.layout, state, 0).tables['vm']?.['out'];
}

describe('procedures that stay beside a replaced one that takes other parameters', () => {
  it('call it through its adapter, and hooks see the parameters that they know', async () => {
    const { adapted, run } = await runWith('(bool)0');
    expect([...adapted.procedures.keys()]).toEqual(['run', 'record', 'f', 'f$']);
    expect(run()).toEqual([8, 1, 5, 8, 1, 0]);
    expect((await runWith('n == 5')).run()).toEqual([4, 1, 5, 4, 1, 0]);
  });
  it('begin with the adapter where a process begins with such a one', async () => {
    const { adapted } = await runWith('(bool)0', ['f']);
    expect([adapted.first('f'), adapted.first('run')]).toEqual(['f$', 'run']);
  });
  it('go, where there is no adapter and nobody runs them; what is run is left for the validation to refuse', async () => {
    expect([...(await runWith('', ['record'])).adapted.procedures.keys()]).toEqual(['record', 'f']);
    expect([...(await runWith('', ['run'])).adapted.procedures.keys()]).toEqual(['run', 'record', 'f']);
  });
});
