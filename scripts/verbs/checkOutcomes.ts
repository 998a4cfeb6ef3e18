/** What a check comes to, for the exit code. */
import type { CheckReport } from '../../checks/index.ts';
import type { Outcome } from '../exitCodes.ts';

/** Expected verdicts are all that counts: a known defect that is found again is a success. So are recorded numbers. */
export function checkOutcomes(report: CheckReport, recorded: boolean): Outcome[] {
  const runs = report.runs.map((run): Outcome => {
    if (run.asExpected) return 'asExpected';
    return run.verdict === 'incomplete' || run.verdict === 'vacuous' ? 'incomplete' : 'violated';
  });
  return report.summary.statesChanged.length === 0 || recorded ? runs : [...runs, 'violated'];
}
