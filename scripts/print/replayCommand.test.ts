import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, judgeCommand, replayCommand } from './replayCommand.ts';

it('names files as seen from here, and no absolute path', () => {
  expect(replayCommand('traces/I-10.json')).toBe('npx mmucheck replay traces/I-10.json');
  expect(replayCommand(join(process.cwd(), 'a', 'b.json'), { files: ['fix.mbox'] })).toBe('npx mmucheck replay a/b.json --patch fix.mbox');
});

it('quotes what a shell would take for something else', () => {
  expect(command('replay', "it's $HOME; rm.json")).toBe("npx mmucheck replay 'it'\\''s $HOME; rm.json'");
});

it('names the tree that a patch was judged on', () => {
  const judged = { files: ['fix.mbox'], tree: 'linux', base: 'v6.12', range: null };
  expect(replayCommand('a.json', judged)).toBe('npx mmucheck replay a.json --patch fix.mbox --tree linux --base v6.12');
  expect(judgeCommand({ files: [], tree: 'linux', range: 'A..B' }, 'traces')).toBe(
    'npx mmucheck patch --tree linux --range A..B --out traces',
  );
  expect(judgeCommand({ files: ['fix.mbox'], tree: 'linux', scenarios: ['3.4-A', '2.12'] }, 'traces')).toBe(
    'npx mmucheck patch fix.mbox --tree linux --scenario 3.4-A,2.12 --out traces',
  );
});
