import { describe, expect, it } from 'vitest';
import { printProcedure } from '../../compiler/index.ts';
import type { Param, Procedure, ScalarType, ValueType } from '../../compiler/ir/types.ts';
import { boolType, intTypes, voidType } from '../../compiler/ir/types.ts';
import { bindingParts } from '../bindings/index.ts';
import type { BindingPart } from '../bindings/schema.ts';
import { contractProblem } from '../judge/contracts.ts';
import { machine } from '../testing/runC.ts';
import { lowerTree, type TreeImportFunction, treeOf } from '../tree/index.ts';
import { refTo } from './values.ts';

const small: ScalarType = { kind: 'int', min: 0, max: 7, overflow: 'bound', underflow: 'bound' };
const pos = { file: 'model.ts', line: 1, column: 1, language: 'typescript' as const };
type Own = readonly [name: string, type: ScalarType, mode?: Param['mode']][];
const model = (name: string, params: Own, result: ValueType, body: Procedure['body'] = []): Procedure => ({
  name,
  params: params.map(([each, type, mode]) => ({ name: each, type, mode: mode ?? 'in' })),
  result,
  locals: [],
  body,
  pos,
  doc: '',
});
const ours: BindingPart = {
  subsystem: 'test',
  records: ['struct walk'],
  fields: [{ of: 'vm', field: 'out', c: ['out[]'], as: 's32' }],
};

/** The functions of `text` beside a procedure of the model with these parameters. */
function all(own: Procedure, text: string, more: BindingPart): Promise<readonly TreeImportFunction[]> {
  const tree = treeOf('linux-6.12', (path) => (path === 'arch/x86/kvm/mmu/mmu.c' ? text : null));
  const constants = new Map([['PT64_ROOT_LEVEL', { type: intTypes.u32, value: 2 }]]);
  return lowerTree(tree, { machine, constants, procedures: new Map([[own.name, own]]) }, [...bindingParts, ours, more]);
}
async function beside(own: Procedure, text: string, more: BindingPart = { subsystem: 'none' }): Promise<Procedure> {
  const one = (await all(own, text, more)).find(({ name }) => name === own.name);
  if (one?.procedure == null) throw new Error(one?.reason ?? 'is not there');
  return one.procedure;
}
const adapterOf = ({ standsFor }: Procedure): string => (standsFor?.adapter == null ? 'none' : printProcedure(standsFor.adapter));
const shownBy = ({ standsFor }: Procedure) =>
  standsFor?.shown?.map((each) => (each.op === 'cast' && each.a.op === 'local' ? each.a.local : each.op));

