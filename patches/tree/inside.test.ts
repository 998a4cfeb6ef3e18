import { describe, expect, it } from 'vitest';
import type { BindingPart } from '../bindings/index.ts';
import { lowerC, runC } from '../testing/runC.ts';

const run = (statements: string) => `void run(struct kvm *kvm)\n{\n${statements}\n}\n`;
/** What is left in `kvm->out[]`, zeros at the end left out. */
const out = async (text: string, more: readonly BindingPart[] = []) => {
  const [only, ...others] = await runC(text, more);
  expect(others).toEqual([]);
  return typeof only === 'string' ? only : only?.slice(0, only.findLastIndex((value) => value !== 0) + 1);
};
const page = '\tstruct kvm_mmu_page *sp = kvm_mmu_memory_cache_alloc(&kvm->stock);\n';

describe('functions that are handed functions', () => {
  it('are lowered where they are called, each time with the one that is meant', async () => {
    const text = `typedef int (*step)(struct kvm *kvm, int n);
static int add(struct kvm *kvm, int n) { kvm->out[0] += n; return n + 1; }
static int take(struct kvm *kvm, int n) { kvm->out[1] -= n; return n - 1; }
static int twice(struct kvm *kvm, step fn, int n)
{
	int i;
	for (i = 0; i < 2; i++) {
		n = fn(kvm, n);
		if (n > 20)
			return -n;
	}
	return n;
}
static int further(struct kvm *kvm, step fn) { return twice(kvm, fn, 10) + twice(kvm, (*fn), 4); }
${run('\tint n = 3;\n\tkvm->out[2] = twice(kvm, add, n);\n\tkvm->out[3] = n;\n\tkvm->out[4] = further(kvm, &take);\n\tkvm->out[5] = twice(kvm, add, 20);')}`;
    expect(await out(text)).toEqual([3 + 4 + 20, -(10 + 9 + 4 + 3), 5, 3, 8 + 2, -21]);
    const found = Object.fromEntries((await lowerC(text)).map(({ name, status, within }) => [name, [status, ...within]]));
    expect(found['twice']).toEqual(['imported', 'run']);
  });
  it('may find them in structures, where one that is missing is NULL', async () => {
    const text = `struct walk { int n; void (*each)(struct kvm *kvm, int n); void (*last)(struct kvm *kvm, int n); };
static void note(struct kvm *kvm, int n) { kvm->out[n] = n + 5; }
static void walk(struct kvm *kvm, struct walk *w)
{
	if (w->last)
		w->last(kvm, 3);
	w->each(kvm, w->n);
	w->n++;
	if (w->each != (void *)note)
		kvm->out[4] = 1;
}
${run('\tstruct walk w = { .n = 1, .each = note };\n\twalk(kvm, &w);\n\twalk(kvm, &w);')}`;
    expect(await out(text)).toEqual([0, 6, 7]);
  });
  it('are refused if the function is known at run time only, and if they call themselves', async () => {
    const choice = `typedef int (*step)(int n);
static int one(int n) { return n; }
static int two(int n) { return n + 1; }
static int call(step fn, int n) { return fn(n); }
${run('\tkvm->out[0] = call(kvm->out[1] ? one : two, 1);')}`;
    expect((await lowerC(choice)).find(({ name }) => name === 'run')?.reason).toMatch(/is a function, used as a value/);
    const endless = `typedef int (*step)(int n);
static int one(int n) { return n; }
static int call(step fn, int n) { return n ? call(fn, n - 1) : fn(n); }
${run('\tkvm->out[0] = call(one, 1);')}`;
    expect((await lowerC(endless)).find(({ name }) => name === 'run')?.reason).toMatch(/calls itself/);
  });
  it('keep guards, labels and locals of their own', async () => {
    const text = `typedef void (*step)(struct kvm *kvm);
static void note(struct kvm *kvm) { kvm->out[0]++; }
static int locked(struct kvm *kvm, step fn, int n)
{
	int i = n;
	guard(mutex)(&kvm->slots_lock);
	if (n > 1)
		return i;
	fn(kvm);
	return 7;
}
static void tries(struct kvm *kvm, step fn, int n)
{
	if (n > 1)
		goto out;
	fn(kvm);
out:
	kvm->out[5]++;
}
${run('\tint i = 4;\n\tkvm->out[1] = locked(kvm, note, 1);\n\tkvm->out[2] = locked(kvm, note, 2);\n\tkvm->out[3] = i;\n\ttries(kvm, note, 1);\n\ttries(kvm, note, 2);\n\tmutex_lock(&kvm->slots_lock);\n\tmutex_unlock(&kvm->slots_lock);')}`;
    expect(await out(text)).toEqual([2, 7, 2, 4, 0, 2]);
  });
});

