/**
 * What is used of Node's WebAssembly: its types come with those of browsers, which this project does not load.
 *
 * In: nothing. Out: the global, typed. Never: more of it than is used.
 */
export interface Memory {
  readonly buffer: ArrayBuffer;
}
export type Exports = Readonly<Record<string, unknown>>;

interface WebAssemblyHost {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly env: Readonly<Record<string, unknown>> }) => { readonly exports: Exports };
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyHost }).WebAssembly;
