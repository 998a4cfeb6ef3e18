import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrace } from '../read.ts';
import type { Trace } from '../schema.ts';
import { exampleTrace } from '../testing/exampleTrace.ts';
import { randomTrace } from '../testing/randomTrace.ts';
import { renderJson } from './json.ts';
import { renderMail } from './mail.ts';
import { renderText } from './text.ts';

const replayCommand = 'npm run mmucheck -- replay example.json';
const mailText = Array.from({ length: 300 }, (_, k) => (k === 212 ? '+\tinstall(page);' : ''));

/** The example with a third process, so that lanes become one. */
function threeProcesses(): Trace {
  const trace = exampleTrace();
  trace.processes.push({ name: 'host', title: 'host reclaim', kind: 'daemon' });
  const fifth = trace.steps[4];
  if (fifth !== undefined) fifth.process = 2;
  return trace;
}

/** The example with `count` steps of CPU 1 in front that touch nothing of the property. */
function longTrace(count: number): Trace {
  const trace = exampleTrace();
  const idle = trace.steps[1];
  if (idle === undefined) throw new Error('the example has a second step');
  const steps = [...Array.from({ length: count }, () => idle), ...trace.steps].map((step, index) => ({ ...step, number: index + 1 }));
  return { ...trace, steps, violation: { ...trace.violation, step: trace.violation.step + count } };
}