describe('structures that lie in rows', () => {
  const more: BindingPart[] = [
    {
      subsystem: 'places',
      fields: [
        { of: 'pages', field: 'gfn', c: ['place.gfn'] },
        { of: 'pages', field: 'root_count', c: ['place.count'], as: 's32' },
      ],
    },
  ];
  it('are pointed to, copied and exchanged by the members that the model has', async () => {
    const text = `struct place { gfn_t gfn; int count; };
static int look(struct place *p, int n) { return p->gfn * 10 + p->count + n; }
static void set(struct place *p) { p->gfn = 3; p->count = 1; }
${run(`${page}	struct kvm_mmu_page *other = kvm_mmu_memory_cache_alloc(&kvm->stock);
	sp->place.gfn = 2;
	other->place.gfn = 1;
	other->place.count = 1;
	kvm->out[0] = look(&sp->place, 100);
	swap(sp->place, other->place);
	kvm->out[1] = look(&sp->place, 0);
	kvm->out[2] = look(&other->place, 0);
	set(&sp->place);
	other->place = sp->place;
	kvm->out[3] = look(&other->place, 0);`)}`;
    expect(await out(text, more)).toEqual([120, 11, 20, 31]);
  });
  it('are refused where the model has no member of them', async () => {
    const text = `struct place { int x; };\nstatic int look(struct place *p) { return p->x; }\n${run(`${page}	kvm->out[0] = look(&sp->nowhere);`)}`;
    const [, only] = await lowerC(text, more);
    expect(only?.reason).toContain('nowhere is no field of pages that the model has');
  });
});

describe('what is never reached', () => {
  it('may lack anything, and is said', async () => {
    const text = `static int f(struct kvm *kvm, int n)
{
	if (!is_tdp_mmu_enabled(kvm) || unknown_one(n))
		return n + 1;
	unknown_two(n);
	return n;
}
static int g(struct kvm *kvm, int n)
{
	if (is_tdp_mmu_enabled(kvm) && unknown_three(n))
		n = unknown_four(n);
	return n;
}
${run('\tkvm->out[0] = f(kvm, 3);\n\tkvm->out[1] = g(kvm, 3);')}`;
    expect(await out(text)).toEqual([4, 3]);
    const ignored = (await lowerC(text)).flatMap((one) => one.ignored.map(({ name }) => name));
    expect(ignored.join('; ')).toMatch(/unknown_one.*unknown_two.*unknown_three.*unknown_four/);
  });
  it('is what stands behind a constant condition only', async () => {
    const text = (cond: string) => `static int f(struct kvm *kvm, int n)\n{\n\tif (${cond})\n\t\treturn 1;\n\treturn unknown(n);\n}`;
    expect((await lowerC(text('is_tdp_mmu_enabled(kvm)')))[0]?.status).toBe('unmodelled');
    expect((await lowerC(text('!is_tdp_mmu_enabled(kvm) && n')))[0]?.status).toBe('unmodelled');
    expect((await lowerC(text('!is_tdp_mmu_enabled(kvm) || n')))[0]?.status).toBe('imported');
    const jumped = `static int f(struct kvm *kvm, int n)\n{\n\tif (n)\n\t\tgoto out;\n\tif (!is_tdp_mmu_enabled(kvm))\n\t\treturn 1;\nout:\n\treturn unknown(n);\n}`;
    expect((await lowerC(jumped))[0]?.status).toBe('unmodelled');
  });
});
