/**
 * The inner loops of a search, in the small language of generated code, for systems that run in a module.
 *
 * In: what does not change during a search. Out: text for `NativeCode.link`. Never: what a search does only now and then; that is
 * written once, in TypeScript, and the loops stop where it is needed.
 *
 * Z is all memory as words; M L T V are the system's. BO BP BL BH BI BF are the columns of the batch (`Batch`), BN BV BR what
 * checks found, CB is `control`, GL GH hold the slots of one cluster while the table grows. A slot is two words; slots lie in the order of their hashes and never wrap round:
 * behind the last home there are `tail` more. `states` + id * `stride` is where a state lies, `links` + id * `linkStride` its parent and label.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { lanes } from './hash.ts';

export interface CommonShape {
  /** Words of a state. */
  readonly words: number;
  readonly exact: boolean;
  /** Words from one state to the next, and from one link to the next. */
  readonly stride: number;
  readonly linkStride: number;
  /** First word of the system's buffer among all words. */
  readonly buffer: number;
  /** First word of the system's buffer behind which no parent's successors may begin. */
  readonly lastOut: number;
  /** Bit sets of processes: all, and the essential ones. */
  readonly processes: number;
  readonly essentials: number;
  /** Word and mask of locks, in turn: held if a bit of them is set. */
  readonly lockBits: readonly number[];
  /** Bits of properties whose predicate is to be met, and not to hold. */
  readonly toMeet: number;
}

export interface KernelShape extends CommonShape {
  /** Slots of a cluster that can be kept aside. */
  readonly clusterMax: number;
}

/** What a search says about the states of its system. */
export type StateFacts = Pick<CommonShape, 'processes' | 'essentials' | 'lockBits' | 'toMeet'>;

export function shapeOf({ words, buffer, successorsMax }: Searched, exact: boolean, facts: StateFacts): CommonShape {
  const lastOut = buffer.length - successorsMax * words;
  const stride = exact ? words + 2 : words;
  return { ...facts, words, exact, stride, linkStride: exact ? words + 2 : 2, buffer: buffer.byteOffset / 4, lastOut };
}

/** A system of which a set is made. */
export type Searched = Pick<CompiledSystem, 'words' | 'buffer' | 'successorsMax'>;

/** Words of CB. */
export const control = { count: 0, out: 1, made: 2, transitions: 3, notable: 4, reached: 5, slots: 6 } as const;

/** Above this loops over the words of a state are loops. */
const unrolledMax = 48;

/** What is known of the set; how states are hashed (`hash`, `hashAgain` of fingerprints), parents expanded (`expandFrom`), long states compared (`same`). */
export function commonText(shape: CommonShape): string {
  return [
    'let table=0,shift=0,quarters=0,states=0,links=0,sum=0;\n',
    'function set(a,b,c,d,e){table=a;shift=b;quarters=c;states=d;links=e;return 0}\n',
    shape.exact && shape.words >= strandsFrom ? strandsText(shape.words) : hashText('hash', 'low', shape.words),
    shape.exact ? '' : hashText('hashAgain', 'high', shape.words),
    expandText(shape),
    shape.exact && shape.words > unrolledMax
      ? `function same(f,r){for(let i=0;i<${shape.words};i++)if(Z[r+i]!==M[f+i])return 0;return 1}\n`
      : '',
  ].join('');
}

export function kernelText(shape: KernelShape): string {
  return [
    commonText(shape),
    lookText(shape),
    insertText(shape),
    siftText(shape),
    checkText(shape),
    growText(shape),
    shape.exact ? findText(shape) : '',
    `return{set,expandFrom,insert,sift,checkFresh,grow,put,hash${shape.exact ? ',find' : ''}};`,
  ].join('');
}

/** What `homeOf` needs, in locals: globals are read from memory each time. */
export const tableText = 'const tb=table,sh=shift,qu=quarters;';

/** The first word of the slot from which on a hash is sought. The engine puts no function in the place of its call. */
export function home(hash: string): string {
  return `(tb+2*(Math.imul(${hash}>>>sh,qu)>>>2)|0)`;
}

/** `text` for each word of a state: one after the other, or as a loop over `i`. */
export function eachWord(words: number, text: (word: string) => string): string {
  if (words > unrolledMax) return `for(let i=0;i<${words};i++){${text('i')}}`;
  return Array.from({ length: words }, (_, word) => text(String(word))).join('');
}

