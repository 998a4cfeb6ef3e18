/** Values of one field, one element a value. */
export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array;
