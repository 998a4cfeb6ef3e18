/**
 * For tests: a patch as text, judged through the command line as a person would do it.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patchReportSchema, published } from '../../checks/index.ts';
import { runCommandLine } from '../commandLine.ts';
import { recordingTerminal } from './recordingTerminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-edits-'));

/** The report of `patch` on `text`, and the ids of all properties that only the patched run violates. */
export async function judgeText(text: string, ...options: readonly string[]) {
  const path = join(folder, 'edited.txt');
  writeFileSync(path, text);
  const terminal = recordingTerminal();
  await runCommandLine(['patch', path, '--json', ...options], terminal);
  const report = published('patch', patchReportSchema).parse(JSON.parse(terminal.printed.out));
  return { ...report, violatedIds: [...new Set(report.runs.flatMap((run) => run.violated.map(({ id }) => id)))].sort() };
}
