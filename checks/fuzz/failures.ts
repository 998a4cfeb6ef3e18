/** Texts in which readers once failed, made as small as they got: what, and the text. Each is read again by the tests. */
export const seedFailures: readonly (readonly [what: string, text: string])[] = [];
