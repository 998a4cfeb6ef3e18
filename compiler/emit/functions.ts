/**
 * From a graph of code to a JavaScript function, or to several if one would be too large to be optimised.
 *
 * In: vertices, the names of locals. Out: text of module level. Never: a function much longer than it may be.
 *
 * A large body is cut into pieces of a `switch` in a loop each; its locals then live in variables of the module, which
 * is why functions that can call themselves are not cut.
 */
import { straighten, structure, type Vertex } from './structure.ts';

/** Longest body, in characters, that becomes one function. V8 optimises up to 60 KB of bytecode, and well far below. */
export const bodyMax = 9000;

export interface FunctionParts {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Names of variables, other than parameters, that start as 0. */
  readonly locals: readonly string[];
  /** Statements before the body. */
  readonly head: string;
  readonly vertices: readonly Vertex[];
  readonly entry: number;
  /** Run whenever a loop goes round. */
  readonly round: string;
  /** It may run while it runs. */
  readonly recursive: boolean;
  /** Longest body that is not cut: `bodyMax`, or less in tests. */
  readonly longest: number;
}

export function functionText(parts: FunctionParts): string {
  const { name, parameters, locals, head, vertices, entry, round, recursive, longest } = parts;
  const body = structure(vertices, entry, round);
  if (body.length > longest && !recursive) return piecesText(parts);
  const declared = locals.length === 0 ? '' : `let ${locals.map((local) => `${local}=0`).join(',')};`;
  return `function ${name}(b${parameters.map((parameter) => `,${parameter}`).join('')}){${declared}${head}${body}}\n`;
}

/** `s` is the vertex to run; -1 that the function returns what is in `Q`. */
function piecesText({ name, parameters, locals, head, vertices, entry, round, longest }: FunctionParts): string {
  const order = straighten(vertices, entry, longest / 6);
  const number = new Map(order.map(({ id }, k) => [id, k]));
  const shared = (text: string): string => text.replace(/\b([vz]\d+)\b/g, `${name}$1`);
  const go = (from: number, to: number): string => {
    const k = number.get(to) ?? -1;
    return `${k <= from ? round : ''}s=${k};continue;`;
  };
  const cases = order.map(({ vertex: { code, exit } }, k) => {
    const leave = shared(code.replace(/\breturn ([^;]*);/g, '{Q=$1;return -1;}'));
    if (exit.kind === 'end') return `case ${k}:{${leave}}\n`;
    if (exit.kind === 'goto') return `case ${k}:{${leave}${exit.text}${go(k, exit.to)}}\n`;
    return `case ${k}:{${leave}if(${shared(exit.cond)}){${exit.yesText}${go(k, exit.yes)}}else{${exit.noText}${go(k, exit.no)}}}\n`;
  });
  const pieces: { readonly from: number; text: string }[] = [];
  cases.forEach((text, k) => {
    const last = pieces.at(-1);
    if (last === undefined || last.text.length + text.length > (2 * longest) / 3) pieces.push({ from: k, text });
    else last.text += text;
  });
  const functions = pieces.map(({ text }, k) => `function ${name}p${k}(b,s){for(;;)switch(s){${text}default:return s}}\n`);
  const calls = pieces.map((_, k) => {
    const next = pieces[k + 1];
    return next === undefined ? `s=${name}p${k}(b,s);` : `if(s<${next.from})s=${name}p${k}(b,s);else `;
  });
  const variables = [...parameters, ...locals];
  const declared = variables.length === 0 ? '' : `let ${variables.map((variable) => shared(variable)).join(',')};\n`;
  const start = [...parameters.map((p) => `${shared(p)}=${p};`), ...locals.map((local) => `${shared(local)}=0;`)].join('');
  const main = `function ${name}(b${parameters.map((parameter) => `,${parameter}`).join('')}){${start}${shared(head)}let s=0;for(;;){${calls.join('')}if(s<0)return Q}}\n`;
  return declared + functions.join('') + main;
}