/** As `hashWords` and `hashWordsAgain`, of the state at M[p]. */
function hashText(name: string, lane: keyof typeof lanes, words: number): string {
  const { seed, first, turn, second, turnAgain, add, shifts, mix } = lanes[lane];
  const round = (word: string): string =>
    `k=Math.imul(M[p+${word}],${first});k=k<<${turn}|k>>>${32 - turn};h=h^Math.imul(k,${second});h=h<<${turnAgain}|h>>>${32 - turnAgain};h=Math.imul(h,5)+${add}|0;`;
  const [a, b, c] = shifts;
  const end = `h=h^h>>>${a};h=Math.imul(h,${mix[0]});h=h^h>>>${b};h=Math.imul(h,${mix[1]});return h^h>>>${c}`;
  return `function ${name}(p){let h=${seed},k=0;${eachWord(words, round)}${end}}\n`;
}

/** Words from which on `strandsText` takes less time: half of it at 40 words. */
const strandsFrom = 16;
/** Variables of the text. */
const strands = ['h', 'c', 'd', 'e'];

/**
 * A hash of wide states for sets that compare whole states, and so need less of it than fingerprints: no word waits for more than a quarter of those before
 * it, and each takes one product. No two bits of two words cancel each other; three may. In the end the strands are hashed as words are.
 */
export function strandsText(words: number): string {
  const { seed, first, second, turn, shifts, mix } = lanes.low;
  const round = (strand: string, word: string): string =>
    `${strand}=Math.imul(${strand}^${word},${first});${strand}=${strand}^${strand}>>>15;`;
  const four = (from: string): string => strands.map((strand, k) => round(strand, `M[p+${from}${k}]`)).join('');
  const even = words - (words % 4);
  const quads = Array.from({ length: even / 4 }, (_, k) => strands.map((strand, i) => round(strand, `M[p+${4 * k + i}]`)).join('')).join(
    '',
  );
  const rest = Array.from({ length: words % 4 }, (_, k) => round(strands[k] as string, `M[p+${even + k}]`)).join('');
  const body = words > unrolledMax ? `for(let i=0;i<${even};i=i+4){${four('i+')}}` : quads;
  const joined = ['c', 'd', 'e'].map((strand) => `h=Math.imul((h<<${turn}|h>>>${32 - turn})^${strand},${second});`).join('');
  const [a, b, c] = shifts;
  const end = `h=h^h>>>${a};h=Math.imul(h,${mix[0]});h=h^h>>>${b};h=Math.imul(h,${mix[1]});return h^h>>>${c}`;
  return `function hash(p){let h=${seed},c=${first},d=${second},e=${mix[0]};${body}${rest}${joined}${end}}\n`;
}

/**
 * Expands parents from `parent` on, below `end`, while there is room; what they lead to goes into the batch. Stops behind a parent about which
 * there is more to say (`notable`): no step, or none of an essential process; a step that ended or violated something; processes that may
 * wait for each other. Returns the next parent.
 */
function expandText({ words, stride, buffer, lastOut, processes, essentials, lockBits }: CommonShape): string {
  const locked = Array.from({ length: lockBits.length / 2 }, (_, k) => `M[${lockBits[2 * k]}]&${lockBits[2 * k + 1]}`).join('|');
  const waiting = `if((${locked})!==0){const w=~able&${processes};if((w&w-1)!==0)notable=1}`;
  return `function expandFrom(parent,end){
let n=CB[${control.count}],o=CB[${control.out}],t=0,notable=0,made=0;
while(parent<end&&o<=${lastOut}&&notable===0){
let p=states+parent*${stride}|0,able=0;
${eachWord(words, (word) => `M[${word}]=Z[p+${word}];`)}
made=expand(${buffer},o+${buffer}|0);t=t+made|0;
for(let k=0;k<made;k++){const l=L[k];able=able|1<<(l&255);const ended=T[k];
if((ended|V[k])!==0)notable=1;
if(ended===0){BO[n]=o+k*${words};BP[n]=parent;BL[n]=l;n++}}
if(made===0${essentials === 0 ? '' : `||(able&${essentials})===0`})notable=1;
${locked === '' ? '' : waiting}
o=o+made*${words}|0;parent++}
CB[${control.count}]=n;CB[${control.out}]=o;CB[${control.made}]=made;CB[${control.transitions}]=t;CB[${control.notable}]=notable;
return parent}
`;
}

