/**
 * Random traces for the tests of renderers: valid by the schema, absurd in every other respect, with the
 * strings a hostile file would hold.
 */
import fc from 'fast-check';
import type { Trace, TraceRow } from '../schema.ts';

/** What must never reach a terminal or a mail as it is. */
const hostile = [
  '\u001b[31mred\u001b[0m',
  'diff --git a/x b/x',
  '--- a/x',
  '+++ b/x',
  'From somebody Mon Sep 17 00:00:00 2001',
  'Reported-by: Nobody',
  'a\nb\r\tc\0d',
  '\u202egnp.exe',
  'é漢字😀',
  'x'.repeat(190),
];
const word = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constant('kvm_mmu_load'),
);
const name = word.map((text) => text.slice(0, 200));
const value = fc.record({ raw: fc.oneof(fc.integer(), fc.array(fc.integer(), { maxLength: 3 })), display: name });
const position = fc.record({
  file: name,
  line: fc.nat(999),
  column: fc.nat(99),
  language: fc.constantFrom('typescript' as const, 'c' as const),
  hunk: fc.nat(9),
  change: fc.constantFrom('added' as const, 'context' as const),
});
const cell = fc.record({ place: name, name, value });
const field = fc.constantFrom('pages.spt', 'vm.gen', 'pages.role.invalid', 'ghosts.owed');

const row: fc.Arbitrary<TraceRow> = fc.oneof(
  fc.record({
    kind: fc.constant('enter' as const),
    procedure: name,
    args: fc.array(fc.record({ name, value }), { maxLength: 2 }),
    position,
  }),
  fc.record({ kind: fc.constant('exit' as const), procedure: name, result: fc.option(value), position }),
  fc.record({
    kind: fc.constant('lock' as const),
    action: fc.constantFrom('take' as const, 'drop' as const, 'tryFailed' as const),
    mode: fc.constantFrom('exclusive' as const, 'shared' as const),
    flavour: fc.constantFrom('mutex' as const, 'spin' as const, 'rwlock' as const),
    place: name,
    name,
    position,
  }),
  fc.record({ kind: fc.constant('change' as const), place: name, field, name, old: value, new: value, ghost: fc.boolean(), position }),
  fc.record({ kind: fc.constant('read' as const), place: name, field, name, value, position }),
  fc.record({
    kind: fc.constant('allocation' as const),
    action: fc.constantFrom('alloc' as const, 'free' as const),
    place: name,
    name,
    position,
  }),
  fc.record({ kind: fc.constant('choice' as const), label: name, value: fc.nat(9), count: fc.nat(9), display: name, position }),
  fc.record({ kind: fc.constant('wait' as const), label: name, position }),
  fc.record({ kind: fc.constant('mark' as const), name, position }),
  fc.record({ kind: fc.constant('failure' as const), property: fc.option(name), message: name, position }),
  fc.record({ kind: fc.constant('fault' as const), fault: name, message: name, position }),
);

export function randomTrace(): fc.Arbitrary<Trace> {
  return fc
    .record({
      processes: fc.array(fc.record({ name, title: name, kind: fc.constantFrom('essential' as const, 'daemon' as const) }), {
        minLength: 1,
        maxLength: 5,
      }),
      steps: fc.array(
        fc.record({
          process: fc.nat(4),
          label: fc.integer(),
          choices: fc.array(fc.record({ label: name, value: fc.nat(9) }), { maxLength: 2 }),
          stack: fc.array(fc.record({ procedure: name, position }), { maxLength: 3 }),
          rows: fc.array(row, { maxLength: 40 }),
          statements: fc.array(position, { maxLength: 5 }),
          omitted: fc.nat(3),
        }),
        { maxLength: 45 },
      ),
      blame: fc.record({ step: fc.nat(), row: fc.nat(), named: fc.boolean() }),
      property: fc.record({
        id: name,
        name,
        statement: name,
        kind: fc.constantFrom('state' as const, 'event' as const),
        fields: fc.uniqueArray(field),
      }),
      values: fc.array(fc.record({ name, place: fc.option(name), value, since: fc.option(fc.nat(40)) }), { maxLength: 4 }),
      notes: fc.array(name, { maxLength: 3 }),
      picture: fc.record({
        title: name,
        lines: fc.array(fc.record({ depth: fc.nat(12), label: name, before: name, after: name, note: name }), { maxLength: 8 }),
      }),
      cells: fc.array(cell, { maxLength: 4 }),
      texts: fc.record({ scenario: name, era: name, variant: name, model: name, subsystem: name, bounds: name }),
      shortest: fc.boolean(),
      notModelled: fc.array(name, { maxLength: 3 }),
    })
    .map(({ processes, steps, blame, property, values, notes, picture, cells, texts, shortest, notModelled }): Trace => {
      const numbered = steps.map((step, index) => ({ ...step, number: index + 1, process: step.process % processes.length }));
      const step = numbered.length === 0 ? 0 : 1 + (blame.step % numbered.length);
      const rows = numbered[step - 1]?.rows.length ?? 0;
      const { bounds, ...named } = texts;
      return {
        version: 1,
        fingerprint: '',
        ...named,
        bounds: { summary: bounds, values: {} },
        property,
        telling: [],
        verdict: 'violated',
        shortest,
        processes,
        initial: cells,
        steps: numbered,
        violation: { step, row: blame.named && rows > 0 ? blame.row % rows : null, values, notes },
        picture,
        final: cells,
        loopStart: shortest && numbered.length > 0 ? 1 : null,
        permutation: null,
        notModelled,
      };
    });
}
