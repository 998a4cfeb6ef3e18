/**
 * For tests: a small machine with the tables that the bindings name, and procedures made from a line of C each.
 */
import type { FieldDescription, MachineDescription, Procedure, ScalarType } from '../../compiler/ir/types.ts';
import { boolType, intTypes } from '../../compiler/ir/types.ts';
import { kvmBindings, machineBindings } from '../bindings/index.ts';
import { contentsOf } from '../c/extract.ts';
import { loadCParser } from '../c/parse.ts';
import type { Surroundings } from '../index.ts';
import { lowerFunctions, parseFunction } from '../lower/function.ts';
import { readPatchText } from '../mail/patchText.ts';

const root: ScalarType = { kind: 'ref', table: 'pages', strong: true, specials: 1 };
const small = (max: number): ScalarType => ({ kind: 'int', min: 0, max, overflow: 'bound', underflow: 'bound' });
const plain = (path: string, type: FieldDescription['type'], length = 0): FieldDescription => ({ path, length, type, ghost: false });

/** Two vCPUs, three pages: the shape of the model's machine, in small. */
export const machine: MachineDescription = {
  tables: [
    {
      name: 'vm',
      rows: 1,
      singleton: true,
      dynamic: false,
      fields: [
        plain('mmu_lock', { kind: 'lock', flavour: 'rwlock', writerPreference: false }),
        plain('mmu_valid_gen', small(1)),
        plain('n_used_mmu_pages', small(3)),
      ],
    },
    {
      name: 'vcpus',
      rows: 2,
      singleton: false,
      dynamic: false,
      fields: [
        plain('requests', small(31)),
        plain('mode', small(3)),
        plain('mmu', { kind: 'ref', table: 'mmus', strong: true, specials: 0 }),
      ],
    },
    {
      name: 'mmus',
      rows: 4,
      singleton: false,
      dynamic: false,
      fields: [
        plain('root.hpa', root),
        plain('root.pgd', small(1)),
        plain('prev_roots.hpa', root, 2),
        plain('prev_roots.pgd', small(1), 2),
      ],
    },
    {
      name: 'pages',
      rows: 3,
      singleton: false,
      dynamic: true,
      fields: [
        plain('role.level', small(2)),
        plain('role.invalid', boolType),
        plain('root_count', small(4)),
        plain('mmu_valid_gen', small(1)),
        plain('spt', small(7), 2),
      ],
    },
    {
      name: 'lists',
      rows: 3,
      singleton: false,
      dynamic: false,
      fields: [plain('entries', { kind: 'list', element: { kind: 'ref', table: 'pages', strong: true, specials: 0 }, capacity: 3 })],
    },
  ],
};
const u32 = (value: number) => ({ type: intTypes.u32, value });
export const constants = new Map([
  ['KVM_MMU_NUM_PREV_ROOTS', u32(2)],
  ['KVM_MMU_ROOT_CURRENT', u32(1)],
  ['KVM_REQUEST_MASK', u32(0xff)],
  ['KVM_REQUEST_NO_WAKEUP', u32(1 << 8)],
  ['KVM_REQUEST_WAIT', u32(1 << 9)],
  ['KVM_REQ_MMU_RELOAD', u32(1 | (3 << 8))],
  ['KVM_REQ_MMU_FREE_OBSOLETE_ROOTS', u32(2 | (3 << 8))],
  ['LIST_ACTIVE_MMU_PAGES', u32(0)],
  ['LIST_ZAPPED_OBSOLETE_PAGES', u32(1)],
  ['LIST_INVALID', u32(2)],
]);

/** A diff that adds `text` to a C file: the shortest way from text to functions. */
export function addingDiff(text: string, path = 'arch/x86/kvm/mmu/mmu.c'): string {
  const lines = text.split('\n');
  return [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -1,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    '-- ',
    '2.34.1',
    '',
  ].join('\n');
}

