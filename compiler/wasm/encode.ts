/**
 * WebAssembly's binary format, as far as it is used here.
 *
 * In: bodies of functions, their types, globals, what is imported and exported. Out: bytes. Never: what the code means.
 */

export type NumberType = 'i32' | 'i64';

/** Bytes that grow. */
export class Bytes {
  private data = new Uint8Array(1024);
  length = 0;

  byte(...values: readonly number[]): void {
    for (const value of values) {
      if (this.length === this.data.length) this.grow(1);
      this.data[this.length++] = value;
    }
  }

  /** LEB128 without sign. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** LEB128 with sign. */
  signed(value: bigint): void {
    let rest = value;
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
        this.byte(low);
        return;
      }
      this.byte(low | 0x80);
    }
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.unsigned(bytes.length);
    this.byte(...bytes);
  }

  append(other: Bytes): void {
    if (this.length + other.length > this.data.length) this.grow(other.length);
    this.data.set(other.data.subarray(0, other.length), this.length);
    this.length += other.length;
  }

  /** The other bytes after their number. */
  sized(other: Bytes): void {
    this.unsigned(other.length);
    this.append(other);
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.data.slice(0, this.length);
  }

  private grow(by: number): void {
    const larger = new Uint8Array(2 * (this.data.length + by));
    larger.set(this.data);
    this.data = larger;
  }
}

export const opcode = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  load: 0x28,
  loadUnsigned64: 0x35,
  load64: 0x29,
  store: 0x36,
  store64: 0x37,
  /** Before the number of an operator on 128 bits. */
  wide: 0xfd,
  /** Before the number of an access that is one for all threads. */
  atomic: 0xfe,
  const: { i32: 0x41, i64: 0x42 },
  notAboveUnsigned64: 0x58,
  isZero: { i32: 0x45, i64: 0x50 },
  leadingZeros: 0x67,
  wrap: 0xa7,
  extendSigned: 0xac,
  extendUnsigned: 0xad,
} as const;

/** Numbers behind `opcode.wide`. */
export const wideOpcode = { load: 0x00, store: 0x0b } as const;

/** Numbers behind `opcode.atomic`, of 32 bits. */
export const atomicOpcode = { load: 0x10, compareExchange: 0x48 } as const;

/** Opcodes of two operands of one type. */
export const arithmetic = {
  '+': { i32: 0x6a, i64: 0x7c },
  '-': { i32: 0x6b, i64: 0x7d },
  '*': { i32: 0x6c, i64: 0x7e },
  '/': { i32: 0x6d, i64: 0x7f },
  '%': { i32: 0x6f, i64: 0x81 },
  '&': { i32: 0x71, i64: 0x83 },
  '|': { i32: 0x72, i64: 0x84 },
  '^': { i32: 0x73, i64: 0x85 },
  '<<': { i32: 0x74, i64: 0x86 },
  '>>': { i32: 0x75, i64: 0x87 },
  '>>>': { i32: 0x76, i64: 0x88 },
  '===': { i32: 0x46, i64: 0x51 },
  '!==': { i32: 0x47, i64: 0x52 },
  '<': { i32: 0x48, i64: 0x53 },
  '>': { i32: 0x4a, i64: 0x55 },
  '<=': { i32: 0x4c, i64: 0x57 },
  '>=': { i32: 0x4e, i64: 0x59 },
} as const;

export const blockType = { none: 0x40, i32: 0x7f, i64: 0x7e } as const;

export interface Signature {
  readonly parameters: readonly NumberType[];
  readonly result: NumberType;
}
export interface EncodedFunction {
  readonly signature: Signature;
  readonly locals: readonly NumberType[];
  readonly code: Bytes;
  /** Name for the surroundings, if they call it. */
  readonly exported: string | null;
}
export interface ModuleParts {
  /** Imported as `env.<name>`, numbered before the others. */
  readonly imported: readonly { readonly name: string; readonly signature: Signature }[];
  readonly functions: readonly EncodedFunction[];
  /** Numbered from 1: number 0 is `ownGlobal`. */
  readonly globals: readonly { readonly type: NumberType; readonly initial: number }[];
  /** Numbers of functions; the table has room for one more before them. */
  readonly table: readonly number[];
  /** Pages of the memory `env.memory`, which is shared: at least, at most. */
  readonly pages: readonly [number, number];
}