/** Inserts the batch behind `count` states. Returns how many were new. */
function insertText({ words, exact, stride, linkStride }: KernelShape): string {
  const kept = `{const q=li+id*${linkStride}|0;Z[q]=BP[k];Z[q+1]=BL[k]}{const r=st+id*${stride}|0;${eachWord(words, (word) => `Z[r+${word}]=M[f+${word}];`)}}BF[made]=k;made++;id++;break`;
  const place = exact
    ? `const e=Z[s+1];if(e===0){Z[s]=h;Z[s+1]=id+1;${kept}}
if(Z[s]===h){const r=st+(e-1)*${stride}|0;if(${sameText(words)})break}`
    : `const c=Z[s+1];if(Z[s]===h&&c===g)break;if(c===0){Z[s]=h;Z[s+1]=g;${kept}}`;
  return `function insert(n,count){${tableText}const st=states,li=links;
look(n);
let made=0,id=count;
for(let k=0;k<n;k++){const h=BH[k],f=BO[k]${exact ? '' : ',g=BI[k]'};
for(let s=${exact ? 'BI[k]' : home('h')};;s=s+2|0){${place}}}
return made}
`;
}

/**
 * Hashes the batch, reads the slots of all its states, and then the states to which these lead, so that the misses overlap. Leaves in BI the
 * slot that has the hash, or is empty (of fingerprints: their second half).
 */
function lookText({ exact, stride }: KernelShape): string {
  const hashes = exact ? 'BH[k]=hash(BO[k])|0' : 'const g=hashAgain(BO[k])|0;BH[k]=hash(BO[k])|0;BI[k]=g===0?1:g';
  // An empty slot leads to the record before the first: always the same line.
  const probe = exact
    ? `for(let k=0;k<n;k++){const h=BH[k];let s=${home('h')};while(Z[s+1]!==0&&Z[s]!==h)s=s+2|0;BI[k]=s;t=t^Z[st+(Z[s+1]-1)*${stride}]}`
    : '';
  return `function look(n){${tableText}const st=states;
for(let k=0;k<n;k++){${hashes}}
let t=0;
for(let k=0;k<n;k++)t=t^Z[${home('BH[k]')}];
${probe}
sum=t;return 0}
`;
}

/** Leaves in BF which of the batch are not there. Returns how many. */
function siftText({ words, exact, stride }: KernelShape): string {
  const found = exact ? `Z[s]===h){const r=states+(e-1)*${stride}|0;if(${sameText(words)})break}` : 'Z[s]===h&&e===g)break;';
  return `function sift(n){${tableText}look(n);let out=0;
for(let k=0;k<n;k++){const h=BH[k],f=BO[k],g=BI[k];
for(let s=${home('h')};;s=s+2|0){const e=Z[s+1];if(e===0){BF[out]=k;out++;break}if(${found}}}
return out}
`;
}

/** The state at M[f] is that at Z[r + from]. */
export function sameText(words: number, from = 0): string {
  if (words > unrolledMax) return `same(f,r+${from}|0)!==0`;
  return Array.from({ length: words }, (_, word) => `Z[r+${from + word}]===M[f+${word}]`).join('&&');
}

/** Checks new states: `made` of the batch. What they are found to violate or to meet is left
 * in BN (number among the new), BV and BR. Returns how many. */
function checkText({ buffer, toMeet }: KernelShape): string {
  return `function checkFresh(made){let found=0,all=CB[${control.reached}];
for(let k=0;k<made;k++){const f=BO[BF[k]],v=check(f+${buffer}|0)&${~toMeet},r=reached();all=all|r;
if((v|r&${toMeet})!==0){BN[found]=k;BV[found]=v;BR[found]=r&${toMeet};found++}}
CB[${control.reached}]=all;return found}
`;
}

/**
 * Spreads the slots, of which there were `old`, over a table that `set` has made larger. From the end on, cluster by cluster: no home moves down, so
 * what was put in its place never lies on what is still to be moved. Returns -1 if a cluster is too long. `put` puts one slot into its place.
 */
function growText({ clusterMax }: KernelShape): string {
  const empty = (at: string): string => `Z[${at}+1]===0`;
  return `function put(h,g){${tableText}let s=${home('h')};while(!(${empty('s')}))s=s+2|0;Z[s]=h;Z[s+1]=g;return 0}
function grow(old){let s=table+2*old-2|0;
while(s>=table){
if(${empty('s')}){s=s-2|0;continue}
let n=0;
while(s>=table&&!(${empty('s')})){if(n===${clusterMax})return -1;GL[n]=Z[s];GH[n]=Z[s+1];Z[s]=0;Z[s+1]=0;n++;s=s-2|0}
while(n>0){n--;put(GL[n],GH[n])}}
return 0}
`;
}

/** The id of the state at M[f], or -1. */
function findText({ words, stride }: KernelShape): string {
  return `function find(f){${tableText}const h=hash(f);for(let s=${home('h')};;s=s+2|0){const e=Z[s+1];if(e===0)return -1;if(Z[s]===h){const r=states+(e-1)*${stride}|0;if(${sameText(words)})return e-1|0}}}
`;
}