/** Procedures of a model, from C: `void f(struct kvm *kvm) {}` gives one without parameters. */
export async function proceduresFrom(text: string, known: ReadonlyMap<string, Procedure> = new Map()): Promise<Map<string, Procedure>> {
  const parser = await loadCParser();
  const { hunks } = readPatchText('model.patch', addingDiff(text));
  const functions = hunks
    .flatMap((hunk) => contentsOf(hunk, 'new').functions)
    .map((one) => parseFunction(one, 'model.patch', kvmBindings, parser));
  const lowered = lowerFunctions(functions, {
    bindings: machineBindings(machine),
    environment: { machine, constants, procedures: known },
    parser,
  });
  const result = new Map(known);
  for (const one of lowered) {
    if (one.procedure === null) throw new Error(`${one.name}: ${one.unmodelled.map((what) => `${what.name} ${what.why}`).join('; ')}`);
    result.set(one.name, one.procedure);
  }
  return result;
}

/** Leaves of the model: only their signatures matter here. */
const leaves = `
bool is_obsolete_sp(struct kvm *kvm, struct kvm_mmu_page *sp)
{
	if (sp->role.invalid)
		return true;
	return sp->mmu_valid_gen != kvm->arch.mmu_valid_gen;
}
void kvm_make_all_cpus_request(struct kvm *kvm, unsigned long req)
{
	kvm->arch.n_used_mmu_pages = req;
}
bool kvm_test_request(unsigned long req, struct kvm_vcpu *vcpu)
{
	return vcpu->mode == req;
}
bool kvm_check_request(unsigned long req, struct kvm_vcpu *vcpu)
{
	return vcpu->mode == req;
}
int mmu_zap_unsync_children(struct kvm *kvm, struct kvm_mmu_page *sp)
{
	return sp->root_count;
}
void kvm_mmu_free_obsolete_roots(struct kvm_vcpu *vcpu)
{
	vcpu->mode = 0;
}
void kvm_mmu_unload(struct kvm_vcpu *vcpu)
{
	vcpu->mode = 1;
}
void kvm_zap_obsolete_pages(struct kvm *kvm)
{
	kvm->arch.mmu_valid_gen = 0;
}
struct kvm_mmu_page *fault_root(struct kvm_vcpu *vcpu)
{
	return to_shadow_page(vcpu->arch.mmu->root.hpa);
}`;

/** What partial hunks of seed 001 are pieces of, in the fixed form of the model. */
const standIns = `
bool __kvm_mmu_prepare_zap_page(struct kvm *kvm, struct kvm_mmu_page *sp)
{
	bool list_unstable, zapped_root = false;
	list_unstable = mmu_zap_unsync_children(kvm, sp) != 0;
	if (sp->root_count == 0) {
		kvm->arch.n_used_mmu_pages--;
	} else {
		zapped_root = !is_obsolete_sp(kvm, sp);
	}
	sp->role.invalid = 1;
	if (zapped_root)
		kvm_make_all_cpus_request(kvm, KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
	return list_unstable;
}
bool is_page_fault_stale(struct kvm_vcpu *vcpu)
{
	struct kvm_mmu_page *sp = fault_root(vcpu);
	if (sp && is_obsolete_sp(vcpu->kvm, sp))
		return true;
	if (!sp && kvm_test_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, vcpu))
		return true;
	return false;
}
void kvm_mmu_zap_all_fast(struct kvm *kvm)
{
	write_lock(&kvm->mmu_lock);
	kvm->arch.mmu_valid_gen = kvm->arch.mmu_valid_gen ? 0 : 1;
	kvm_make_all_cpus_request(kvm, KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
	kvm_zap_obsolete_pages(kvm);
	write_unlock(&kvm->mmu_lock);
}
void service_root_requests(struct kvm_vcpu *vcpu)
{
	if (kvm_check_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, vcpu))
		kvm_mmu_free_obsolete_roots(vcpu);
}`;

/** Surroundings as the model gives them, in small. */
export async function surroundings(): Promise<Surroundings> {
  const free = `void kvm_mmu_free_roots(struct kvm_mmu *mmu, unsigned long roots_to_free)\n{\n\tmmu->root.hpa = INVALID_PAGE;\n}`;
  const known = await proceduresFrom(`${leaves}\n${free}`);
  return { machine, constants, procedures: await proceduresFrom(standIns, known), base: null };
}
