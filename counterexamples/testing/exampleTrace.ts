/**
 * A made-up trace for the tests of schema and renderers: the illustration of how a report should read. It
 * says nothing about any kernel.
 */
import type { Trace, TracePosition, TraceRow, TraceStep, TraceValue } from '../schema.ts';

const at = (line: number): TracePosition => ({ file: 'model/procedures/fault.ts', line, column: 3, language: 'typescript' });
const patch = (line: number, change: 'added' | 'context'): TracePosition => ({
  file: 'example.mbox',
  line,
  column: 2,
  language: 'c',
  hunk: 2,
  change,
});
const value = (raw: number, display = String(raw)): TraceValue => ({ raw, display });

const enter = (procedure: string, line: number): TraceRow => ({ kind: 'enter', procedure, args: [], position: at(line) });
const exit = (procedure: string, line: number): TraceRow => ({ kind: 'exit', procedure, result: null, position: at(line) });
const change = (place: string, name: string, old: TraceValue, next: TraceValue, position: TracePosition): TraceRow => ({
  kind: 'change',
  place,
  field: place.replaceAll(/\[\d+\]/g, ''),
  name,
  old,
  new: next,
  ghost: false,
  position,
});
const step = (number: number, process: number, rows: TraceRow[], extra: Partial<TraceStep> = {}): TraceStep => ({
  number,
  process,
  label: process,
  choices: [],
  stack: [],
  rows,
  statements: rows.map((row) => row.position),
  omitted: 0,
  ...extra,
});

/** A fault installs an entry for a page that the host has freed. */
export function exampleTrace(): Trace {
  return {
    version: 1,
    fingerprint: '0123abcd',
    scenario: 'example',
    era: '6.12',
    variant: 'mutant',
    model: '6.12, TDP MMU, mutant: fault without the stale check',
    subsystem: 'KVM: x86/mmu',
    bounds: { summary: '2 vCPUs, 4 pages of 2 entries, 2 levels, 2 gfns', values: { vcpus: 2, pages: 4 } },
    property: {
      id: 'I-20',
      name: 'spte_maps_live_page',
      statement: 'No SPTE maps a page that the host has freed.',
      kind: 'state',
      fields: ['pages.spt', 'frames.freed'],
    },
    telling: [],
    verdict: 'violated',
    shortest: true,
    processes: [
      { name: 'fault', title: 'vCPU 0, fault on gfn 1', kind: 'essential' },
      { name: 'notifier', title: 'mmu_notifier', kind: 'essential' },
    ],
    initial: [{ place: 'pages[0]', name: 'R', value: value(1, 'exists') }],
    steps: [
      step(1, 0, [
        enter('kvm_tdp_page_fault', 10),
        enter('kvm_mmu_faultin_pfn', 20),
        {
          kind: 'read',
          place: 'vm.mmu_invalidate_seq',
          field: 'vm.mmu_invalidate_seq',
          name: 'mmu_invalidate_seq',
          value: value(0),
          position: at(21),
        },
        exit('kvm_mmu_faultin_pfn', 24),
      ]),
      step(2, 1, [
        enter('invalidate_range_start', 40),
        change('vm.mmu_invalidate_in_progress', 'mmu_invalidate_in_progress', value(0), value(1), at(41)),
      ]),
      step(3, 1, [enter('kvm_tdp_mmu_unmap_gfn_range', 50), { kind: 'mark', name: 'gfn 1 not mapped', position: at(52) }]),
      step(4, 1, [
        enter('invalidate_range_end', 60),
        change('vm.mmu_invalidate_seq', 'mmu_invalidate_seq', value(0), value(1), at(61)),
        change('vm.mmu_invalidate_in_progress', 'mmu_invalidate_in_progress', value(1), value(0), at(62)),
      ]),
      step(5, 1, [change('frames[0].freed', 'A.freed', value(0), value(1), at(70))]),
      step(
        6,
        0,
        [{ kind: 'lock', action: 'take', mode: 'shared', flavour: 'rwlock', place: 'vm.mmu_lock', name: 'mmu_lock', position: at(30) }],
        {
          stack: [{ procedure: 'kvm_tdp_page_fault', position: at(30) }],
        },
      ),
      step(
        7,
        0,
        [enter('kvm_tdp_mmu_map', 80), change('pages[1].spt[1]', 'spte P[1]', value(0, '---'), value(5, 'A rw-'), patch(213, 'added'))],
        { stack: [{ procedure: 'kvm_tdp_page_fault', position: at(31) }] },
      ),
    ],
    violation: {
      step: 7,
      row: 1,
      values: [
        { name: 'spte P[1]', place: 'pages[1].spt[1]', value: value(5, 'A rw-'), since: 7 },
        { name: 'A.freed', place: 'frames[0].freed', value: value(1), since: 5 },
      ],
      notes: [],
    },
    picture: {
      title: 'Table (root R)',
      lines: [
        { depth: 0, label: 'R[0]', before: 'P', after: 'P' },
        { depth: 1, label: 'P[0]  gfn 0', before: '---', after: '---' },
        { depth: 1, label: 'P[1]  gfn 1', before: '---', after: 'A rw-', note: 'freed at 5' },
        { depth: 0, label: 'mmu_lock', before: 'read: CPU 0', after: 'read: CPU 0' },
      ],
    },
    final: [{ place: 'pages[1].spt[1]', name: 'spte P[1]', value: value(5, 'A rw-') }],
    loopStart: null,
    permutation: null,
    notModelled: ['2 statistics', '1 tracepoint'],
  };
}
