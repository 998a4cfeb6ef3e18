/** Traces as files: JSON to replay, text to read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderTrace, type Trace } from '../../checks/index.ts';
import { type Judged, replayCommand } from './replayCommand.ts';

/** For the traces of a check. */
export function traceName({ scenario, variant, property }: Trace): string {
  return `${scenario}-${variant}-${property.id}`;
}

/** `nameOf` must tell the traces apart; what does not belong into a file name is replaced. `judged`: what they were made with. */
export function writeTraces(
  folder: string,
  traces: readonly Trace[],
  nameOf: (trace: Trace) => string,
  sourceLines: (file: string) => readonly string[] | undefined = () => undefined,
  judged?: Judged,
): void {
  mkdirSync(folder, { recursive: true });
  for (const trace of traces) {
    const name = nameOf(trace).replaceAll(/[^\w.-]/g, '_');
    const file = join(folder, `${name}.json`);
    writeFileSync(file, renderTrace(trace, 'json', ''));
    writeFileSync(join(folder, `${name}.txt`), renderTrace(trace, 'text', replayCommand(file, judged), sourceLines));
  }
}
