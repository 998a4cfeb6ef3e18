import { describe, expect, it } from 'vitest';
import { type StatementCount, visitStmts } from '../../compiler/index.ts';
import { lowerC } from '../../patches/testing/runC.ts';
import { Coverage } from './coverage.ts';

const text = `static int pick(struct kvm *kvm, int n)
{
	if (n == 1)
		return 2;

	if (WARN_ON(n == 3))
		return 4;
	return 5;
}
void run(struct kvm *kvm)
{
	kvm->out[0] = pick(kvm, 1);
}
`;

/** As if statements of these lines had been run; conditions of the lines in `yes` were true, those in `no` false. */
async function counted(lines: readonly number[], yes: readonly number[], no: readonly number[]) {
  const functions = await lowerC(text);
  const procedures = functions.flatMap(({ procedure }) => procedure ?? []);
  const counts = new Map<string, StatementCount>();
  for (const { name, body } of procedures) {
    visitStmts(body, ({ id, kind, pos }) => {
      const { line } = pos;
      const taken: [number, number] | null = kind === 'if' ? [Number(yes.includes(line)), Number(no.includes(line))] : null;
      if (lines.includes(line)) counts.set(id, { id, procedure: name, pos, executed: 1, taken });
    });
  }
  return { functions, procedures, counts };
}

describe('coverage of a tree', () => {
  it('is of lines, over all scenarios, each function by itself', async () => {
    const coverage = new Coverage();
    const first = await counted([3, 6, 8], [], [3, 6]);
    expect(coverage.add('A', first.functions, first.procedures, first.counts)).toEqual(['pick']);
    expect(coverage.functions().map(({ name, scenarios, lines, reached }) => [name, scenarios, lines, reached])).toEqual([
      ['pick', ['A'], 5, 3],
      ['run', [], 1, 0],
    ]);
    expect(coverage.functions()[0]?.notReached).toEqual([
      { line: 4, behindWarning: false },
      { line: 7, behindWarning: true },
    ]);
    expect(coverage.functions()[0]?.oneSided).toEqual([
      { line: 3, never: 'true' },
      { line: 6, never: 'true' },
    ]);
    const second = await counted([3, 4, 12], [3], []);
    expect(coverage.add('B', second.functions, second.procedures, second.counts)).toEqual(['pick', 'run']);
    const [pick, run] = coverage.functions();
    expect([pick?.reached, pick?.scenarios, run?.reached, run?.scenarios]).toEqual([4, ['A', 'B'], 1, ['B']]);
    expect(pick?.oneSided).toEqual([{ line: 6, never: 'true' }]);
  });
  it('belongs to the function in whose lines a statement stands, whoever it is lowered into', async () => {
    const coverage = new Coverage();
    const { functions, procedures, counts } = await counted([3, 12], [3], []);
    const [pick, run] = procedures;
    if (pick === undefined || run === undefined) throw new Error('there are two');
    const inside = { ...run, body: [...pick.body, ...run.body] };
    expect(coverage.add('A', functions, [inside], counts)).toEqual(['pick', 'run']);
    expect(coverage.functions().map(({ name, reached }) => [name, reached])).toEqual([
      ['pick', 1],
      ['run', 1],
    ]);
  });
});
