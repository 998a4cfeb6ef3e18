/**
 * Which procedure of the model a function of C is: that of its name, or the one that a contract for its parameters names (`kvm_mmu_track_write()`
 * is `kvm_mmu_pte_write()` since 6.5).
 */
import type { Names } from './context.ts';
import type { Signature } from './environment.ts';

export function procedureName(
  { name, params }: Signature,
  {
    bindings,
    environment,
  }: { readonly bindings: Pick<Names['bindings'], 'contracts'>; readonly environment: Pick<Names['environment'], 'procedures'> },
): string {
  if (environment.procedures.has(name)) return name;
  const contract = bindings.contracts
    .get(name)
    ?.find((one) => one.params.length === params.length && one.params.every((spelled, index) => params[index]?.spelled === spelled));
  const other = contract?.procedure;
  return other !== undefined && environment.procedures.has(other) ? other : name;
}

/** Names that functions of C have in the model, in some version, beside their own. */
export function otherNames(names: Iterable<string>, bindings: Pick<Names['bindings'], 'contracts'>): string[] {
  return [...names].flatMap((name) => (bindings.contracts.get(name) ?? []).flatMap(({ procedure }) => procedure ?? []));
}
