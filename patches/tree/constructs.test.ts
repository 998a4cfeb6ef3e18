import { describe, expect, it } from 'vitest';
import { lowerC, runC } from '../testing/runC.ts';

const run = (statements: string) => `void run(struct kvm *kvm)\n{\n${statements}\n}\n`;
/** What is left in `kvm->out[]`, zeros at the end left out. */
const outs = async (text: string) =>
  (await runC(text)).map((one) => (typeof one === 'string' ? one : one.slice(0, one.findLastIndex((value) => value !== 0) + 1)));
const out = async (text: string) => {
  const [only, ...others] = await outs(text);
  expect(others).toEqual([]);
  return only;
};
const walk = [
  'struct walk {',
  '\tu64 *path[PT64_ROOT_MAX_LEVEL];',
  '\tstruct kvm_mmu_page *root;',
  '\tint level;',
  '\tunsigned count:3;',
  '\tunsigned :4;',
  '\tbool valid;',
  '\tvoid *unknown;',
  '};',
  'struct pair { int a; struct { int b; } inner; };',
].join('\n');
const page = '\tstruct kvm_mmu_page *sp = kvm_mmu_memory_cache_alloc(&kvm->stock);\n';

describe('structures', () => {
  it('are locals, passed by reference and copied', async () => {
    const text = `${walk}
static void fill(struct walk *w, int n) { w->level = n; w->count = n + 1; w->valid = n > 1; }
static int sum(struct walk *w) { return w->level + w->count + (w->valid ? 10 : 0); }
${run(`	struct walk one, other;
	fill(&one, 2);
	other = one;
	fill(&one, 1);
	kvm->out[0] = sum(&one);
	kvm->out[1] = sum(&other);`)}`;
    expect(await out(text)).toEqual([3, 15]);
  });
  it('are initialised by name, the rest being zero, in every round', async () => {
    const text = `${walk}
${run(`	int i;
	for (i = 0; i < 2; i++) {
		struct pair p = { .inner.b = i + 4, };
		kvm->out[i] = p.a * 100 + p.inner.b;
		p.a = 1;
	}`)}`;
    expect(await out(text)).toEqual([4, 5]);
  });
  it('may hold arrays, found by an index; one outside is a fault', async () => {
    const text = (index: string) => `${walk}
static void set(struct walk *w, u64 *p, int level) { w->path[level - 1] = p; }
static u64 get(struct walk *w, int level) { return *w->path[level - 1]; }
${run(`${page}	struct walk w;
	int i;
	sp->spt[0] = 3;
	sp->spt[1] = 5;
	for (i = 1; i <= 2; i++)
		set(&w, &sp->spt[i - 1], i);
	kvm->out[0] = get(&w, 1) * 10 + get(&w, ${index});`)}`;
    expect(await out(text('2'))).toEqual([35]);
    await expect(runC(text('4'))).rejects.toThrow(/bug|index/i);
  });
  it('may hold arrays of structures', async () => {
    const text = `struct walk { struct part { struct kvm_mmu_page *sp; int n; } part[3]; unsigned int nr; };
static void add(struct walk *w, struct kvm_mmu_page *sp, int n) { w->part[w->nr].sp = sp; w->part[w->nr].n = n; w->nr++; }
${run(`${page}	struct walk w = { .nr = 0 };
	int i;
	add(&w, NULL, 4);
	add(&w, sp, 5);
	for (i = 0; i < w.nr; i++)
		kvm->out[i] = w.part[i].n * 10 + (w.part[i].sp == sp);
	kvm->out[2] = w.part[1].n;`)}`;
    expect(await out(text)).toEqual([40, 51, 5]);
  });
  it('have no member of a type that the model has not', async () => {
    const [, only] = await lowerC(`${walk}\nstatic void f(void) { }\nint g(struct walk *w) { return w->unknown == NULL; }`);
    expect(only).toMatchObject({ status: 'unmodelled' });
    expect(only?.reason).toContain('struct walk.unknown is no member that the model has a type for');
  });
  it('keep how the one thing of a kind was when it was found', async () => {
    const text = `struct walk { struct kvm_memory_slot *slot; int n; };
static void find(struct kvm *kvm, struct walk *w, struct kvm_memory_slot *slot) { w->slot = slot; }
static void tell(struct kvm *kvm, struct walk *w, int at) { struct kvm_memory_slot *slot = w->slot; kvm->out[at] = slot_is_hot(slot) + 1; }
static void told(struct kvm *kvm, struct kvm_memory_slot *slot, int at) { kvm->out[at] = slot_is_hot(slot) + 1; }
${run(`	struct walk one, other, third = { .slot = __gfn_to_memslot(kvm, 0), };
	find(kvm, &one, __gfn_to_memslot(kvm, 0));
	kvm->out[5] = 1;
	find(kvm, &other, __gfn_to_memslot(kvm, 0));
	third.slot = one.slot;
	tell(kvm, &one, 0);
	tell(kvm, &other, 1);
	told(kvm, third.slot, 2);
	told(kvm, __gfn_to_memslot(kvm, 0), 3);
	kvm->out[4] = one.slot != NULL;`)}`;
    const hot = 'the_vm()->out[5] != 0';
    const more = {
      subsystem: 'more',
      seen: [
        { of: 'struct walk', c: ['slot'], now: hot },
        { of: 'told', c: ['slot'], now: hot },
      ],
      calls: [{ c: ['slot_is_hot'], is: { asFound: hot } }],
    };
    expect(await runC(text, [more])).toEqual([[1, 2, 1, 2, 1, 1]]);
  });
  it('are not passed twice in one call', async () => {
    const [, only] = await lowerC(`${walk}\nstatic int two(struct walk *a, struct walk *b) { return a->level - b->level; }
int g(struct walk *w) { return two(w, w); }`);
    expect(only?.reason).toContain('is passed twice');
  });
});

