/**
 * `#define`s that the model has its own idea of: requests, of which the flags are behaviour and the number is not, and numbers that it scales.
 */
import type { Bindings } from '../bindings/schema.ts';
import type { DefineText } from '../c/extract.ts';
import { tokensOf } from '../c/tokens.ts';
import type { LowerEnvironment } from '../lower/environment.ts';
import { printable } from '../mail/unreadable.ts';

export interface RequestDefine {
  readonly name: string;
  /** Names of its flags, e.g. `KVM_REQUEST_WAIT`. */
  readonly flags: readonly string[];
  readonly line: number;
  readonly hunk: number;
}

/** The request that a define makes, or null if it makes none (`KVM_ARCH_REQ(n)`, `KVM_ARCH_REQ_FLAGS(n, A | B)`). */
export function requestDefine(define: DefineText): RequestDefine | null {
  const match =
    /^\(?KVM_(?:ARCH_)?REQ(?:_FLAGS)?\(\s*\d+\s*(?:,([^()]*))?\)\)?$/.exec(define.body) ??
    /^\(?\s*\d+\s*((?:\|\s*KVM_REQUEST_\w+\s*)*)\)?$/.exec(define.body);
  if (match === null || !define.name.startsWith('KVM_REQ_')) return null;
  const tokens = tokensOf([{ text: match[1] ?? '', line: define.line, column: 1, hunk: define.hunk, change: define.change }]);
  if (!tokens.every((token) => token.kind === 'word' || token.text === '|')) return null;
  return {
    name: define.name,
    flags: tokens.filter((token) => token.kind === 'word').map((token) => token.text),
    line: define.line,
    hunk: define.hunk,
  };
}

/** The request's value in the model: the model's number, the patch's flags. Null if the model has not got one of them. */
export function requestValue(request: RequestDefine, { constants }: Pick<LowerEnvironment, 'constants'>): number | null {
  const own = constants.get(request.name);
  const mask = constants.get('KVM_REQUEST_MASK');
  if (own === undefined || mask === undefined) return null;
  let value = own.value & mask.value;
  for (const flag of request.flags) {
    const bit = constants.get(flag);
    if (bit === undefined) return null;
    value |= bit.value;
  }
  return value >>> 0;
}

/** Names of flags that the model's request has and the patch's has not, or the other way round. */
export function changedFlags(request: RequestDefine, { constants }: Pick<LowerEnvironment, 'constants'>): string[] {
  const own = constants.get(request.name)?.value ?? 0;
  const number = constants.get('KVM_REQUEST_MASK')?.value ?? 0;
  const named = [...constants].filter(([name]) => /^KVM_REQUEST_(?!MASK$)/.test(name));
  return named.filter(([name, { value }]) => ((own & ~number & value) !== 0) !== request.flags.includes(name)).map(([name]) => name);
}

/** Whether the texts of two macros are one number, however it is spelled: `10`, `(10)`, `0xaU`. */
export function isSameNumber(a: string, b: string): boolean {
  const [first, second] = [numberOf(a), numberOf(b)];
  return first !== null && first === second;
}

function numberOf(body: string): number | null {
  const match = /^\(*\s*(0x[\da-f]+|[1-9]\d*|0)[ul]*\s*\)*$/i.exec(body);
  return match === null ? null : Number(match[1]);
}

/**
 * Why nothing is said of a macro whose text is another now, and of which the model has its own idea. `was`: its text before; undefined: there
 * was none, or it is not shown.
 */
export function fixedMacro(
  { name, body }: Pick<DefineText, 'name' | 'body'>,
  was: string | undefined,
  bindings: Bindings,
  constants: LowerEnvironment['constants'],
): string {
  const scaled = bindings.scaledMacros.get(name);
  const own = scaled === undefined ? undefined : constants.get(scaled.constant);
  if (scaled === undefined || own === undefined) return 'is a macro whose meaning the model has fixed';
  const change = was === undefined ? `it is ${printable(body, 40)}` : `${printable(was, 40)} becomes ${printable(body, 40)}`;
  return `is a size that the model scales: in the tree ${change}, in the model it is ${own.value} before and after, so no run tells them apart. It decides ${scaled.decides}`;
}
