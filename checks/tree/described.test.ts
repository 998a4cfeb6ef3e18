import { describe, expect, it } from 'vitest';
import { describedCounts, describedFunctions, describedRows, describedTable } from './described.ts';
import type { TreeReport } from './treeReport.ts';

const report = (functions: readonly Partial<TreeReport['functions'][number]>[]): TreeReport => ({
  tree: 'linux-6.12',
  version: '6.12',
  functions: functions.map((one) => ({
    file: 'a.c',
    line: 1,
    name: 'x',
    status: 'imported',
    engine: 'tdp',
    scenario: '2.15',
    reason: null,
    leftOut: 0,
    ...one,
  })),
  counts: { imported: 0, ignorable: 0, unmodelled: 0, unparsed: 0 },
});

describe('functions that the facts describe', () => {
  it('are named once', () => {
    const names = describedFunctions.flatMap((one) => one.names.split(' '));
    expect(new Set(names).size).toBe(names.length);
  });
  it('are counted in each tree that has them, with why one does not import', () => {
    const reports = [
      report([
        { name: 'kvm_mmu_load', leftOut: 2 },
        { name: 'kvm_mmu_unload', status: 'unmodelled', reason: "a.c:4: struct x * is no type of the model: bind it under 'types'" },
        { name: 'something_else' },
      ]),
      report([{ name: 'kvm_mmu_unload' }]),
    ];
    expect(describedCounts(describedRows(reports))).toEqual([
      { there: 2, imported: 1 },
      { there: 1, imported: 1 },
    ]);
    const table = describedTable(reports);
    expect(table).toContain('| 2.10 | `kvm_mmu_load` | tdp † | – |  |');
    expect(table).toContain('| 2.10 | `kvm_mmu_unload` | no | tdp | struct x \\* is no type of the model |');
    expect(table).toContain('1 of 2 | 1 of 1');
  });
});
