/**
 * What a kernel function may do in another way than the model's procedure of its name, and why nobody can tell.
 *
 * In: nothing. Out: entries, checked when they are loaded. Never: an entry that is not needed: `conform` says so of each, and a test asks.
 */
import { z } from 'zod';

const abstractionSchema = z.strictObject({
  /** Kernel's names of functions: it holds for them, and, where they are a part of what is compared, for what happens inside them. */
  functions: z.array(z.string()).min(1),
  /** It holds only where one of them is what is compared: whoever calls them does the rest on the other side. */
  alone: z.boolean().optional(),
  /** It holds only from states in which the row that this parameter of what is compared refers to has this value in this field (`table.field`). */
  where: z.strictObject({ param: z.string(), field: z.string(), value: z.int() }).optional(),
  /** Versions of trees that it holds for, as the bindings have them; left out: all. */
  from: z.string().optional(),
  until: z.string().optional(),
  leaves: z.discriminatedUnion('what', [
    /** Writes and changes of lists of these fields (`table.field`) are not compared. */
    z.strictObject({ what: z.literal('writes'), fields: z.array(z.string()).min(1) }),
    /** Nor are takings of these locks (`table.field`). */
    z.strictObject({ what: z.literal('locks'), fields: z.array(z.string()).min(1) }),
    /** Nor that one of these locks is taken and let go of with nothing done in between. */
    z.strictObject({ what: z.literal('sections'), fields: z.array(z.string()).min(1) }),
    /** Where the model lets go of one of these locks and takes it again at once the tree may keep it, too. */
    z.strictObject({ what: z.literal('yields'), fields: z.array(z.string()).min(1) }),
    /** Nor calls of these procedures. */
    z.strictObject({ what: z.literal('calls'), procedures: z.array(z.string()).min(1) }),
    /** The tree may return this one where the model returns that one, in the encoding of the compiler. */
    z.strictObject({ what: z.literal('result'), model: z.int(), tree: z.int() }),
    /** Nor what it leaves in these parameters of the model's. */
    z.strictObject({ what: z.literal('parameters'), names: z.array(z.string()).min(1) }),
    /** Nor the order of writes of these fields that follow each other. */
    z.strictObject({ what: z.literal('order'), fields: z.array(z.string()).min(2) }),
    /** Ways of one side in which a free choice inside one of the functions is answered so, while others have or want the lock, or while it is held. */
    z.strictObject({
      what: z.literal('answers'),
      of: z.enum(['model', 'tree']),
      choice: z.string(),
      value: z.int(),
      lock: z.strictObject({ field: z.string(), is: z.enum(['contended', 'held']) }),
    }),
  ]),
  because: z.string().min(20),
});
export type Abstraction = z.infer<typeof abstractionSchema>;

