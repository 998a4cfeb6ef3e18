/**
 * Random sequential programs, as text of the subset and as plain JavaScript that means the same.
 *
 * In: a tape of numbers that makes every choice, so that fast-check shrinks it. Out: both texts.
 * Never: a fault: divisors are odd constants, indices are masked, loops count.
 */
import { array, bits, describeMachine, flag, singletonTable, staticTable } from '../machine/schema.ts';

export const sequentialMachine = describeMachine({
  vm: singletonTable({ a: bits(8), on: flag(), arr: array(bits(4), 2) }),
  rows: staticTable(2, { f: bits(8), arr: array(bits(32), 2) }),
});

const types = ['u32', 's32', 'u8', 's16'] as const;
type Type = (typeof types)[number];
const widths: Record<Type, number> = { u32: 32, s32: 32, u8: 8, s16: 16 };
/** As C: the wider; at equal width the unsigned one. */
function meet(a: Type, b: Type): Type {
  if (widths[a] !== widths[b]) return widths[a] > widths[b] ? a : b;
  return a.startsWith('u') ? a : b;
}

/** The same thing in both languages. */
interface Both {
  readonly ts: string;
  readonly js: string;
}
interface Typed extends Both {
  readonly type: Type;
}

/** What the plain JavaScript begins with: wrapping into a type, and the state. */
export const javascriptPrelude = `
const wrap = (type, x) => { const w = { u32: 32n, s32: 32n, u8: 8n, s16: 16n, b4: 4n, b8: 8n }[type]; x = BigInt(x); return Number(type[0] === 's' ? BigInt.asIntN(Number(w), x) : BigInt.asUintN(Number(w), x)); };
const big = (type, op, a, b) => { a = BigInt(a); b = BigInt(b); return wrap(type, op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : op === '/' ? a / b : op === '%' ? a % b : op === '&' ? a & b : op === '|' ? a | b : op === '^' ? a ^ b : op === '<<' ? a << (b & 31n) : a >> (b & 31n)); };
const vm = { a: 0, on: false, arr: [0, 0] };
const rows = [{ f: 0, arr: [0, 0] }, { f: 0, arr: [0, 0] }];
const rowAt = (_table, i) => i;
`;

