/**
 * Which properties can see what a step does.
 *
 * In: a compiled system, its futures. Out: bit sets over the properties. Never: a decision.
 *
 * A property is *touched* by a write to what its predicate reads, and by what turns its scope on or off. A step that comes first
 * hides the states before it. In such a state a property that only the step touches is as it was at the start, and one that only
 * the others touch is as it will be after the step; so nothing is lost but where both touch one property.
 */
import {
  type Access,
  type Atom,
  type CompiledSystem,
  Futures,
  type Held,
  isLockAtom,
  overlapping,
  strongFieldsOf,
} from '../../../compiler/index.ts';

interface Sighted {
  readonly bit: number;
  readonly reads: readonly Access[];
  /** Lock fields that the predicate asks about, and that of a scope `noWriter`. */
  readonly asked: ReadonlySet<string>;
  readonly scopeLock: string | null;
  readonly quiescent: boolean;
}

export class Sight {
  private readonly sighted: readonly Sighted[];
  private readonly strong: ReturnType<typeof strongFieldsOf>;
  private readonly quiescentMask: number;
  private readonly known = new Map<bigint, number>();
  private readonly knownOfAtoms = new Map<Atom, number>();

  constructor(
    system: CompiledSystem,
    private readonly futures: Futures,
  ) {
    const { description, program } = system;
    // Whatever of a predicate was run so far: it reads all that it names.
    const whole = new Futures(description, program);
    this.strong = strongFieldsOf(description);
    const rest = [...(program.quiescent === null ? [] : [program.quiescent]), ...idleWaits(system)];
    this.sighted = description.properties.flatMap((property, index): Sighted[] => {
      const predicate = program.predicates[index];
      if (predicate === null || predicate === undefined) return [];
      const scope = property.kind === 'state' ? property.scope : null;
      const quiescent = scope?.kind === 'quiescent';
      const specs = quiescent ? [predicate, ...rest] : [predicate];
      return [
        {
          bit: 1 << index,
          reads: specs.flatMap((spec) => whole.atoms.of(whole.whole(spec))).flatMap((atom) => (isLockAtom(atom) ? [] : [atom])),
          asked: new Set(specs.flatMap((spec) => whole.locksAskedBy(spec))),
          scopeLock: scope?.kind === 'noWriter' ? `${scope.table}.${scope.field}` : null,
          quiescent,
        },
      ];
    });
    this.quiescentMask = this.sighted.reduce((mask, { bit, quiescent }) => (quiescent ? mask | bit : mask), 0);
  }

  /** What a step touches whose process holds `held` before it. Out of a scope that only the process can enter nothing is lost. */
  ofStep(atoms: bigint, held: Held, essential: boolean): number {
    let mask = this.seen(atoms);
    for (const { bit, scopeLock } of this.sighted)
      if (scopeLock !== null && held.some(({ lock, mode }) => lock === `${scopeLock}[0][0]` && mode === 'exclusive')) mask &= ~bit;
    return essential ? mask & ~this.quiescentMask : mask;
  }

  /** What somebody may touch in all that he may do. An essential process may come to rest, though it touches nothing else. */
  ofFuture(atoms: bigint, essential: boolean): number {
    return essential ? this.seen(atoms) | this.quiescentMask : this.seen(atoms);
  }

  private seen(atoms: bigint): number {
    let mask = this.known.get(atoms);
    if (mask !== undefined) return mask;
    mask = 0;
    for (const atom of this.futures.atoms.of(atoms)) mask |= this.seenOf(atom);
    this.known.set(atoms, mask);
    return mask;
  }

  private seenOf(atom: Atom): number {
    let mask = this.knownOfAtoms.get(atom);
    if (mask !== undefined) return mask;
    mask = this.sighted.reduce((found, one) => (this.sees(one, atom) ? found | one.bit : found), 0);
    this.knownOfAtoms.set(atom, mask);
    return mask;
  }

  private sees({ reads, asked, scopeLock }: Sighted, atom: Atom): boolean {
    if (isLockAtom(atom)) {
      if (asked.has(atom.lockField)) return true;
      return atom.lockField === scopeLock && atom.operation.endsWith(' exclusive');
    }
    if (!atom.write) return false;
    if (reads.some((read) => overlapping(atom, read))) return true;
    if (!atom.field.endsWith('.$life')) return false;
    // A free writes every strong reference to its row.
    const fields = this.strong.get(atom.field.slice(0, -'.$life'.length)) ?? [];
    return reads.some(({ field }) => fields.includes(field));
  }
}

/** Conditions at which an essential process is at rest. */
function idleWaits({ program }: CompiledSystem): number[] {
  return program.processes.flatMap(({ essential, resumes }) => {
    if (!essential) return [];
    return resumes.flatMap(({ spec, node, idle }) => {
      const op = program.specs[spec]?.nodes[node]?.op;
      return idle && op?.kind === 'wait' ? [op.spec] : [];
    });
  });
}
