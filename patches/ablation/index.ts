/**
 * What of a patch can be reverted on its own.
 *
 * In: patches as they were read. Out: pieces, and the patch without one. Never: a verdict.
 */
export { type MailPiece, piecesOfMail } from './mailPieces.ts';
export { type Piece, patchWithout } from './pieces.ts';
export { piecesOfTree } from './treePieces.ts';
