/**
 * What is known of each function so far, over scenarios, and the report that becomes of it.
 *
 * In: findings. Out: the report. Never: `same` where anything was cut.
 */
import type { Position } from '../../compiler/index.ts';
import type { KernelTree, TreeImportFunction } from '../../patches/index.ts';
import type { Abstraction } from './abstractions.ts';
import type { ConformReport, ConformVerdict, Difference } from './report.ts';

interface Known {
  readonly source: TreeImportFunction;
  readonly model: Position;
  /** Entry states, by scenario. */
  readonly entries: Map<string, number>;
  readonly open: Set<string>;
  readonly abstracted: Set<string>;
  misfit: string | null;
  difference: Difference | null;
  /** Compared functions of which it was a part. */
  readonly callers: Set<string>;
}

/** Reasons that are listed of one function. */
const reasonsMax = 3;

export class Records {
  readonly #tree: KernelTree;
  readonly #abstractions: readonly Abstraction[];
  readonly #needed = new Set<Abstraction>();
  readonly #known = new Map<string, Known>();

  constructor(tree: KernelTree, abstractions: readonly Abstraction[]) {
    this.#tree = tree;
    this.#abstractions = abstractions.filter((one) => holdsFor(one, tree.version));
  }

  /** The function is imported, and the model has a procedure of its name. */
  has(source: TreeImportFunction, model: Position): void {
    const name = source.procedure?.name ?? source.name;
    if (!this.#known.has(name))
      this.#known.set(name, {
        source,
        model,
        entries: new Map(),
        open: new Set(),
        abstracted: new Set(),
        misfit: null,
        difference: null,
        callers: new Set(),
      });
  }
  misfit(name: string, reason: string): void {
    const known = this.#known.get(name);
    if (known !== undefined) known.misfit ??= reason;
  }
  /** Counts a state in which it is called, and gives how many there are in this scenario. */
  entry(name: string, scenario: string): number {
    const { entries } = this.#of(name);
    const count = (entries.get(scenario) ?? 0) + 1;
    entries.set(scenario, count);
    return count;
  }
  entered(name: string, scenario: string): boolean {
    return this.#of(name).entries.has(scenario);
  }
  open(name: string, reason: string): void {
    this.#of(name).open.add(reason);
  }
  differs(name: string, difference: Difference): void {
    this.#of(name).difference ??= difference;
  }
  /** `callees` were run as parts of it. */
  within(name: string, callees: ReadonlySet<string>): void {
    for (const callee of callees) this.#known.get(callee)?.callers.add(name);
  }

  /** Those that hold for the function that is compared, with those that run as parts of it. */
  abstractionsOf(compared: string, parts: ReadonlySet<string>): readonly Abstraction[] {
    return this.#abstractions.filter(
      ({ functions, alone }) => functions.includes(compared) || (alone !== true && functions.some((name) => parts.has(name))),
    );
  }
  /** `name` was found to be the same only because of it. */
  need(one: Abstraction, name: string): void {
    this.#needed.add(one);
    this.#of(name).abstracted.add(abstractionText(one));
  }

  /** `whole`: nothing was left out, so that what is not needed is known. */
  report({ scenarios, interrupted, whole }: { scenarios: readonly string[]; interrupted: boolean; whole: boolean }): ConformReport {
    const functions = [...this.#known.values()].map((known): ConformReport['functions'][number] => {
      const { source, model, entries, difference } = known;
      return {
        name: source.name,
        at: { file: source.file, line: source.line },
        model: { file: model.file, line: model.line },
        verdict: verdictOf(known),
        entries: [...entries.values()].reduce((sum, one) => sum + one, 0),
        scenarios: [...entries.keys()],
        reason: reasonOf(known),
        difference,
        abstracted: [...known.abstracted],
      };
    });
    const count = (verdict: ConformVerdict): number => functions.filter((one) => one.verdict === verdict).length;
    return {
      tree: this.#tree.name,
      version: this.#tree.version?.text ?? null,
      scenarios: [...scenarios],
      interrupted,
      functions,
      unused: whole ? this.#abstractions.filter((one) => !this.#needed.has(one)).map(abstractionText) : [],
      counts: {
        same: count('same'),
        differs: count('differs'),
        incomplete: count('incomplete'),
        'within callers': count('within callers'),
        'not comparable': count('not comparable'),
        'not reached': count('not reached'),
      },
    };
  }

  #of(name: string): Known {
    const known = this.#known.get(name);
    if (known === undefined) throw new Error(`${name} was not told of`);
    return known;
  }
}

function verdictOf({ entries, open, misfit, difference, callers }: Known): ConformVerdict {
  if (difference !== null) return 'differs';
  if (open.size > 0) return 'incomplete';
  if (entries.size > 0) return 'same';
  if (callers.size > 0) return 'within callers';
  return misfit === null ? 'not reached' : 'not comparable';
}

function reasonOf(known: Known): string | null {
  const { open, misfit, callers } = known;
  switch (verdictOf(known)) {
    case 'incomplete':
      return [...open].slice(0, reasonsMax).join('; ');
    case 'within callers':
      return `${misfit ?? 'is not called by itself'}; run as part of ${[...callers].sort().join(', ')}`;
    case 'not comparable':
      return misfit;
    case 'not reached':
      return 'no scenario calls it';
    default:
      return null;
  }
}

function abstractionText({ functions, leaves, because }: Abstraction): string {
  return `${functions.join(', ')}: ${leavesText(leaves)}: ${because}`;
}

function leavesText(leaves: Abstraction['leaves']): string {
  switch (leaves.what) {
    case 'result':
      return `result ${leaves.tree} where the model has ${leaves.model}`;
    case 'answers':
      return `ways of the ${leaves.of} in which "${leaves.choice}" is answered ${leaves.value} while ${leaves.lock.field} is ${leaves.lock.is}`;
    case 'calls':
      return `calls of ${leaves.procedures.join(', ')}`;
    case 'parameters':
      return `what is left in ${leaves.names.join(', ')}`;
    default:
      return `${leaves.what} of ${leaves.fields.join(', ')}`;
  }
}

type Version = { readonly major: number; readonly minor: number };
function holdsFor({ from, until }: Abstraction, version: Version | null): boolean {
  if (version === null) return true;
  const at = (text: string): number => {
    const [major = 0, minor = 0] = text.split('.').map(Number);
    return major * 1000 + minor;
  };
  const own = version.major * 1000 + version.minor;
  return (from === undefined || at(from) <= own) && (until === undefined || own <= at(until));
}
