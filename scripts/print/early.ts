/** What a patch is known to violate while other scenarios are still to be run: a line on standard error, once for each property and patch. */
import { type EarlyViolation, escapeText } from '../../checks/index.ts';
import type { Terminal } from '../terminal.ts';

/** Tells nothing of the last scenario: the report comes at once. */
export function tellingEarly(terminal: Pick<Terminal, 'err'>): (found: EarlyViolation) => void {
  const told = new Set<string>();
  return ({ patch, id, name, scenario, done, total }) => {
    const key = `${patch} ${id}`;
    if (done === total || told.has(key)) return;
    told.add(key);
    terminal.err(
      `mmucheck: ${escapeText(patch, 120)} violates ${id} (${name}) in ${scenario}; ${done} of ${total} scenarios are run, going on\n`,
    );
  };
}