export class SequentialProgram {
  readonly #tape: readonly number[];
  #at = 0;
  #names = 0;
  #ints: { name: string; type: Type; writable: boolean }[] = [];
  #bools: { name: string; writable: boolean }[] = [];
  #loops: { label: string; continuable: boolean }[] = [];
  #depth = 0;
  /** Kinds of construct that were made, so that a test can show that all were. */
  readonly made = new Set<string>();

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  /** `main(x: u32, y: s32): u32` and what it calls. */
  text(): Both {
    const helper = `
interface Pair { left: u32; right: s16 }
function bump(n: Out<u32>, by: u32): u32 { const before: u32 = n.value; n.value += by; vm.a = n.value; return before; }
function turn(p: Pair): bool { const old = p.left; p.left = p.right as u32; p.right = old as s16; return old !== p.left; }
`;
    const helperJs = `
function bump(n, by) { const before = n.value; n.value = big('u32', '+', n.value, by); vm.a = wrap('b8', n.value); return before; }
function turn(p) { const old = p.left; p.left = wrap('u32', p.right); p.right = wrap('s16', old); return old !== p.left; }
`;
    this.#ints = [
      { name: 'x', type: 'u32', writable: true },
      { name: 'y', type: 's32', writable: true },
      { name: 'n.value', type: 'u32', writable: true },
      { name: 'p.left', type: 'u32', writable: true },
      { name: 'p.right', type: 's16', writable: true },
    ];
    const body = this.#statements(6);
    const result = this.#int(2);
    return {
      ts: `${helper}export function main(x: u32, y: s32): u32 {
  const n: Out<u32> = { value: x };
  const p: Pair = { left: 3, right: -2 };
${body.ts}  return ${result.ts} as u32;
}
`,
      js: `${javascriptPrelude}${helperJs}function main(x, y) {
  const n = { value: x };
  const p = { left: 3, right: -2 };
${body.js}  return wrap('u32', ${result.js});
}
`,
    };
  }

  #pick(count: number): number {
    const value = this.#tape[this.#at++] ?? 0;
    return value % count;
  }
  #make<T>(kind: string, value: T): T {
    this.made.add(kind);
    return value;
  }

  #statements(most: number): Both {
    const [ints, bools] = [this.#ints.length, this.#bools.length];
    const parts: Both[] = [];
    for (let n = this.#pick(most) + 1; n > 0; n--) parts.push(this.#statement());
    this.#ints.length = ints;
    this.#bools.length = bools;
    return { ts: parts.map((part) => part.ts).join(''), js: parts.map((part) => part.js).join('') };
  }

  #statement(): Both {
    this.#depth++;
    const deep = this.#depth > 3;
    const kind = this.#pick(deep ? 6 : 13);
    const made = [
      () => this.#assign(),
      () => this.#compound(),
      () => this.#store(),
      () => this.#declare(),
      () => this.#jump(),
      () => this.#flags(),
      () => this.#if(),
      () => this.#if(),
      () => this.#for(),
      () => this.#while(),
      () => this.#doWhile(),
      () => this.#block(),
      () => this.#alias(),
    ][kind];
    const statement = made === undefined ? this.#assign() : made();
    this.#depth--;
    return statement;
  }

  #assign(): Both {
    const targets = this.#ints.filter((local) => local.writable);
    const target = targets[this.#pick(targets.length)];
    if (target === undefined) return { ts: '', js: '' };
    const value = this.#int(3);
    return this.#make('assign', { ts: `${target.name} = ${value.ts};\n`, js: `${target.name} = wrap('${target.type}', ${value.js});\n` });
  }
  #compound(): Both {
    const targets = this.#ints.filter((local) => local.writable);
    const target = targets[this.#pick(targets.length)];
    if (target === undefined) return { ts: '', js: '' };
    const { name, type } = target;
    if (this.#pick(3) === 0) return this.#make('++', { ts: `${name}++;\n`, js: `${name} = big('${type}', '+', ${name}, 1);\n` });
    const value = this.#int(2);
    const operator = ['+', '-', '*', '&', '|', '^'][this.#pick(6)] ?? '+';
    const both = meet(type, value.type);
    return this.#make('op=', {
      ts: `${name} ${operator}= ${value.ts};\n`,
      js: `${name} = wrap('${type}', big('${both}', '${operator}', ${name}, ${value.js}));\n`,
    });
  }
  #field(): Typed & { readonly store: string } {
    const index = this.#int(1);
    const row = { ts: `rowAt(rows, ${index.ts} & 1)`, js: `(${index.js} & 1)` };
    const fields = [
      { ts: 'vm.a', js: 'vm.a', type: 'u32', store: 'b8' },
      { ts: `vm.arr[${index.ts} & 1]`, js: `vm.arr[${index.js} & 1]`, type: 'u32', store: 'b4' },
      { ts: `rows[${row.ts}].f`, js: `rows[${row.js}].f`, type: 'u32', store: 'b8' },
      { ts: `rows[${row.ts}].arr[${index.ts} & 1]`, js: `rows[${row.js}].arr[${index.js} & 1]`, type: 'u32', store: 'u32' },
    ] as const;
    return fields[this.#pick(4)] ?? fields[0];
  }
  #store(): Both {
    const field = this.#field();
    const value = this.#int(2);
    // In JavaScript the place is evaluated once, too: into a function of the value.
    return this.#make('store', { ts: `${field.ts} = ${value.ts};\n`, js: `${field.js} = wrap('${field.store}', ${value.js});\n` });
  }
  #declare(): Both {
    const name = `v${this.#names++}`;
    if (this.#pick(3) === 0) {
      const value = this.#bool(3);
      this.#bools.push({ name, writable: true });
      return this.#make('let bool', { ts: `let ${name}: bool = ${value.ts};\n`, js: `let ${name} = ${value.js};\n` });
    }
    const value = this.#int(3);
    const type = types[this.#pick(types.length)] ?? 'u32';
    this.#ints.push({ name, type, writable: true });
    return this.#make('let int', { ts: `let ${name}: ${type} = ${value.ts};\n`, js: `let ${name} = wrap('${type}', ${value.js});\n` });
  }
  #flags(): Both {
    const value = this.#bool(3);
    const targets = ['vm.on', ...this.#bools.map((local) => local.name)];
    const target = targets[this.#pick(targets.length)] ?? 'vm.on';
    const operator = ['=', '||=', '&&='][this.#pick(3)] ?? '=';
    return this.#make(`flag ${operator}`, { ts: `${target} ${operator} ${value.ts};\n`, js: `${target} ${operator} ${value.js};\n` });
  }
  #jump(): Both {
    const loop = this.#loops[this.#pick(Math.max(1, this.#loops.length))];
    if (loop === undefined) return this.#assign();
    const word = loop.continuable && this.#pick(2) === 0 ? 'continue' : 'break';
    const condition = this.#bool(2);
    const text = (cond: string): string => `if (${cond}) ${word} ${loop.label};\n`;
    return this.#make(word, { ts: text(condition.ts), js: text(condition.js) });
  }

  #if(): Both {
    const condition = this.#bool(3);
    const then = this.#statements(3);
    if (this.#pick(2) === 0) return this.#make('if', both(['if (', ') {\n', '}\n'], condition, then));
    return this.#make('else', both(['if (', ') {\n', '} else {\n', '}\n'], condition, then, this.#statements(3)));
  }
  #for(): Both {
    const name = `i${this.#names++}`;
    const label = `f${this.#names++}`;
    this.#ints.push({ name, type: 'u32', writable: false });
    const body = this.#inLoop(label, true, () => this.#statements(3));
    this.#ints.pop();
    return this.#make('for', {
      ts: `${label}: for (let ${name}: u32 = 0; ${name} < 3; ${name}++) {\n${body.ts}}\n`,
      js: `${label}: for (let ${name} = 0; ${name} < 3; ${name}++) {\n${body.js}}\n`,
    });
  }
  #while(): Both {
    const name = `w${this.#names++}`;
    const label = `l${this.#names++}`;
    const condition = this.#bool(2);
    const body = this.#inLoop(label, true, () => this.#statements(3));
    return this.#make('while', {
      ts: `let ${name}: u32 = 0;\n${label}: while (${name} < 3 && (${condition.ts})) {\n${name} += 1;\n${body.ts}}\n`,
      js: `let ${name} = 0;\n${label}: while (${name} < 3 && (${condition.js})) {\n${name} += 1;\n${body.js}}\n`,
    });
  }
  #doWhile(): Both {
    const name = `w${this.#names++}`;
    const label = `d${this.#names++}`;
    const body = this.#inLoop(label, true, () => this.#statements(3));
    const condition = this.#bool(2);
    return this.#make('do', {
      ts: `let ${name}: u32 = 0;\n${label}: do {\n${name}++;\n${body.ts}} while (${name} < 3 && (${condition.ts}));\n`,
      js: `let ${name} = 0;\n${label}: do {\n${name}++;\n${body.js}} while (${name} < 3 && (${condition.js}));\n`,
    });
  }
  #block(): Both {
    const label = `b${this.#names++}`;
    const body = this.#inLoop(label, false, () => this.#statements(3));
    return this.#make('block', { ts: `${label}: {\n${body.ts}}\n`, js: `${label}: {\n${body.js}}\n` });
  }
  #alias(): Both {
    const name = `r${this.#names++}`;
    const index = this.#int(1);
    const value = this.#int(1);
    return this.#make('alias', {
      ts: `{ const ${name} = rows[rowAt(rows, ${index.ts} & 1)]; ${name}.arr[1] = ${value.ts}; ${name}.f = ${name}.arr[0]; }\n`,
      js: `{ const ${name} = rows[${index.js} & 1]; ${name}.arr[1] = wrap('u32', ${value.js}); ${name}.f = wrap('b8', ${name}.arr[0]); }\n`,
    });
  }
  #inLoop(label: string, continuable: boolean, body: () => Both): Both {
    this.#loops.push({ label, continuable });
    const made = body();
    this.#loops.pop();
    return made;
  }

  #int(depth: number): Typed {
    const kind = this.#pick(depth > 0 ? 9 : 2);
    switch (kind) {
      case 0: {
        const found = this.#ints[this.#pick(this.#ints.length)];
        return found === undefined ? { ts: '(7 as u32)', js: '7', type: 'u32' } : { ts: found.name, js: found.name, type: found.type };
      }
      case 1: {
        const type = types[this.#pick(types.length)] ?? 'u32';
        const value = [1, 2, 100, 127][this.#pick(4)] ?? 1;
        return { ts: `(${value} as ${type})`, js: String(value), type };
      }
      case 2:
        return this.#make('load', this.#field());
      case 3: {
        const by = this.#int(depth - 1);
        return this.#make('call', { ts: `bump(n, ${by.ts})`, js: `bump(n, wrap('u32', ${by.js}))`, type: 'u32' });
      }
      case 4: {
        const condition = this.#bool(depth - 1);
        const [a, b] = [this.#int(depth - 1), this.#int(depth - 1)];
        const type = meet(a.type, b.type);
        return this.#make('?:', {
          ts: `(${condition.ts} ? ${a.ts} : ${b.ts})`,
          js: `(${condition.js} ? wrap('${type}', ${a.js}) : wrap('${type}', ${b.js}))`,
          type,
        });
      }
      case 5: {
        const a = this.#int(depth - 1);
        const type = types[this.#pick(types.length)] ?? 'u32';
        return this.#make('as', { ts: `(${a.ts} as ${type})`, js: `wrap('${type}', ${a.js})`, type });
      }
      case 6: {
        const a = this.#int(depth - 1);
        const operator = this.#pick(2) === 0 ? '-' : '~';
        return this.#make('unary', { ts: `(${operator}${a.ts})`, js: `wrap('${a.type}', ${operator}${a.js})`, type: a.type });
      }
      default: {
        const a = this.#int(depth - 1);
        const operator = ['+', '-', '*', '&', '|', '^', '<<', '>>', '/', '%'][this.#pick(10)] ?? '+';
        if (operator === '<<' || operator === '>>' || operator === '/' || operator === '%') {
          const amount = [1, 3, 7][this.#pick(3)] ?? 1;
          return this.#make(operator, {
            ts: `(${a.ts} ${operator} ${amount})`,
            js: `big('${a.type}', '${operator}', ${a.js}, ${amount})`,
            type: a.type,
          });
        }
        const b = this.#int(depth - 1);
        const type = meet(a.type, b.type);
        return this.#make(operator, {
          ts: `(${a.ts} ${operator} ${b.ts})`,
          js: `big('${type}', '${operator}', wrap('${type}', ${a.js}), wrap('${type}', ${b.js}))`,
          type,
        });
      }
    }
  }

  #bool(depth: number): Both {
    const kind = this.#pick(depth > 0 ? 7 : 2);
    switch (kind) {
      case 0:
        return { ts: 'vm.on', js: 'vm.on' };
      case 1: {
        const found = this.#bools[this.#pick(Math.max(1, this.#bools.length))];
        return found === undefined ? { ts: 'true', js: 'true' } : { ts: found.name, js: found.name };
      }
      case 2:
        return this.#make('turn', { ts: 'turn(p)', js: 'turn(p)' });
      case 3:
        return this.#make('!', both(['!(', ')'], this.#bool(depth - 1)));
      case 4: {
        const operator = ['===', '!==', '<', '<=', '>', '>='][this.#pick(6)] ?? '<';
        const [a, b] = [this.#int(depth - 1), this.#int(depth - 1)];
        const type = meet(a.type, b.type);
        return this.#make(operator, {
          ts: `${a.ts} ${operator} ${b.ts}`,
          js: `wrap('${type}', ${a.js}) ${operator} wrap('${type}', ${b.js})`,
        });
      }
      case 5:
        return this.#make('&&', both(['(', ') && (', ')'], this.#bool(depth - 1), this.#bool(depth - 1)));
      default:
        return this.#make('||', both(['(', ') || (', ')'], this.#bool(depth - 1), this.#bool(depth - 1)));
    }
  }
}

function both(around: readonly string[], ...parts: readonly Both[]): Both {
  const join = (language: 'ts' | 'js'): string => around.map((text, i) => text + (parts[i]?.[language] ?? '')).join('');
  return { ts: join('ts'), js: join('js') };
}
