import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, replayCommand } from './replayCommand.ts';

it('names files as seen from here, and no absolute path', () => {
  expect(replayCommand('traces/I-10.json')).toBe('npx mmucheck replay traces/I-10.json');
  expect(replayCommand(join(process.cwd(), 'a', 'b.json'), 'fix.mbox')).toBe('npx mmucheck replay a/b.json --patch fix.mbox');
});

it('quotes what a shell would take for something else', () => {
  expect(command('replay', "it's $HOME; rm.json")).toBe("npx mmucheck replay 'it'\\''s $HOME; rm.json'");
});