/** Number of the global, imported as `env.own`, that says at which byte an instance has arrays of its own. It never changes. */
export const ownGlobal = 0;

/** Number of the type of functions in the table: one 32-bit number to another. */
export const tableType = 1;
const tableSignature: Signature = { parameters: ['i32'], result: 'i32' };

/** A module; what it throws is of tag 0, without a value. */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const types = new Bytes();
  const numbers = new Map<string, number>();
  const typeOf = (signature: Signature): number => {
    const key = `${signature.parameters.join()}:${signature.result}`;
    const old = numbers.get(key);
    if (old !== undefined) return old;
    types.byte(0x60);
    types.unsigned(signature.parameters.length);
    for (const parameter of signature.parameters) types.byte(blockType[parameter]);
    types.byte(1, blockType[signature.result]);
    numbers.set(key, numbers.size + 1);
    return numbers.size;
  };
  // Number 0 is the tag's: nothing to nothing.
  types.byte(0x60, 0, 0);
  typeOf(tableSignature);

  const imports = new Bytes();
  imports.unsigned(parts.imported.length + 2);
  imports.text('env');
  imports.text('memory');
  imports.byte(2, 3);
  for (const bound of parts.pages) imports.unsigned(bound);
  imports.text('env');
  imports.text('own');
  imports.byte(3, blockType.i32, 0);
  for (const { name, signature } of parts.imported) {
    imports.text('env');
    imports.text(name);
    imports.byte(0);
    imports.unsigned(typeOf(signature));
  }

  const functions = listOf(parts.functions, (out, { signature }) => out.unsigned(typeOf(signature)));
  const code = listOf(parts.functions, (out, one) => {
    const body = new Bytes();
    body.append(listOf(runs(one.locals), (list, { type, count }) => list.append(declared(type, count))));
    body.append(one.code);
    out.sized(body);
  });
  const globals = listOf(parts.globals, (out, { type, initial }) => {
    out.byte(blockType[type], 1, opcode.const[type]);
    out.signed(BigInt(initial));
    out.byte(opcode.end);
  });
  const exported = parts.functions.flatMap(({ exported: name }, k) => (name === null ? [] : [{ name, number: parts.imported.length + k }]));
  const exports = listOf(exported, (out, { name, number }) => {
    out.text(name);
    out.byte(0);
    out.unsigned(number);
  });

  const allTypes = new Bytes();
  allTypes.unsigned(numbers.size + 1);
  allTypes.append(types);
  const out = new Bytes();
  out.byte(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  section(out, 1, allTypes);
  section(out, 2, imports);
  section(out, 3, functions);
  section(
    out,
    4,
    listOf([parts.table.length + 1], (list, size) => sized(list, size)),
  );
  section(
    out,
    13,
    listOf([0], (list, type) => list.byte(0, type)),
  );
  section(out, 6, globals);
  section(out, 7, exports);
  if (parts.table.length > 0) section(out, 9, listOf([parts.table], elements));
  section(out, 10, code);
  return out.done();
}

/** A table of functions of this size. */
function sized(out: Bytes, size: number): void {
  out.byte(0x70, 0);
  out.unsigned(size);
}

/** Functions in the table, from number 1. */
function elements(out: Bytes, table: readonly number[]): void {
  out.byte(0, opcode.const.i32, 1, opcode.end);
  out.append(listOf(table, (list, number) => list.unsigned(number)));
}

function declared(type: NumberType, count: number): Bytes {
  const out = new Bytes();
  out.unsigned(count);
  out.byte(blockType[type]);
  return out;
}

/** Locals of one type that follow each other. */
function runs(types: readonly NumberType[]): { readonly type: NumberType; count: number }[] {
  const found: { readonly type: NumberType; count: number }[] = [];
  for (const type of types) {
    const last = found.at(-1);
    if (last?.type === type) last.count++;
    else found.push({ type, count: 1 });
  }
  return found;
}

function listOf<T>(items: readonly T[], write: (out: Bytes, item: T) => void): Bytes {
  const out = new Bytes();
  out.unsigned(items.length);
  for (const item of items) write(out, item);
  return out;
}

function section(out: Bytes, id: number, content: Bytes): void {
  out.byte(id);
  out.sized(content);
}
