/**
 * The loops of a round, in the small language of generated code, for threads whose systems share the memory of a module.
 *
 * In: what does not change during a search. Out: text for `NativeCode.link`, beside `commonText`. Never: an order; that comes of the keys.
 *
 * Names are those of `kernelText.ts`, and besides: `arenas` + worker * `gap` is where an arena lies, `found` the round
 * table, of `mask` + 1 words; `numbers` masks what of a slot is a number. What the words of a record are, and why, is in `records.ts`.
 */
import { type CommonShape, commonText, control, eachWord, home, sameText, tableText } from '../visited/kernelText.ts';
import { field, homeShift, type RecordLayout } from './records.ts';

export interface RoundShape extends CommonShape {
  readonly layout: RecordLayout;
  readonly worker: number;
  readonly keyBits: number;
  /** For tests: no atomic minimum. */
  readonly noMinimum: boolean;
}

/** Words of CB behind those of `kernelText.ts`. */
export const roundControl = { violated: 8, met: 9 } as const;

export function roundText(shape: RoundShape): string {
  return [
    commonText(shape),
    'let arenas=0,gap=0,found=0,mask=0,numbers=0;\n',
    'function setRound(a,b,c,d,e){arenas=a;gap=b;found=c;mask=d;numbers=e;return 0}\n',
    writeText(shape),
    siftText(shape),
    addText(shape),
    placeText(shape),
    moveText,
    checkText(shape),
    'return{set,setRound,expandFrom,sift,add,place,move,checkRecords};',
  ].join('');
}

/** Words of record number `o`, and whether it is that of the state `f` of hash `h` (and `g`). */
function recordText({ layout: { workerBits, stride } }: RoundShape): string {
  return `arenas+(o&${2 ** workerBits - 1})*gap+(o>>>${workerBits})*${stride}|0`;
}
function isRecord(shape: RoundShape): string {
  const { words, exact } = shape;
  return `Z[r+${field.hash}]===h&&${exact ? sameText(words, field.state) : `Z[r+${field.high}]===g`}`;
}

/** A walk over the slots of the round table from the home of `h` on; `s` is the slot, `e` what is in it. */
function walkRound(text: string): string {
  return `for(let s=h>>>${homeShift}&mk;;s=s+1&mk){let e=Atomics.load(Z,fo+s);${text}}`;
}

/**
 * Leaves in BF which states of the batch the table of all states does not have. Returns how many. All slots are read first, and what these lead to, so
 * that misses overlap.
 */
function siftText({ exact, stride, words }: RoundShape): string {
  const probe = exact
    ? `for(let k=0;k<n;k++){const h=BH[k];let s=${home('h')};while(Z[s+1]!==0&&Z[s]!==h)s=s+2|0;BI[k]=s;t=t^Z[st+(Z[s+1]-1)*${stride}]}`
    : '';
  const isThere = exact ? `Z[s]===h){const r=st+(e-1)*${stride}|0;if(${sameText(words)})break}` : 'Z[s]===h&&e===BI[k])break;';
  const hashed = exact ? 'BH[k]=hash(BO[k])|0' : 'const g=hashAgain(BO[k])|0;BH[k]=hash(BO[k])|0;BI[k]=g===0?1:g';
  return `function sift(n){${tableText}const st=states;
let t=0,missing=0;
for(let k=0;k<n;k++){${hashed}}
for(let k=0;k<n;k++)t=t^Z[${home('BH[k]')}];
${probe}
sum=t;
for(let k=0;k<n;k++){const h=BH[k],f=BO[k];
for(let s=${exact ? 'BI[k]' : home('h')};;s=s+2|0){const e=Z[s+1];if(e===0){BF[missing]=k;missing++;break}if(${isThere}}}
return missing}
`;
}

/** Writes the record at `w`. */
function writeText({ exact, words, layout }: RoundShape): string {
  const high = exact ? '' : `Z[w+${field.high}]=BI[k];`;
  return `function write(w,k,key,number){const f=BO[k];
Z[w+${field.least}]=key;Z[w+${layout.key}]=key;Z[w+${field.hash}]=BH[k];${high}${eachWord(words, (word) => `Z[w+${field.state}+${word}]=M[f+${word}];`)}
Z[w+${layout.first}]=number;Z[w+${layout.label}]=BL[k];return 0}
`;
}

