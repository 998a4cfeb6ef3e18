/** That no checkpoint could be written: a line on stderr. */
import { escapeText } from '../../checks/index.ts';
import type { Terminal } from '../terminal.ts';

export function troubleOn(terminal: Terminal): (message: string) => void {
  return (message) => terminal.err(`mmucheck: ${escapeText(message, 400)}\n`);
}