export const abstractions: readonly Abstraction[] = z.array(abstractionSchema).parse([
  {
    functions: [
      'tdp_iter_start',
      'tdp_iter_restart',
      'tdp_iter_next',
      'try_step_down',
      'try_step_side',
      'try_step_up',
      'tdp_mmu_iter_cond_resched',
      'tdp_mmu_iter_set_spte',
      '__tdp_mmu_set_spte_atomic',
      'tdp_mmu_set_spte_atomic',
      'tdp_mmu_map_handle_target_level',
      'tdp_mmu_link_sp',
      'tdp_mmu_zap_spte_atomic',
      'tdp_mmu_split_huge_page',
    ],
    leaves: { what: 'parameters', names: ['iter.middle'] },
    because:
      'of pt_path[] the model keeps the table of level 2; what is there while the iterator stands above it, or if it is the root, is never read before it is written',
  },
  {
    functions: ['tdp_mmu_unlink_sp', 'tdp_mmu_link_sp', 'kvm_tdp_mmu_map'],
    leaves: { what: 'locks', fields: ['vm.tdp_mmu_pages_lock'] },
    because: 'it guards the accounting of NX huge pages, and lists of pages that only statistics go through; the model has neither',
  },
  {
    functions: ['kvm_faultin_pfn', 'kvm_tdp_mmu_page_fault', 'direct_page_fault'],
    leaves: { what: 'parameters', names: ['fault.goal_level', 'fault.pfn'] },
    because:
      'how large a page is mapped is decided behind it, by kvm_mmu_hugepage_adjust(), from the same slot; the model decides it where it looks the page up',
  },
  {
    functions: ['kvm_faultin_pfn'],
    from: '6.9',
    leaves: { what: 'result', model: 0, tree: 1 },
    because:
      'where an invalidation of the gfn is under way it gives up before it looks the page up, which saves work only: the model asks with the lock, where the kernel asks again',
  },
  {
    functions: ['kvm_faultin_pfn'],
    until: '6.2',
    leaves: { what: 'result', model: 1, tree: 0 },
    because:
      'that the host maps nothing was told by the page that it gives, and asked behind it; later, and in the model, it is asked in it',
  },
  {
    functions: ['fast_page_fault'],
    leaves: { what: 'calls', procedures: ['kvm_tdp_mmu_read_spte'] },
    because:
      'its walk reads one entry more, behind the gfn, before it ends; the model ends at the leaf. What it does to entries is compared',
  },
  {
    functions: ['kvm_tdp_mmu_page_fault'],
    from: '6.9',
    leaves: { what: 'sections', fields: ['vm.mmu_lock'] },
    because: 'so it is known without the lock that the fault is stale; the model takes the lock, finds that, and lets it go',
  },
  {
    functions: ['kvm_mmu_invalidate_begin', 'kvm_mmu_notifier_invalidate_range_start', 'kvm_zap_gfn_range'],
    until: '6.7',
    leaves: { what: 'writes', fields: ['vm.mmu_invalidate_range_start', 'vm.mmu_invalidate_range_end'] },
    because:
      'the range was given when an event began, and kvm_zap_gfn_range() gave all addresses; the model adds it afterwards, under the same lock, and as narrow as it is',
  },
  {
    functions: ['tdp_mmu_split_huge_page'],
    alone: true,
    until: '6.9',
    leaves: { what: 'calls', procedures: ['tdp_mmu_init_child_sp'] },
    because: 'it initialised the new table itself; the model has its caller do it just before, as 6.10 and later, in every variant',
  },
  {
    functions: ['kvm_tdp_mmu_map'],
    leaves: { what: 'calls', procedures: ['tdp_mmu_init_child_sp'] },
    because: 'the model initialises the table of a fault where it allocates it, with the same writes and no other in between',
  },
  {
    functions: ['kvm_arch_flush_shadow_memslot', 'kvm_mmu_zap_all_fast'],
    from: '6.12',
    leaves: {
      what: 'calls',
      procedures: ['kvm_mmu_zap_all_fast', '__kvm_mmu_zap_all_fast_front_half', '__kvm_mmu_zap_all_fast_back_half'],
    },
    because:
      'it consists of two halves, which the removal of a memslot calls itself; the model has them in one procedure, which does the same',
  },
  {
    functions: ['kvm_vcpu_flush_tlb_all'],
    from: '6.2',
    leaves: { what: 'writes', fields: ['vcpus.requests'] },
    because: 'later kernels take back a request to flush the current context, which this flush has done; the model flushes once more',
  },
  {
    functions: ['kvm_zap_gfn_range'],
    from: '6.12',
    leaves: { what: 'writes', fields: ['srcuReaders.srcu'] },
    because:
      'later 6.12.y goes through the memslots in an SRCU section of its own; the model has no such walk there, and nothing else that the section guards',
  },
  {
    functions: ['kvm_mmu_sync_roots'],
    leaves: { what: 'sections', fields: ['vm.mmu_lock'] },
    because:
      'it goes through the four entries of a PAE root with the lock held, whether or not anything below is unsync; the model looks first',
  },
  {
    functions: ['tdp_mmu_zap_spte_atomic'],
    until: '6.9',
    leaves: { what: 'calls', procedures: ['kvm_set_pfn_dirty'] },
    because: 'the page was marked dirty before the flush, since 6.10 after it, as in the model; the entry is frozen for so long',
  },
  {
    functions: ['tdp_mmu_zap_leafs'],
    until: '6.9',
    where: { param: 'root', field: 'pages.role.invalid', value: 1 },
    leaves: { what: 'result', model: 0, tree: 1 },
    because:
      'it asked for a flush of an invalid root, too, whose TLB entries go with the request that made it invalid; the model asks for none',
  },
  {
    functions: ['tdp_mmu_zap_leafs'],
    until: '6.9',
    where: { param: 'root', field: 'pages.role.invalid', value: 1 },
    leaves: { what: 'calls', procedures: ['kvm_flush_remote_tlbs'] },
    because: 'so it flushed before it yielded, too, as it does for other roots; what it owes of those is compared',
  },
  {
    functions: ['tdp_mmu_map_handle_target_level'],
    until: '6.3',
    leaves: { what: 'calls', procedures: ['kvm_flush_remote_tlbs_range'] },
    because: 'where a huge page takes the place of a table it flushed the range of one level more; the model flushes that of the page',
  },
  {
    functions: ['tdp_mmu_zap_root'],
    alone: true,
    from: '6.9',
    leaves: { what: 'calls', procedures: ['__tdp_mmu_zap_root', 'tdp_mmu_iter_cond_resched', 'rcu_read_unlock'] },
    because:
      'it makes passes for all sizes of entries, the model only for those that a root of the machine can have: the others find nothing',
  },
  {
    functions: ['tdp_mmu_zap_root'],
    alone: true,
    from: '6.9',
    leaves: { what: 'locks', fields: ['vm.mmu_lock'] },
    because: 'it may yield in those passes, too; what a pass does with the lock is compared of __tdp_mmu_zap_root()',
  },
  {
    functions: ['tdp_mmu_zap_root'],
    alone: true,
    from: '6.9',
    leaves: { what: 'writes', fields: ['tasks.rcu'] },
    because:
      'it may yield in those passes, too, and leaves its RCU section for that; a section that is not left is told by the warnings of rcu_read_lock()',
  },
  {
    functions: ['tdp_mmu_iter_cond_resched'],
    leaves: { what: 'yields', fields: ['vm.mmu_lock'] },
    because:
      'that somebody waits is asked twice, and may have changed: then the lock is kept, and nobody runs meanwhile. The model gives it up',
  },
  {
    functions: ['tdp_mmu_iter_cond_resched'],
    leaves: { what: 'answers', of: 'model', choice: 'yield mmu_lock', value: 0, lock: { field: 'vm.mmu_lock', is: 'contended' } },
    because: 'the model may go on although somebody waits for the lock: as if he had come just after the test',
  },
]);