describe('a function that takes the place of a procedure with other parameters', () => {
  it('needs nothing if they are the same', async () => {
    const one = await beside(model('f', [['n', intTypes.s32]], voidType), 'void f(struct kvm *kvm, int n) { kvm->out[0] = n; }');
    expect(one.standsFor).toBeUndefined();
  });
  it('has its numbers converted, gives its result as the model has it, and brings back what comes back', async () => {
    const own = model(
      'f',
      [
        ['n', intTypes.u32],
        ['count.value', small, 'inout'],
      ],
      intTypes.u32,
    );
    const one = await beside(own, 'bool f(struct kvm *kvm, int n, unsigned long *count) { *count += n; return n > 3; }');
    expect(shownBy(one)).toEqual(['n', 'count']);
    expect(one.standsFor?.result).toEqual(intTypes.u32);
    const text = adapterOf(one);
    expect(text).toMatch(/f\(a1, inout a2\)|f\(a1, a2/);
    expect(text).toMatch(/count\.value = /);
    expect(text).toMatch(/return/);
    expect(one.standsFor?.adapter?.params).toEqual(own.params);
  });
  it('tells no truth of a number that may be a code, unless a contract says which', async () => {
    const own = model('f', [['n', intTypes.s32]], boolType);
    const text = 'int f(struct kvm *kvm, int n) { return n ? -2 : 0; }';
    expect((await beside(own, text)).standsFor).toEqual({ shown: null, result: boolType, adapter: null });
    const contracts = [{ c: ['f'], era: 'all', params: ['struct kvm *', 'int'], pass: [1], gives: 'result == 0' }];
    const told = await beside(own, text, { subsystem: 'contract', contracts });
    expect([told.standsFor?.shown, adapterOf(told)]).toEqual([null, expect.stringMatching(/=== 0/)]);
  });
  it('is the procedure that a contract names, if the model has none of its own name', async () => {
    const own = model('g', [['n', intTypes.s32]], voidType);
    const contracts = [
      { c: ['f'], era: 'all', params: ['struct kvm *', 'int', 'bool'], pass: [1], give: { 2: '(bool)0' }, procedure: 'g' },
    ];
    const [one] = await all(own, 'void f(struct kvm *kvm, int n, bool odd) { kvm->out[0] = n + odd; }', { subsystem: 'c', contracts });
    expect([one?.name, one?.procedure?.name, one?.procedure?.standsFor?.adapter?.name]).toEqual(['f', 'g', 'g$']);
    const [other] = await all(own, 'void f(struct kvm *kvm, int n) { kvm->out[0] = n; }', { subsystem: 'c', contracts });
    expect(other?.procedure?.name).toBe('f');
  });
  it('may be given anything for what it only hands on to functions that never look at it either', async () => {
    const own = model('f', [], voidType);
    const contracts = [{ c: ['f'], era: 'all', params: ['struct kvm_mmu_page *'], pass: [] }];
    const meanings = [{ c: ['blind'], params: ['_sp', 'n'], means: '(n)', first: true }];
    const bindings = { subsystem: 'c', contracts, meanings };
    const inner = (text: string): string =>
      `void g(struct kvm_mmu_page *sp, int n) { ${text} }\nvoid f(struct kvm_mmu_page *sp) { g(sp, 1); }`;
    const adapters = async (text: string): Promise<boolean> =>
      (await all(own, inner(text), bindings)).find(({ name }) => name === 'f')?.procedure?.standsFor?.adapter != null;
    expect(await adapters('if (blind(sp, n)) n++;')).toBe(true);
    expect(await adapters('if (sp->gfn) n++;')).toBe(false);
    expect(await adapters('if (blind(sp, sp->gfn)) n++;')).toBe(false);
  });
  it('is given what a contract says, or anything where it never looks; else nobody of the model can call it', async () => {
    const own = model('f', [['sptep', { kind: 'pointer', table: 'pages', field: 'spt' }]], voidType);
    const text = (body: string) => `void f(struct kvm *kvm, struct kvm_mmu_page *sp, u64 *sptep, int level) { ${body} }`;
    const params = ['struct kvm *', 'struct kvm_mmu_page *', 'u64 *', 'int'];
    const contract = (give: Record<string, string>): BindingPart => ({
      subsystem: 'contract',
      contracts: [{ c: ['f'], era: 'all', params, pass: [2], give }],
    });
    const looks = text('kvm->out[0] = *sptep; kvm->out[1] = sp->gfn;');
    const told = await beside(own, looks, contract({ 1: 'sp_of_table(sptep)' }));
    expect([adapterOf(told).includes('none'), told.standsFor?.shown?.length]).toEqual([false, 1]);
    const untold = await beside(own, looks, contract({}));
    expect([adapterOf(untold), untold.standsFor?.shown?.length]).toEqual(['none', 1]);
    expect(adapterOf(await beside(own, text('kvm->out[0] = *sptep;'), contract({})))).not.toBe('none');
    // Without a contract nobody knows which of C's parameters is which.
    expect((await beside(own, looks)).standsFor).toEqual({ shown: null, result: voidType, adapter: null });
  });
  it('has structures put together member by member, as bindings say', async () => {
    const walk = 'struct walk { struct kvm_mmu_page *path[2]; int level; u64 seen; bool done; };\n';
    const own = model(
      'f',
      [
        ['w.root', refTo('pages'), 'inout'],
        ['w.level', small, 'inout'],
        ['w.done', boolType, 'inout'],
      ],
      voidType,
    );
    const structures: BindingPart = {
      subsystem: 'structures',
      structures: [{ c: ['struct walk'], shown: { root: 'self->path[PT64_ROOT_LEVEL - 1]' }, given: { 'path[1]': 'self->root' } }],
    };
    const one = await beside(
      own,
      `${walk}void f(struct kvm *kvm, struct walk *w) { w->level++; w->seen = 1; w->done = w->path[1]; }`,
      structures,
    );
    expect(one.standsFor?.shown?.map(({ op }) => op)).toEqual(['local', 'cast', 'local']);
    const text = adapterOf(one);
    expect(text).toMatch(/walk\.path\.1 = w\.root/);
    expect(text).toMatch(/walk\.path\.0 = null|walk\.path\.0 = NULL|walk\.path\.0 = 0/);
    expect(text).toMatch(/w\.root = walk\.path\.1/);
    // What reads the state cannot be shown to a hook; the adapter reads it.
    const reading: BindingPart = {
      subsystem: 'structures',
      structures: [{ c: ['struct walk'], shown: { root: 'self->path[1]', level: 'self->path[1]->gfn' } }],
    };
    const other = await beside(own, `${walk}void f(struct kvm *kvm, struct walk *w) { w->level++; }`, reading);
    expect([other.standsFor?.shown, adapterOf(other) === 'none']).toEqual([null, false]);
  });
  it('stays out where a property would be shown the wrong things, and where a process could not begin with it', async () => {
    const own = model('f', [['sp', refTo('pages')]], voidType);
    const one = await beside(own, 'void f(struct kvm *kvm, struct kvm_mmu_page *sp, int n) { kvm->out[0] = n; }');
    const table = new Map([['f', own]]);
    const imported = new Map([['f', one]]);
    const users = { processes: [], prologue: null, hooks: [], properties: [] };
    expect(contractProblem(one, table, imported, users)).toBeNull();
    const hook = { event: { on: 'call' as const, procedure: 'f' }, procedure: 'record' };
    expect(contractProblem(one, table, imported, { ...users, hooks: [hook] })).toMatch(/a property looks at its parameters/);
    const process = { name: 'p', procedure: 'f', args: [], kind: 'essential' as const };
    expect(contractProblem(one, table, imported, { ...users, processes: [process] as never })).toMatch(
      /a process of the model begins with it/,
    );
    const call = { kind: 'call' as const, id: 'g:1', pos, callee: 'f', args: [], dst: null };
    const caller = model('g', [], voidType, [call]);
    expect(contractProblem(one, new Map([...table, ['g', caller]]), imported, users)).toBeNull();
    expect(contractProblem(one, new Map([...table, ['g', caller]]), imported)).toMatch(/g\(\) of the model calls it/);
  });
  it('is given a structure of its own, empty, where the model passes none and a contract says so', async () => {
    const text = `struct walk { int gfn; int seq; };
void f(struct kvm *kvm, int n, struct walk *walk) { kvm->out[0] = n + walk->gfn; }`;
    const params = ['struct kvm *', 'int', 'struct walk *'];
    const contracts = [{ c: ['f'], era: 'all', params, pass: [1], give: { 2: {} } }];
    const own = model('f', [['n', intTypes.s32]], voidType);
    expect(adapterOf(await beside(own, text))).toBe('none');
    const one = await beside(own, text, { subsystem: 'contract', contracts });
    expect(one.standsFor?.adapter?.params).toEqual(own.params);
    expect(adapterOf(one)).toMatch(/gfn: 0, seq: 0/);
  });
});
