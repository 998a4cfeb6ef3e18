/**
 * Free choices and labels: choices of one step as a mixed-radix code, the first choice least significant.
 *
 * In: counts, in the order in which they are met. Out: values, codes. Never: which statement asks.
 */
import { FaultSignal } from './values.ts';

export interface Choices {
  take(count: number): number;
}

/** Bits of a label that the choice code has. */
const codeBits = 24;

export function labelOf(process: number, code: number): number {
  return process | (code << 8);
}
export function processOfLabel(label: number): number {
  return label & 0xff;
}
export function codeOfLabel(label: number): number {
  return label >>> 8;
}

/** How many codes there are after one more choice. Throws FaultSignal if a label cannot hold them. */
function grown(weight: number, count: number): number {
  if (weight * count > 2 ** codeBits) throw new FaultSignal('bound', `of ${codeBits} bits for the choices of one step`);
  return weight * count;
}

/** Answers from a code. `rest` is not 0 at the end if the step has no such code. */
export class CodeChoices implements Choices {
  rest: number;
  #weight = 1;
  constructor(code: number) {
    this.rest = code;
  }
  take(count: number): number {
    this.#weight = grown(this.#weight, count);
    const value = this.rest % count;
    this.rest = Math.floor(this.rest / count);
    return value;
  }
}

/** Goes through all answers, one run after another: the last choice changes first. */
export class AllChoices implements Choices {
  #values: number[] = [];
  #counts: number[] = [];
  #used = 0;
  #weight = 1;

  take(count: number): number {
    this.#weight = grown(this.#weight, count);
    const at = this.#used++;
    this.#values[at] ??= 0;
    this.#counts[at] = count;
    return this.#values[at] ?? 0;
  }

  /** The code of the run that just ended. */
  code(): number {
    let code = 0;
    let weight = 1;
    for (let k = 0; k < this.#used; k++) {
      code += (this.#values[k] ?? 0) * weight;
      weight *= this.#counts[k] ?? 1;
    }
    return code;
  }

  /** Prepares the next run; false if there is none. */
  advance(): boolean {
    let at = this.#used - 1;
    while (at >= 0 && (this.#values[at] ?? 0) + 1 >= (this.#counts[at] ?? 1)) at--;
    if (at < 0) return false;
    this.#values = [...this.#values.slice(0, at), (this.#values[at] ?? 0) + 1];
    this.#counts = this.#counts.slice(0, at);
    this.#used = 0;
    this.#weight = 1;
    return true;
  }
}