describe('a truth value that is set once, to a constant', () => {
  const f = (more: string) => `void run(struct kvm *kvm)
{
	bool small = IS_ENABLED(CONFIG_NOBODY_HAS_THIS);
${more}	if (!small) {
		kvm->out[0] = 1;
		return;
	}
	kvm->unheard_of = 1;
}
`;
  it('decides what hangs on it, so that the rest may lack anything', async () => {
    expect(await out(f(''))).toEqual([1]);
  });
  it('decides nothing if somebody writes to it', async () => {
    const [only] = await lowerC(f('\tsmall = kvm->out[1];\n'));
    expect(only?.reason).toContain('unheard_of');
  });
});

describe('roles of pages', () => {
  const roles =
    'union kvm_mmu_page_role {\n\tu32 word;\n\tstruct {\n\t\tunsigned level:4;\n\t\tunsigned invalid:1;\n\t\tunsigned smm:8;\n\t};\n};\n';
  it('are copied from pages and to them, part by part', async () => {
    const text = `${roles}
static void child(struct kvm_mmu_page *sp, union kvm_mmu_page_role role) { role.level--; sp->role = role; }
${run(`${page}	struct kvm_mmu_page *other = kvm_mmu_memory_cache_alloc(&kvm->stock);
	sp->role.level = 3;
	sp->role.invalid = 1;
	child(other, sp->role);
	kvm->out[0] = other->role.level * 10 + other->role.invalid;
	kvm->out[1] = sp->role.level;
	kvm->out[2] = other->role.word == sp->role.word;
	other->role.level++;
	kvm->out[3] = other->role.word == sp->role.word;`)}`;
    expect(await out(text)).toEqual([21, 3, 0, 1]);
  });
  it('are not copied, nor compared, where a part is new that pages have not: they would be equal', async () => {
    const fresh = roles.replace('unsigned smm:8;', 'unsigned fresh:1;');
    const same = `${fresh}static bool same(struct kvm_mmu_page *sp, union kvm_mmu_page_role role) { return sp->role.word == role.word; }\n`;
    const copy = `${fresh}static void copy(struct kvm_mmu_page *sp, union kvm_mmu_page_role role) { role.fresh = 1; sp->role = role; }\n`;
    for (const text of [same, copy]) {
      const [only] = await lowerC(text);
      expect(only).toMatchObject({ status: 'unmodelled' });
      expect(only?.reason).toContain('union kvm_mmu_page_role.fresh is a part of a role that not all roles of the model have');
    }
  });
});