/**
 * Gives the first `count` of BF records from number `records` on, where nobody has one of as small a key. A record is written before its number is
 * put into the round table by one exchange, which makes it visible. Returns the number of records afterwards.
 */
function addText(shape: RoundShape): string {
  const { exact, layout, worker, keyBits, noMinimum } = shape;
  const written = 'if(written===0){write(w,k,key,number);written=1}';
  const lower = noMinimum
    ? ''
    : 'let least=Atomics.load(Z,r);while(key<least){const was=Atomics.compareExchange(Z,r,least,key);if(was===least){records++;break}least=was}';
  const put = walkRound(
    `if(e===0){${written}e=Atomics.compareExchange(Z,fo+s,0,mine);if(e===0){records++;break}}
if(((e^h)&~nu)!==0)continue;
const o=(e&nu)-1|0,r=${recordText(shape)};
if(${isRecord(shape)}){if(key<Z[r]){${written}Z[w+${layout.first}]=o;${lower}}break}`,
  );
  return `function add(count,records,first){const fo=found,mk=mask,nu=numbers,own=arenas+${worker}*gap|0;
for(let m=0;m<count;m++){const k=BF[m],h=BH[k],key=BP[k]-first<<${keyBits}|k,f=BO[k]${exact ? '' : ',g=BI[k]'},w=own+records*${layout.stride}|0,number=records<<${layout.workerBits}|${worker},mine=h&~nu|number+1;
let written=0;
${put}}
return records}
`;
}

/** Takes a slot for `h` and `e`; all that are put at the same time are different. */
const putText = `let s=${home('h')};while(Z[s+1]!==0||Atomics.compareExchange(Z,s+1,0,e)!==0)s=s+2|0;Z[s]=h;`;

/** Puts the winners among the records from `from` to below `end` (words) at their ids. All are different, so nothing is compared. */
function placeText({ exact, words, stride, linkStride, keyBits, layout }: RoundShape): string {
  const { stride: step, id, key, label } = layout;
  return `function place(from,end,first){${tableText}const st=states,li=links;let t=0;
for(let b=from;b<end;b=b+${step}|0)if(Z[b+${id}]>=0)t=t^Z[${home(`Z[b+${field.hash}]`)}];
sum=t;
for(let b=from;b<end;b=b+${step}|0){const id=Z[b+${id}];if(id>=0){const h=Z[b+${field.hash}],e=${exact ? 'id+1|0' : `Z[b+${field.high}]`};
${putText}
const r=st+id*${stride}|0,q=li+id*${linkStride}|0;
${eachWord(words, (word) => `Z[r+${word}]=Z[b+${field.state}+${word}];`)}
Z[q]=first+(Z[b+${key}]>>>${keyBits})|0;Z[q+1]=Z[b+${label}]}}
return 0}
`;
}

/**
 * Checks the winners among records from word `at` to below `end`. Stops at one that violates or meets something, which CB then says, and returns its
 * first word; else `end`.
 */
function checkText({ toMeet, layout: { stride, id } }: RoundShape): string {
  return `function checkRecords(at,end){let all=CB[${control.reached}],stop=0;
while(at<end&&stop===0){if(Z[at+${id}]>=0){const v=check(at+${field.state}|0)&${~toMeet},r=reached();all=all|r;
if((v|r&${toMeet})!==0){CB[${roundControl.violated}]=v;CB[${roundControl.met}]=r&${toMeet};stop=1}}
if(stop===0)at=at+${stride}|0}
CB[${control.reached}]=all;return at}
`;
}

/** Spreads the slots from word `at` to below `end`, whose places in the table are all behind these. */
const moveText = `function move(at,end){${tableText}while(at<end){const h=Z[at],e=Z[at+1];if(e!==0){Z[at]=0;Z[at+1]=0;${putText}}at=at+2|0}
return 0}
`;
