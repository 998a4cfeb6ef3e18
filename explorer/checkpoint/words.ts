/**
 * What a checkpoint is made of: 32-bit words in order.
 *
 * In: nothing. Out: types. Never: a file.
 */
export interface WordSink {
  write(words: Int32Array): void;
}

export interface WordSource {
  /** Fills `words` with the next ones. Throws CheckpointRefused at the end. */
  read(words: Int32Array): void;
}

/** Something that a checkpoint can hold: `load` of what `save` wrote makes it what it was. */
export interface Saved {
  save(sink: WordSink): void;
  load(source: WordSource): void;
}

export function readNumber(source: WordSource): number {
  const word = new Int32Array(1);
  source.read(word);
  return word[0] as number;
}
