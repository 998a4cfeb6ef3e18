/**
 * The dispatcher: all steps of all processes from one state.
 *
 * In: regions, tests. Out: `expand(b, out, n)` and the functions below it. Never: a large function.
 *
 * A process is looked up by its program counter; its test is evaluated on the parent; only then the state is copied and
 * the region run on the copy. Regions that may fault, choose, vanish or go on elsewhere get a function of their own
 * around them; the others are run in place.
 */
import { readText } from './columns.ts';
import type { EmitContext } from './context.ts';
import type { Region } from './regions.ts';
import type { Test } from './tests.ts';
import { constant } from './values.ts';

/** Longest text of one dispatching function, in characters. */
const textMax = 5000;

export interface Attempt {
  readonly region: Region;
  readonly test: Test | null;
}

/** Attempts by process and program counter; null for "ended". */
export function emitDispatcher(attempts: readonly (readonly (Attempt | null)[])[], context: EmitContext, successorsMax: number): string {
  const out: string[] = [copyFunction(context.layout.words)];
  const done = new Set<number>();
  const processes = attempts.map((points, process) => {
    const cases: { pc: number; text: string; locals: readonly string[] }[] = [];
    points.forEach((attempt, pc) => {
      if (attempt === null) return;
      if (!done.has(attempt.region.id)) {
        done.add(attempt.region.id);
        out.push(runner(attempt.region, context, successorsMax));
      }
      cases.push({ pc, text: attemptText(attempt, process, context), locals: attempt.test?.locals ?? [] });
    });
    return processText(cases, process, context, out);
  });
  out.push(...grouped(processes));
  return out.join('');
}

interface Piece {
  readonly text: string;
  readonly locals: readonly string[];
}

/** The attempts of one process: a switch on the program counter, cut into functions if it is long. */
function processText(
  cases: readonly { pc: number; text: string; locals: readonly string[] }[],
  process: number,
  context: EmitContext,
  out: string[],
): Piece {
  const column = context.layout.programCounters[process];
  if (column === undefined) throw new Error(`no program counter of process ${process}`);
  const counter = readText(column, constant(0));
  const locals = [...new Set(cases.flatMap((one) => one.locals))];
  const [only] = cases;
  if (only === undefined) return { text: '', locals: [] };
  if (cases.length === 1) return { text: column.bits === 0 ? only.text : `if(${counter}===${only.pc}){${only.text}}\n`, locals };
  const chunks = chunked(cases, (one) => one.text.length + 12);
  const body = (chunk: typeof cases): string => `{${chunk.map((one) => `case ${one.pc}:${one.text}break;`).join('\n')}}`;
  if (chunks.length === 1) return { text: `switch(${counter})${body(cases)}\n`, locals };
  const calls = chunks.map((chunk, k) => {
    const name = `p${process}_${k}`;
    const own = [...new Set(chunk.flatMap((one) => one.locals))];
    out.push(
      `function ${name}(b,out,n,k){${own.length === 0 ? '' : `let ${own.map((x) => `${x}=0`).join(',')};`}switch(k)${body(chunk)}return n}\n`,
    );
    const last = chunk.at(-1)?.pc ?? 0;
    return k === chunks.length - 1 ? `n=${name}(b,out,n,k);` : `if(k<=${last})n=${name}(b,out,n,k);else `;
  });
  return { text: `{const k=${counter};${calls.join('')}}\n`, locals: [] };
}

/** Processes packed into functions of bounded length, and `expand` that calls them. */
function grouped(processes: readonly Piece[]): string[] {
  const groups = chunked(
    processes.filter((piece) => piece.text !== ''),
    (piece) => piece.text.length,
  );
  const functions = groups.map((group, k) => {
    const locals = [...new Set(group.flatMap((piece) => piece.locals))];
    const declared = locals.length === 0 ? '' : `let ${locals.map((x) => `${x}=0`).join(',')};`;
    return `function g${k}(b,out,n){${declared}\n${group.map((piece) => piece.text).join('')}return n}\n`;
  });
  const calls = groups.map((_, k) => `n=g${k}(b,out,n);`).join('');
  return [...functions, `function expand(b,out){let n=0;${calls}return n}\n`];
}

function chunked<T>(items: readonly T[], length: (item: T) => number): T[][] {
  const chunks: T[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const item of items) {
    if (size + length(item) > textMax) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(item);
    size += length(item);
  }
  return chunks;
}

function isPlain(region: Region): boolean {
  return !(region.raises || region.chooses || region.vanishes || region.continues);
}

/** How a region is run from the dispatcher, where it is not plain: a function (b, out, n) that gives the new n. */
function runner(region: Region, context: EmitContext, successorsMax: number): string {
  if (isPlain(region)) return '';
  const { id, process } = region;
  const { words } = context.layout;
  const attempt = region.raises
    ? `function t${id}(b){try{return r${id}(b)}catch(e){return caught(e)}}\n`
    : `function t${id}(b){return r${id}(b)}\n`;
  const onward = region.continues ? 'while(x>0)x=go(x,o);' : '';
  const { chooses } = region;
  const label = chooses ? `${process}|code()<<8` : String(process);
  const run = `const o=out+n*${words};cp(b,o);W=0;N=0;D=0;${chooses ? 'CI=0;CP=1;' : ''}let x=t${id}(o);${onward}`;
  const keep = `if(x!==-1){L[n]=${label};T[n]=x===-2?U(F):0;V[n]=W;n++}`;
  const body = chooses ? `CL=0;do{if(n>=${successorsMax})O();${run}${keep}}while(advance());` : `${run}${keep}`;
  return `${attempt}function h${id}(b,out,n){S=${process};${body}return n}\n`;
}

function attemptText({ region, test }: Attempt, process: number, context: EmitContext): string {
  const run = isPlain(region) ? plainText(region, process, context) : `n=h${region.id}(b,out,n);`;
  return test === null ? run : `if(${test.condition}){${run}}`;
}

function plainText(region: Region, process: number, context: EmitContext): string {
  const { words } = context.layout;
  const before = `${region.usesSelf ? `S=${process};` : ''}${region.violates ? 'W=0;' : ''}${region.loops || region.calls ? 'N=0;D=0;' : ''}`;
  const scale = words === 1 ? 'n' : `n*${words}`;
  const report = `L[n]=${process};T[n]=0;V[n]=${region.violates ? 'W' : '0'};n++;`;
  return `{const o=out+${scale};${copyText(words)}${before}r${region.id}(o);${report}}`;
}

/** Copies the state at b to o, in place if it is short. */
function copyText(words: number): string {
  if (words > 4) return 'cp(b,o);';
  return Array.from({ length: words }, (_, k) => (k === 0 ? 'M[o]=M[b];' : `M[o+${k}]=M[b+${k}];`)).join('');
}
function copyFunction(words: number): string {
  if (words > 48) return `function cp(b,o){for(let k=0;k<${words};k++)M[o+k]=M[b+k]}\n`;
  return `function cp(b,o){${Array.from({ length: words }, (_, k) => (k === 0 ? 'M[o]=M[b];' : `M[o+${k}]=M[b+${k}];`)).join('')}}\n`;
}
