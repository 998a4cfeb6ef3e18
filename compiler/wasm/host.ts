/**
 * What is used of Node's WebAssembly: its types come with those of browsers, which this project does not load.
 *
 * In: nothing. Out: the global, typed. Never: more of it than is used.
 */
export interface Memory {
  /** Of a shared memory: all of it as it was when this was asked for. Views of it stay valid when the memory grows. */
  readonly buffer: SharedArrayBuffer;
  /** Throws RangeError where there is no more. */
  grow(pages: number): number;
}
export type Exports = Readonly<Record<string, unknown>>;

interface WebAssemblyHost {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number; readonly shared: true }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly env: Readonly<Record<string, unknown>> }) => { readonly exports: Exports };
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyHost }).WebAssembly;

export const pageBytes = 0x1_0000;
/** 32-bit addresses. */
export const pagesMax = 0x1_0000;