describe('x ?: y', () => {
  it('evaluates x once', async () => {
    const text = `static int f(struct kvm *kvm, int n) { kvm->out[0]++; return n; }
${run(`	kvm->out[1] = f(kvm, 3) ?: 5;
	kvm->out[2] = f(kvm, 0) ?: 6;`)}`;
    expect(await out(text)).toEqual([2, 3, 6]);
  });
});

describe('results', () => {
  it('may be structures', async () => {
    const text = `${walk}
static struct pair make(int n) { struct pair p = { .a = n }; if (n > 1) p.inner.b = 5; return p; }
${run(`	struct pair one = make(1), two;
	two = make(one.a + 1);
	kvm->out[0] = one.a * 10 + one.inner.b;
	kvm->out[1] = two.a * 10 + two.inner.b;`)}`;
    expect(await out(text)).toEqual([10, 25]);
  });
});

describe('names that depend on each other', () => {
  it('are tried again when what they called turns out not to import', async () => {
    // `inner` cannot be taken, so `outer` is given its meaning; whichever is looked at first.
    const text = (first: string, second: string) => `${first}\n${second}\n${run('\tkvm->out[0] = outer(4);')}`;
    const outer = 'static int outer(int n) { return inner(n) + 1; }';
    const inner = 'static int inner(int n) { return something_unknown(n); }';
    const more = [{ subsystem: 'x', meanings: [{ c: ['inner'], params: ['n'], means: '(n)' }] }];
    for (const both of [text(outer, inner), text(inner, outer)]) {
      const found = Object.fromEntries((await lowerC(both, more)).map(({ name, status }) => [name, status]));
      expect(found).toEqual({ inner: 'unmodelled', outer: 'imported', run: 'imported' });
    }
  });
  it('do not call themselves by way of a binding', async () => {
    const text = `static int leaf(int n) { return twice(n); }\n${run('\tkvm->out[0] = leaf(2);')}`;
    const more = [{ subsystem: 'x', meanings: [{ c: ['twice'], params: ['n'], means: 'leaf(n)' }] }];
    const found = Object.fromEntries((await lowerC(text, more)).map(({ name, status }) => [name, status]));
    expect(found['leaf']).toBe('unmodelled');
  });
});

describe('macros of the tree', () => {
  it('are expanded where nothing is bound to them', async () => {
    const text = `#define TWICE(x) ((x) + (x))
#define FIRST out[0]
#define INNER(x) TWICE(TWICE(x))
${run('\tint i = 3;\n\tkvm->FIRST = INNER(i + 1);\n\tkvm->out[1] = TWICE(i++);\n\tkvm->out[2] = i;')}`;
    const [all] = await lowerC(text);
    // A member's name is no expression: the preprocessor would take it, this does not, and says so.
    expect(all?.status).toBe('unmodelled');
    expect(await out(text.replace('kvm->FIRST', 'kvm->out[0]'))).toEqual([16, 7, 5]);
  });
  it('with numbers of the kernel are refused: the model scales them', async () => {
    const [only] = await lowerC('#define BITS_PER_LEVEL 9\nint f(int a) { return a << BITS_PER_LEVEL; }');
    expect(only?.reason).toContain('is a macro with the number 9, which the model may scale');
  });
  it('that iterate are loops over their own definition', async () => {
    const text = `#define each_below(i, n) for (i = 0; i < (n); i++)
#define each_odd(i, n) each_below(i, n) if (!(i & 1)) { } else
${run(`	int i;
	each_odd(i, 6) {
		if (i == 5)
			break;
		kvm->out[0] = kvm->out[0] * 10 + i;
	}
	kvm->out[1] = i;
	each_below(i, 3)
		if (i == 1)
			continue;
		else
			kvm->out[2] += i + 1;`)}`;
    expect(await out(text)).toEqual([13, 5, 4]);
  });
  it('that nobody defines are refused, never run once', async () => {
    const [only] = await lowerC(run('\tint i = 0;\n\tfor_each_thing(i, kvm) {\n\t\tkvm->out[0]++;\n\t}'));
    expect(only?.reason).toContain('for_each_thing is a macro with a block that is not modelled');
  });
  it('may hold statements in expressions', async () => {
    const text = `#define checked(k, i) ({ (k)->out[1]++; (i) + (i); })
${run('\tkvm->out[0] = checked(kvm, 4);')}`;
    expect(await out(text)).toEqual([8, 1]);
  });
});

