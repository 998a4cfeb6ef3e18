/**
 * What lowering remembers of functions while it goes over them again and again: a few rounds until it is known which of them lower, the tree as
 * it was and as it is, with other callers and callees each time.
 *
 * In: what a function asked of its surroundings while it was lowered. Out: what became of it, as long as the same questions have the same
 * answers. Never: a result that another answer could change; one of another machine, version, or tree of macros: a memory is made for one of each.
 */
import type { CNode } from '../c/node.ts';
import type { Names } from './context.ts';
import type { FunctionBody, Signature } from './environment.ts';
import type { Unmodelled } from './problems.ts';

/** The surroundings of a function that may differ from one time to the next; all else that `Names` has stays as it is. */
type Surroundings = Pick<Names, 'imported' | 'declared' | 'bodies' | 'pure' | 'bindings'>;
type Question = 'imported' | 'declared' | 'body' | 'pure' | 'ignorable';

interface Answer {
  readonly question: Question;
  readonly name: string;
  readonly answer: unknown;
}
interface Kept<R> {
  readonly answers: readonly Answer[];
  readonly result: R;
}

/** Results of one function that are kept. */
const keptResults = 4;

/** `F`: functions as they were parsed; `R`: what becomes of them. */
export class LoweringMemory<F extends object, R> {
  /** C expressions of bindings and macros, and statements of macros, by text. */
  readonly expressions = new Map<string, CNode>();
  readonly statements = new Map<string, readonly CNode[] | null>();
  readonly #results = new Map<F, readonly Kept<R>[]>();
  readonly #signatures = new WeakMap<F, Signature | Unmodelled>();
  /** By what they say, so that those of both sides of a patch are one. */
  readonly #same = new Map<string, Signature>();
  readonly #bodies = new WeakMap<F, FunctionBody>();

  /** The function's signature, or what it lacks, found by `find` the first time. */
  signatureOf(one: F, find: () => Signature | Unmodelled): Signature | Unmodelled {
    const known = this.#signatures.get(one);
    if (known !== undefined) return known;
    const found = find();
    const shared = 'why' in found ? found : this.#shared(found);
    this.#signatures.set(one, shared);
    return shared;
  }

  bodyOf(one: F, make: () => FunctionBody): FunctionBody {
    const known = this.#bodies.get(one);
    if (known !== undefined) return known;
    const made = make();
    this.#bodies.set(one, made);
    return made;
  }

  /** What `lower` gives with these names, or gave when each of its questions had the answer that it has now. */
  lowered<N extends Surroundings>(one: F, names: N, lower: (names: N) => R): R {
    const before = this.#results.get(one) ?? [];
    const found = before.find(({ answers }) => answers.every(({ question, name, answer }) => answerOf(names, question, name) === answer));
    if (found !== undefined) return found.result;
    const asked = new Map<string, Answer>();
    const result = lower({ ...names, ...watched(names, asked) });
    this.#results.set(one, [{ answers: [...asked.values()], result }, ...before.slice(0, keptResults - 1)]);
    return result;
  }

  #shared(signature: Signature): Signature {
    const text = JSON.stringify(signature, (_, value: unknown) => (value instanceof Set ? [...value] : value));
    const known = this.#same.get(text) ?? signature;
    this.#same.set(text, known);
    return known;
  }
}

function answerOf({ imported, declared, bodies, pure, bindings }: Surroundings, question: Question, name: string): unknown {
  switch (question) {
    case 'imported':
      return imported.get(name);
    case 'declared':
      return declared.get(name);
    case 'body':
      return bodies.get(name);
    case 'pure':
      return pure.has(name);
    case 'ignorable':
      return bindings.isIgnorableCall(name);
  }
}

/** The same surroundings; what they are asked is noted, with the answer. */
function watched({ imported, declared, bodies, pure, bindings }: Surroundings, asked: Map<string, Answer>): Surroundings {
  const noting =
    <T>(question: Question, ask: (name: string) => T) =>
    (name: string): T => {
      const answer = ask(name);
      asked.set(`${question} ${name}`, { question, name, answer });
      return answer;
    };
  const get = noting('imported', (name) => imported.get(name));
  return {
    imported: { get, has: (name) => get(name) !== undefined },
    declared: { get: noting('declared', (name) => declared.get(name)) },
    bodies: { get: noting('body', (name) => bodies.get(name)) },
    pure: { has: noting('pure', (name) => pure.has(name)) },
    bindings: { ...bindings, isIgnorableCall: noting('ignorable', (name) => bindings.isIgnorableCall(name)) },
  };
}
