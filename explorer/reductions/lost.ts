/** The argument for renaming does not hold of this system: the search must go without. */
export class RenamingLost extends Error {
  override readonly name = 'RenamingLost';
}
