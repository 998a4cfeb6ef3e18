/**
 * Conditional compilation, resolved in place: what is left out becomes blanks, so that lines and columns stay what they are.
 */

/** Deepest nesting of conditions that is followed. */
const depthLimit = 100;

/**
 * `lines` of a file with all conditions resolved for `defined`: lines that are not compiled, and the directives of conditions themselves, are blank.
 * Other directives stay. Definitions in the file count from where they stand, unless `defined` has the name already.
 */
export function resolveConditions(lines: readonly string[], defined: ReadonlyMap<string, string>): string[] {
  const macros = new Map(defined);
  const resolved: string[] = [];
  /** Per open condition: whether its branch is compiled, and whether any branch of it was. */
  const open: { active: boolean; taken: boolean }[] = [];
  const active = (): boolean => open.every((one) => one.active);
  for (let at = 0; at < lines.length; at += 1) {
    const first = lines[at] ?? '';
    const own = [first];
    const isDirective = /^\s*#/.test(first);
    while (isDirective && /\\\s*$/.test(own.at(-1) ?? '') && at + 1 < lines.length) {
      at += 1;
      own.push(lines[at] ?? '');
    }
    const text = own
      .map((one) => one.replace(/\\\s*$/, ' '))
      .join(' ')
      .replace(/\/\*.*?\*\//g, ' ')
      .replace(/\/\/.*$/, '');
    const [, word = '', rest = ''] = (isDirective ? /^\s*#\s*(\w+)\s*(.*)$/.exec(text) : null) ?? [];
    const innermost = open.at(-1);
    let keep = active();
    switch (word) {
      case 'if':
      case 'ifdef':
      case 'ifndef': {
        if (open.length >= depthLimit) return lines.map((line) => ' '.repeat(line.length));
        const holds = keep && (word === 'if' ? truth(rest, macros) : macros.has(rest.trim()) === (word === 'ifdef'));
        open.push({ active: holds, taken: holds });
        keep = false;
        break;
      }
      case 'elif':
      case 'else':
        if (innermost !== undefined) {
          open.pop();
          const holds = active() && !innermost.taken && (word === 'else' || truth(rest, macros));
          open.push({ active: holds, taken: innermost.taken || holds });
        }
        keep = false;
        break;
      case 'endif':
        open.pop();
        keep = false;
        break;
      case 'define': {
        const match = keep ? /^([A-Za-z_]\w*)(\(?)(.*)$/.exec(rest) : null;
        if (match !== null && match[2] === '' && !defined.has(match[1] ?? '')) macros.set(match[1] ?? '', (match[3] ?? '').trim());
        break;
      }
      case 'undef':
        if (keep && !defined.has(rest.trim())) macros.delete(rest.trim());
        break;
      default:
    }
    for (const line of own) resolved.push(keep ? line : ' '.repeat(line.length));
  }
  return resolved;
}

/** Value of a condition of the preprocessor; what cannot be read is false. */
function truth(text: string, macros: ReadonlyMap<string, string>): boolean {
  const words = text.match(/[A-Za-z_]\w*|\d\w*|&&|\|\||[!=<>]=|[()!<>+*/%-]|\S/g) ?? [];
  let at = 0;
  let depth = 0;
  const next = (): string => words[at++] ?? '';
  const number = (word: string, hops: number): number => {
    if (/^\d/.test(word)) return Number(word.replace(/[uUlL]+$/, '')) || 0;
    const value = macros.get(word);
    return value === undefined || hops > 8 ? 0 : value === '' ? 1 : /^[\w]+$/.test(value) ? number(value, hops + 1) : 0;
  };
  const name = (): string => {
    const bracketed = words[at] === '(';
    if (bracketed) at += 1;
    const word = next();
    if (bracketed) at += 1;
    return word;
  };
  const primary = (): number => {
    depth += 1;
    if (depth > 200) return 0;
    const word = next();
    if (word === '!') return primary() === 0 ? 1 : 0;
    if (word === '(') {
      const value = either();
      at += 1;
      return value;
    }
    if (word === 'defined') return macros.has(name()) ? 1 : 0;
    if (word === 'IS_ENABLED' || word === 'IS_REACHABLE' || word === 'IS_BUILTIN') return number(name(), 0) === 0 ? 0 : 1;
    return number(word, 0);
  };
  const compared = (): number => {
    let left = primary();
    while (['==', '!=', '<', '>', '<=', '>='].includes(words[at] ?? '')) {
      const operator = next();
      const right = primary();
      const holds: Readonly<Record<string, boolean>> = {
        '==': left === right,
        '!=': left !== right,
        '<': left < right,
        '>': left > right,
        '<=': left <= right,
        '>=': left >= right,
      };
      left = holds[operator] === true ? 1 : 0;
    }
    return left;
  };
  const both = (): number => {
    let left = compared();
    while (words[at] === '&&') {
      at += 1;
      const right = compared();
      left = left !== 0 && right !== 0 ? 1 : 0;
    }
    return left;
  };
  const either = (): number => {
    let left = both();
    while (words[at] === '||') {
      at += 1;
      const right = both();
      left = left !== 0 || right !== 0 ? 1 : 0;
    }
    return left;
  };
  return either() !== 0;
}