describe('text form', () => {
  it('shows two lanes while there are two processes', () => {
    expect(renderText(exampleTrace(), { replayCommand, sourceLines: () => mailText })).toMatchInlineSnapshot(`
      "VIOLATED  I-20 spte_maps_live_page             7 steps, 2 CPUs, shortest
        model     6.12, TDP MMU, mutant: fault without the stale check
        bounds    2 vCPUs, 4 pages of 2 entries, 2 levels, 2 gfns
        replay    npm run mmucheck -- replay example.json

      Does not hold: No SPTE maps a page that the host has freed.

       #  CPU 0: vCPU 0, fault on gfn 1      CPU 1: mmu_notifier
       -  ---------------------------------  ---------------------------------
       1  kvm_tdp_page_fault()
            kvm_mmu_faultin_pfn()
              reads mmu_invalidate_seq = 0
       2                                     invalidate_range_start()
                                               mmu_invalidate_in_progress:
                                                 0 -> 1
       3                                     kvm_tdp_mmu_unmap_gfn_range()
                                               (gfn 1 not mapped)
       4                                     invalidate_range_end()
                                               mmu_invalidate_seq: 0 -> 1
                                               mmu_invalidate_in_progress:
                                                 1 -> 0
       5                                     A.freed: 0 -> 1
       6  in kvm_tdp_page_fault()
            read_lock(mmu_lock)
       7  kvm_tdp_mmu_map()
            spte P[1]: --- -> A rw-  <==

      Why: spte P[1] is A rw- (since 7), A.freed is 1 (since 5).

      Table (root R)   before 7       after 7
        R[0]           P              P
          P[0]  gfn 0  ---            ---
          P[1]  gfn 1  ---          * A rw-  (freed at 5)
        mmu_lock       read: CPU 0    read: CPU 0

      Lines of example.mbox that were executed, hunk 2:
         213  +  install(page);  (in 7, violating)

      Not modelled here: 2 statistics, 1 tracepoint.
      "
    `);
  });

  it('shows one lane with the CPU in front from three processes on', () => {
    expect(renderText(threeProcesses())).toMatchInlineSnapshot(`
      "VIOLATED  I-20 spte_maps_live_page             7 steps, 3 CPUs, shortest
        model     6.12, TDP MMU, mutant: fault without the stale check
        bounds    2 vCPUs, 4 pages of 2 entries, 2 levels, 2 gfns

      Does not hold: No SPTE maps a page that the host has freed.

       #  CPU 0: vCPU 0, fault on gfn 1
          CPU 1: mmu_notifier
          CPU 2: host reclaim
       -  --------------------------------------------------------------------
       1  CPU 0: kvm_tdp_page_fault()
                   kvm_mmu_faultin_pfn()
                     reads mmu_invalidate_seq = 0
       2  CPU 1: invalidate_range_start()
                   mmu_invalidate_in_progress: 0 -> 1
       3  CPU 1: kvm_tdp_mmu_unmap_gfn_range()
                   (gfn 1 not mapped)
       4  CPU 1: invalidate_range_end()
                   mmu_invalidate_seq: 0 -> 1
                   mmu_invalidate_in_progress: 1 -> 0
       5  CPU 2: A.freed: 0 -> 1
       6  CPU 0: in kvm_tdp_page_fault()
                   read_lock(mmu_lock)
       7  CPU 0: kvm_tdp_mmu_map()
                   spte P[1]: --- -> A rw-  <==

      Why: spte P[1] is A rw- (since 7), A.freed is 1 (since 5).

      Table (root R)   before 7       after 7
        R[0]           P              P
          P[0]  gfn 0  ---            ---
          P[1]  gfn 1  ---          * A rw-  (freed at 5)
        mmu_lock       read: CPU 0    read: CPU 0

      Lines of example.mbox that were executed, hunk 2:
         213  (in 7, violating)

      Not modelled here: 2 statistics, 1 tracepoint.
      "
    `);
  });

  it('shows one lane for one process', () => {
    const trace = exampleTrace();
    const steps = trace.steps.map((step) => ({ ...step, process: 0 }));
    expect(
      renderText({ ...trace, steps })
        .split('\n')
        .slice(0, 12)
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "VIOLATED  I-20 spte_maps_live_page              7 steps, 1 CPU, shortest
        model     6.12, TDP MMU, mutant: fault without the stale check
        bounds    2 vCPUs, 4 pages of 2 entries, 2 levels, 2 gfns

      Does not hold: No SPTE maps a page that the host has freed.

       #  CPU 0: vCPU 0, fault on gfn 1
       -  --------------------------------------------------------------------
       2  invalidate_range_start()
            mmu_invalidate_in_progress: 0 -> 1
       3  kvm_tdp_mmu_unmap_gfn_range()
            (gfn 1 not mapped)"
    `);
  });

  it('leaves out steps of a long trace that touch nothing of the property, and says so', () => {
    const text = renderText(longTrace(30));
    expect(text).toContain('[ 17 steps of CPU 1 (1-17) that touch none of: spt, freed ]');
    expect(text).toMatch(/^18 /m);
    expect(text).not.toMatch(/^17 /m);
  });

  it('keeps an early step that changed a field of the property', () => {
    const trace = longTrace(30);
    const row = trace.steps.at(-1)?.rows[1];
    const steps = trace.steps.map((step) => (step.number === 5 && row !== undefined ? { ...step, rows: [...step.rows, row] } : step));
    const text = renderText({ ...trace, steps });
    expect(text).toContain('[ 4 steps of CPU 1 (1-4) that touch none of: spt, freed ]');
    expect(text).toMatch(/^ 5 (.*\n){1,4}.*spte P\[1\]/m);
    expect(text).toContain('[ 12 steps of CPU 1 (6-17)');
  });

  it('falls back on the places of the reason where too many steps touch a field of the property', () => {
    const trace = exampleTrace();
    const busy = { ...structuredClone(trace.steps[4]), process: 1, label: 1 };
    const [row] = busy.rows ?? [];
    if (row?.kind !== 'change') throw new Error('step 5 of the example is a change');
    row.place = 'frames[1].freed';
    const front = Array.from({ length: 60 }, () => ({ ...trace.steps[4], ...busy }) as Trace['steps'][number]);
    const steps = [...front, ...trace.steps].map((step, index) => ({ ...step, number: index + 1 }));
    const text = renderText({ ...trace, steps, violation: { ...trace.violation, step: 67 } });
    expect(text).toContain('[ 47 steps of CPU 1 (1-47) that touch none of: spte P[1], A.freed ]');
  });

  it('folds steps that have nothing to show into those around them', () => {
    const trace = exampleTrace();
    const third = trace.steps[2];
    if (third !== undefined) third.rows = [];
    const text = renderText(trace);
    expect(text).not.toMatch(/^ 3 /m);
    expect(text).toMatch(/^ 4 /m);
  });

  it('says that the initial state violates, where nothing has to run', () => {
    const trace = exampleTrace();
    const text = renderText({ ...trace, steps: [], violation: { ...trace.violation, step: 0, row: null } });
    expect(text).toContain('The initial state violates it; nothing has to run.');
    expect(text).toMatch(/at the start$/m);
  });

  it('counts the lines of a step that does very much, and keeps those that matter', () => {
    const trace = exampleTrace();
    const second = trace.steps[1];
    const last = trace.steps.at(-1)?.rows[1];
    const change = second?.rows[1];
    if (second === undefined || last === undefined || change === undefined) throw new Error('the example has seven steps');
    second.rows = [...Array.from({ length: 40 }, () => change), last];
    const text = renderText(trace);
    expect(text).toContain('[ 17 more lines ]');
    expect(text.match(/spte P\[1\]: ---/g)).toHaveLength(2);
  });

  it('marks the start of a loop', () => {
    expect(renderText({ ...exampleTrace(), loopStart: 2 })).toMatch(/^ 2 +\(the loop starts here\)$/m);
  });

  it('shows a read of what another process changes, and no other', () => {
    const trace = exampleTrace();
    const reader = trace.steps[3];
    reader?.rows.push({
      kind: 'read',
      place: 'vm.mmu_invalidate_seq',
      field: 'vm.mmu_invalidate_seq',
      name: 'own',
      value: { raw: 1, display: '1' },
      position: reader.rows[0]?.position ?? { file: 'x', line: 1, column: 1, language: 'typescript' },
    });
    const text = renderText(trace);
    expect(text).toContain('reads mmu_invalidate_seq = 0');
    expect(text).not.toContain('reads own');
  });

  it('refuses a width that leaves no room for two lanes', () => {
    expect(() => renderText(exampleTrace(), { width: 40 })).toThrow(RangeError);
    expect(() => renderText(exampleTrace(), { width: Number.NaN })).toThrow(RangeError);
  });
});

describe('mail form', () => {
  it('has a subject as the lists write it', () => {
    expect(renderMail(exampleTrace(), { replayCommand }).split('\n').slice(0, 6).join('\n')).toMatchInlineSnapshot(`
      "Subject: KVM: x86/mmu: I-20 spte_maps_live_page violated (mutant)

      VIOLATED  I-20 spte_maps_live_page            7 steps, 2 CPUs, shortest
        model     6.12, TDP MMU, mutant: fault without the stale check
        bounds    2 vCPUs, 4 pages of 2 entries, 2 levels, 2 gfns
        replay    npm run mmucheck -- replay example.json"
    `);
  });
});

describe('all forms', () => {
  it('keep to their width, to printable ASCII, and mark one line, whatever the trace holds', () => {
    fc.assert(
      fc.property(randomTrace(), fc.integer({ min: 60, max: 110 }), (trace, width) => {
        const text = renderText(trace, { width, replayCommand: 'npm run mmucheck -- replay x.json', sourceLines: () => mailText });
        for (const line of text.split('\n')) {
          expect(line.length).toBeLessThanOrEqual(width);
          expect(line).toMatch(/^[\x20-\x7e]*$/);
          expect(line).not.toMatch(/ $/);
        }
        if (trace.steps.length > 0)
          expect(text.split('\n').filter((line) => line.endsWith('  <==') || line.includes('  <== '))).toHaveLength(1);
        expect(renderText(trace, { width })).toBe(renderText(structuredClone(trace), { width }));
      }),
      { seed: 20211, numRuns: 150 },
    );
  });

  it('never give a mail a line that a tool could take for a patch, a message or a tag', () => {
    fc.assert(
      fc.property(randomTrace(), (trace) => {
        const [first, ...lines] = renderMail(trace).split('\n');
        expect(first).toMatch(/^Subject: /);
        for (const line of [first ?? '', ...lines]) expect(line.length).toBeLessThanOrEqual(72);
        for (const line of lines) expect(line).not.toMatch(/^(diff|---|\+|From |Index:|@@|>|[A-Za-z-]+-by:)/);
      }),
      { seed: 20212, numRuns: 150 },
    );
  });

  it('give a JSON that reads back as the same trace', () => {
    const trace = exampleTrace();
    expect(parseTrace(renderJson(trace), 'x')).toEqual(trace);
  });
});
