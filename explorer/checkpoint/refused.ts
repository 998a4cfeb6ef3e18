/** A checkpoint that cannot be gone on from. One line: what is wrong with it. */
export class CheckpointRefused extends Error {
  override readonly name = 'CheckpointRefused';
}
