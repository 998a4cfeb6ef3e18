/**
 * Answers of predicates, remembered by what the predicates read.
 *
 * In: a function of a state that only reads. Out: one that gives the same, and looks it up where it can. Never: another answer: all that was
 * read is compared.
 *
 * Steps change a few words, and predicates read others or the same few values again and again: a thousand answers are nearly all. A slot of `B`
 * is: 1 if it is filled, the words that were read (under their masks), the properties violated, those in scope.
 */
import type { EmitContext } from './context.ts';
import type { Reads } from './reads.ts';

/** Slots of one function, as a power of 2. Measured on five scenarios at medium bounds: with 64 a fifth is not found, with 1024 a twentieth at most. */
const slotBits = 10;
/** What a look-up costs beside a node of a predicate: this much, and this much for each word. */
const workOfLookup = 4;
const workOfWord = 2;

/** Whether looking an answer up is less work than finding it. */
export function isWorthRemembering({ masks, work }: Reads): boolean {
  return masks.size > 0 && work > workOfLookup + workOfWord * masks.size;
}

/** Text of `function name(b)`, which gives what `asked(b)` gives and leaves in `H` what that leaves there. */
export function rememberingFunction(name: string, asked: string, { masks }: Reads, context: EmitContext): string {
  const words = [...masks].sort(([a], [b]) => a - b);
  const length = words.length + 3;
  const from = context.rememberedWords;
  context.rememberedWords += length << slotBits;
  const read = words.map(([word, mask], k) => `k${k}=M[b+${word}]${mask === -1 ? '' : `&${mask}`}`);
  // Only the top bits are used: what comes late has to reach them, too.
  const mixed = words.map((_, k) => `h=Math.imul((h<<15|h>>>17)^k${k},${multiplier});`).join('');
  const same = words.map((_, k) => `&&B[s+${k + 1}]===k${k}`).join('');
  const kept = words.map((_, k) => `B[s+${k + 1}]=k${k};`).join('');
  const [violated, reached] = [`B[s+${length - 2}]`, `B[s+${length - 1}]`];
  return `function ${name}(b){${read.length === 0 ? '' : `const ${read.join(',')};`}let h=0;${mixed}const s=${from}+(h>>>${32 - slotBits})*${length};
if(B[s]!==0${same}){H=${reached};return ${violated}}
const x=${asked}(b);B[s]=1;${kept}${violated}=x;${reached}=H;return x}
`;
}

/** Odd, and without a pattern in its bits. */
const multiplier = 0x9e3779b1;