describe('pointers', () => {
  it('to entries of tables: arithmetic, row and index', async () => {
    const text = run(`${page}	u64 *sptep = &sp->spt[0];
	sp->gfn = 6;
	*(sptep + 1) = 4;
	kvm->out[0] = sp->spt[1];
	kvm->out[1] = sptep_to_sp(sptep + 1)->gfn;
	kvm->out[2] = spte_index(sptep + 1);`);
    expect(await out(text)).toEqual([4, 6, 1]);
  });
  it('to entries: back again, and as addresses without other bits', async () => {
    const text = run(`${page}	u64 *sptep = &sp->spt[1];
	sptep--;
	*sptep++ = 6;
	kvm->out[0] = sp->spt[0];
	kvm->out[1] = spte_index(sptep - 1) + 1;
	kvm->out[2] = spte_index(sptep);`);
    expect(await out(text)).toEqual([6, 1, 1]);
  });
  it('to numbers of the caller, also where the type may lead into a table', async () => {
    const text = `static bool find(u64 *spte, int *level) { *spte = 9; *level += 2; return true; }
${run('\tu64 spte = 1;\n\tint level = 1;\n\tif (find(&spte, &level) && level == 3)\n\t\tkvm->out[0] = spte + level;')}`;
    const [found] = await runC(text, [{ subsystem: 'more', outParams: [{ c: 'find', params: ['spte'] }] }]);
    expect(found).toEqual([12, 0, 0, 0, 0, 0]);
  });
  it('exchanged and compared in one go', async () => {
    const text = run(`${page}	u64 old = 2;
	sp->spt[0] = 5;
	kvm->out[0] = try_cmpxchg64(&sp->spt[0], &old, 7);
	kvm->out[1] = old;
	kvm->out[2] = try_cmpxchg64(&sp->spt[0], &old, 7);
	kvm->out[3] = xchg(&sp->spt[0], 1);
	kvm->out[4] = atomic64_fetch_and(~1ULL, (atomic64_t *)&sp->spt[0]);
	kvm->out[5] = sp->spt[0];`);
    expect((await runC(text))[0]).toEqual([0, 5, 1, 7, 1, 0]);
  });
});

describe('rows and lists', () => {
  it('of pages that are hashed, in the order of their rows', async () => {
    const text = `#define for_each_valid(_sp, _list) hlist_for_each_entry(_sp, _list, hash_link) if ((_sp)->role.invalid) { } else
${run(`${page}	struct kvm_mmu_page *b = kvm_mmu_memory_cache_alloc(&kvm->stock), *c = kvm_mmu_memory_cache_alloc(&kvm->stock);
	struct hlist_head *list = &kvm->arch.mmu_page_hash[kvm_page_table_hashfn(1)];
	struct kvm_mmu_page *at;
	sp->gfn = 1;
	b->gfn = 2;
	c->gfn = 3;
	hlist_add_head(&sp->hash_link, list);
	hlist_add_head(&b->hash_link, list);
	hlist_add_head(&c->hash_link, list);
	b->role.invalid = 1;
	for_each_valid(at, list)
		kvm->out[0] = kvm->out[0] * 10 + at->gfn;
	kvm->out[1] = at == NULL;
	hlist_del(&sp->hash_link);
	for_each_valid(at, list) {
		kvm->out[2] = at->gfn;
		break;
	}`)}`;
    expect(await out(text)).toEqual([13, 1, 3]);
  });
  it('of entries that point at a page', async () => {
    const text = run(`${page}	struct rmap_iterator iter;
	u64 *at;
	sp->spt[1] = 1;
	pte_list_add(NULL, &sp->spt[0], &sp->parent_ptes);
	pte_list_add(NULL, &sp->spt[1], &sp->parent_ptes);
	for_each_rmap_spte(&sp->parent_ptes, &iter, at)
		kvm->out[0] = kvm->out[0] * 10 + spte_index(at) + 1;
	pte_list_remove(kvm, &sp->spt[1], &sp->parent_ptes);
	kvm->out[1] = sp->parent_ptes.val != 0;
	pte_list_remove(kvm, &sp->spt[0], &sp->parent_ptes);
	kvm->out[2] = sp->parent_ptes.val != 0;`);
    expect(await out(text)).toEqual([21, 1]);
  });
  it('bits of a bitmap', async () => {
    const text = run(`${page}	unsigned i;
	kvm->out[0] = __test_and_set_bit(1, sp->unsync_child_bitmap);
	kvm->out[1] = __test_and_set_bit(1, sp->unsync_child_bitmap);
	for_each_set_bit(i, sp->unsync_child_bitmap, 512)
		kvm->out[2] = i + 1;
	__clear_bit(1, sp->unsync_child_bitmap);
	kvm->out[3] = test_bit(1, sp->unsync_child_bitmap) + 2;`);
    expect(await out(text)).toEqual([0, 1, 2, 2]);
  });
  it('that are freed exist no longer', async () => {
    await expect(runC(run(`${page}\tkmem_cache_free(NULL, sp);\n\tkvm->out[0] = sp->gfn;`))).rejects.toThrow(/useAfterFree|freed/i);
  });
});

describe('control flow', () => {
  it('guards are let go of on every way out', async () => {
    const text = (which: number) => `static int f(struct kvm *kvm, int n)
{
	int i;
	for (i = 0; i < 3; i++) {
		guard(mutex)(&kvm->slots_lock);
		lockdep_assert_held(&kvm->slots_lock);
		if (n == 0)
			return 5;
		if (n == 1)
			break;
		if (n == 2)
			continue;
		kvm->out[2]++;
	}
	return i;
}
${run(`	kvm->out[0] = f(kvm, ${which});
	kvm->out[1] = mutex_trylock(&kvm->slots_lock);`)}`;
    expect(await out(text(0))).toEqual([5, 1]);
    expect(await out(text(1))).toEqual([0, 1]);
    expect(await out(text(2))).toEqual([3, 1]);
    expect(await out(text(3))).toEqual([3, 1, 3]);
  });
  it('do-while, comma, ternary, nested calls and side effects in conditions', async () => {
    const text = `static int next(struct kvm *kvm) { return ++kvm->out[0]; }
${run(`	int i = 0, j;
	do {
		i++;
	} while (next(kvm) < 3 && (j = i, j < 10));
	kvm->out[1] = i;
	if ((i = next(kvm)) == 4 || next(kvm))
		kvm->out[2] = i ? (next(kvm), 7) : next(kvm);`)}`;
    expect(await out(text)).toEqual([5, 3, 7]);
  });
  it('goto to a cleanup label and switch', async () => {
    const text = `static int f(struct kvm *kvm, int n)
{
	int r = -ENOMEM;
	write_lock(&kvm->mmu_lock);
	switch (n) {
	case 0:
	case 1:
		goto out;
	case 2:
		r = 0;
		break;
	default:
		r = 1;
	}
	kvm->out[3]++;
out:
	write_unlock(&kvm->mmu_lock);
	return r;
}
${run('\tkvm->out[0] = f(kvm, 1);\n\tkvm->out[1] = f(kvm, 2);\n\tkvm->out[2] = f(kvm, 3);')}`;
    expect(await out(text)).toEqual([-12, 0, 1, 2]);
  });
  it('a yield is a choice: the lock is dropped, or is not', async () => {
    const text = run(
      '\twrite_lock(&kvm->mmu_lock);\n\tkvm->out[0] = 1 + cond_resched_rwlock_write(&kvm->mmu_lock);\n\twrite_unlock(&kvm->mmu_lock);',
    );
    expect((await outs(text)).sort()).toEqual([[1], [2]]);
  });
  it('a condition on something ignorable is a choice, never dropped', async () => {
    expect((await outs(run('\tif (kvm->noise)\n\t\tkvm->out[0] = 1;\n\tkvm->out[1] = 1;'))).sort()).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });
  it('what the model never does may lack anything, and is said', async () => {
    const [only] = await lowerC(run('\tif (tdp_mmu_enabled)\n\t\tsomething_unknown(kvm);\n\tkvm->out[0] = 1;'));
    expect(only?.status).toBe('imported');
    expect(only?.ignored.map(({ name }) => name)).toEqual(['something_unknown (never reached)']);
  });
});

describe('what has no effect', () => {
  it('is found out, not believed', async () => {
    const text = `static void quiet(struct kvm *kvm, int n) { int i = n; i++; trace_kvm_something(i); }
static void quieter(struct kvm *kvm) { quiet(kvm, 1); pr_err("x"); }
static void loud(struct kvm *kvm) { quiet(kvm, 1); kvm->out[0] = 1; }
static void locks(struct kvm *kvm) { write_lock(&kvm->mmu_lock); }
static bool tells(int n) { return unknown_thing(n); }
${run('\tquieter(kvm);\n\tloud(kvm);')}`;
    const found = new Map((await lowerC(text)).map(({ name, status }) => [name, status]));
    expect(Object.fromEntries(found)).toEqual({
      quiet: 'ignorable',
      quieter: 'ignorable',
      loud: 'imported',
      locks: 'imported',
      tells: 'unmodelled',
      run: 'imported',
    });
  });
  it('a truth value that a macro, or a binding, sets again is no constant', async () => {
    const text = `#define both(x) ((x) = true, 1)\n${run('\tbool set = false;\n\tif (both(set) && set)\n\t\tkvm->out[0] = 1;')}`;
    expect(await out(text)).toEqual([1]);
    const means = '({ bool done = 0; int k; for (k = 0; k < 2; k++) done = 1; done; })';
    const more = [{ subsystem: 'x', meanings: [{ c: ['bound_once'], params: [], means, first: true }] }];
    expect((await runC(run('\tkvm->out[0] = bound_once();'), more))[0]?.[0]).toBe(1);
  });
  it('`while (true)` has no condition that would have to be false once', async () => {
    const endless = (head: string) => run(`\t${head} {\n\t\tkvm->out[0]++;\n\t\tif (kvm->out[0])\n\t\t\tbreak;\n\t}`);
    const conditions = async (text: string) => JSON.stringify((await lowerC(text))[0]?.procedure).match(/"kind":"if"/g)?.length;
    for (const head of ['for (;;)', 'while (true)', 'while (1)']) expect(await conditions(endless(head))).toBe(1);
    expect(await conditions(endless('while (kvm->out[1] == 0)'))).toBe(2);
  });
  it('macros that are no expressions are refused where one is wanted', async () => {
    const text = `#define each(x) for (x = 0; x < 1; x++)\n${run('\tint i;\n\teach(i);\n\tkvm->out[0] = i;')}`;
    const [found] = await lowerC(text);
    expect(found).toMatchObject({ name: 'run', status: 'unmodelled' });
    expect(JSON.stringify(found)).toContain('is a macro that is no expression');
  });
  it('numbers that the model scales are not taken from the text', async () => {
    const text = `static int limit(int n) { return n >= 3; }\n${run('\tkvm->out[0] = limit(1) + 1;')}`;
    const more = [{ subsystem: 'x', scaledLiterals: [{ c: 'limit', literal: '3', means: 'PG_LEVEL_4K' }] }];
    expect((await runC(text, more))[0]?.[0]).toBe(2);
  });
});
