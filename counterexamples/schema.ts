/**
 * What a counterexample is: the one value that every renderer, the replay and the corpus share.
 *
 * Published as `docs/schemas/trace.json`. Every list and string is bounded, because a trace file may come
 * from a stranger. Strings are kept as they are: who prints them neutralises them (`render/ascii.ts`).
 *
 * Names. A `place` is canonical (`pages[1].role.invalid`, `vm.mmu_lock`, `mmus[0].prev_roots.hpa[1]`); a
 * `field` is its table and path (`pages.role.invalid`); a `name` is for people (`P.role.invalid`). A value has
 * the number that the state holds (`raw`, several for a list, head first) and its spelling (`display`).
 */
import { z } from 'zod';

/** Version of the format that this file describes. */
export const traceVersion = 1;

/** Upper bounds of a trace. Whatever makes a trace cuts to these, aloud; a file beyond them is refused. */
export const traceLimits = {
  fileBytes: 32 * 1024 * 1024,
  steps: 5000,
  rowsPerStep: 4000,
  statementsPerStep: 4000,
  processes: 8,
  cells: 4000,
  stack: 64,
  text: 500,
  name: 200,
  list: 256,
  notes: 64,
  positions: 20_000,
} as const;

const name = z.string().max(traceLimits.name);
const text = z.string().max(traceLimits.text);
const natural = z.int().min(0);
const many = <S extends z.ZodType>(schema: S, max: number) => z.array(schema).max(max);

/** As `Position` of the IR: where a statement was written. Lines and columns count from 1. */
export const positionSchema = z.strictObject({
  file: name,
  line: natural,
  column: natural,
  language: z.enum(['typescript', 'c']),
  hunk: natural.optional(),
  change: z.enum(['added', 'context']).optional(),
});

export const valueSchema = z.strictObject({
  raw: z.union([z.int(), many(z.int(), traceLimits.list)]),
  display: text,
});

export const cellSchema = z.strictObject({ place: name, name, value: valueSchema });

const lockMode = z.enum(['exclusive', 'shared']);
/** How a lock is spelled: as a mutex, a spinlock or an rwlock. */
const lockFlavour = z.enum(['mutex', 'spin', 'rwlock']);

/** How the label of a wait begins that is a writer's place in the queue of a lock. */
export const queuedToWrite = 'queued to write: ';

export const propertyKindSchema = z.enum(['state', 'event', 'assertion', 'reachable', 'deadlock', 'fault', 'progress']);

export const pictureSchema = z.strictObject({
  title: text,
  /** Columns: the states before and after the violating step. */
  lines: many(z.strictObject({ depth: z.int().min(0).max(12), label: name, before: text, after: text, note: text.optional() }), 256),
});

/** `position`: of a statement, as it is in memory or as a file spells it. */
function schemasWith<P extends z.ZodType>(position: P) {
  /** One thing that a statement of a step did, in the order in which it was done. */
  const row = z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('enter'),
      procedure: name,
      args: many(z.strictObject({ name, value: valueSchema }), 32),
      position,
    }),
    z.strictObject({ kind: z.literal('exit'), procedure: name, result: valueSchema.nullable(), position }),
    /** `tryFailed`: somebody tried to take it, and did not get it. */
    z.strictObject({
      kind: z.literal('lock'),
      action: z.enum(['take', 'drop', 'tryFailed']),
      mode: lockMode,
      flavour: lockFlavour,
      place: name,
      name,
      position,
    }),
    /** A write. One that leaves the value as it was is kept, too: a lost update looks like that. */
    z.strictObject({
      kind: z.literal('change'),
      place: name,
      field: name,
      name,
      old: valueSchema,
      new: valueSchema,
      /** Written for the checker's book-keeping; not a field of the kernel. */
      ghost: z.boolean(),
      position,
    }),
    z.strictObject({ kind: z.literal('read'), place: name, field: name, name, value: valueSchema, position }),
    z.strictObject({ kind: z.literal('allocation'), action: z.enum(['alloc', 'free']), place: name, name, position }),
    /** A free choice among `count` answers. */
    z.strictObject({ kind: z.literal('choice'), label: name, value: natural, count: natural, display: name, position }),
    z.strictObject({ kind: z.literal('wait'), label: name, position }),
    z.strictObject({ kind: z.literal('mark'), name, position }),
    /** A check of an event, or an assertion, that came out false. */
    z.strictObject({ kind: z.literal('failure'), property: name.nullable(), message: text, position }),
    /** What the kernel would crash or warn on: the path ends here. */
    z.strictObject({ kind: z.literal('fault'), fault: name, message: text, position }),
  ]);

  const step = z.strictObject({
    /** From 1. */
    number: z.int().min(1),
    /** Index into `processes`. */
    process: natural,
    /** Label of the step as the compiled system knows it; replay goes by process and choices. */
    label: z.int(),
    choices: many(z.strictObject({ label: name, value: natural }), 64),
    /** Where the process stood when the step began, outermost procedure first; the position is that of the next statement. */
    stack: many(z.strictObject({ procedure: name, position }), traceLimits.stack),
    rows: many(row, traceLimits.rowsPerStep),
    /** Every statement that was executed, in order; repetitions of one line in a row are left out. */
    statements: many(position, traceLimits.statementsPerStep),
    /** What did not fit into `rows` and `statements`. */
    omitted: natural,
  });

  const trace = z.strictObject({
    version: z.literal(traceVersion),
    /** Of the run that found it: canonical IR, layout, bounds, properties, reductions. */
    fingerprint: z.string().regex(/^[0-9a-f]{0,64}$/),
    scenario: name,
    era: name,
    variant: name,
    /** For the header: which model this was, in words. */
    model: text,
    /** Subject prefix of a mail about it, e.g. a subsystem's. */
    subsystem: name,
    bounds: z.strictObject({ summary: text, values: z.record(name, z.int()) }),
    property: z.strictObject({
      id: name,
      name,
      /** One sentence: of a property what must hold, of a fault or a deadlock what happened. */
      statement: text,
      kind: propertyKindSchema,
      /** Fields (`table.path`) that it looks at. */
      fields: many(name, 128),
    }),
    /** Fields whose changes tell the story whatever the property: the steps that make them are never left out. */
    telling: many(name, 128),
    /** `reached`: a witness of a state that was asked for, not an error. */
    verdict: z.enum(['violated', 'reached']),
    /** Only these were watched, which decides where steps end; left out: all that the scenario checks. */
    watched: many(name, 128).optional(),
    /** No shorter trace exists within the bounds. */
    shortest: z.boolean(),
    processes: many(z.strictObject({ name, title: name, kind: z.enum(['essential', 'daemon']) }), traceLimits.processes).min(1),
    /** Places whose value is not zero; others are. Rows that exist are cells of their own (`pages[1]`). */
    initial: many(cellSchema, traceLimits.cells),
    steps: many(step, traceLimits.steps),
    violation: z.strictObject({
      /** Number of the violating step; 0 for the initial state. */
      step: natural,
      /** Index into its rows; null where no single row is to blame. */
      row: natural.nullable(),
      /** The values that violate, and since which step they have been so (0: from the start; null: no shared place). */
      values: many(z.strictObject({ name, place: name.nullable(), value: valueSchema, since: natural.nullable() }), traceLimits.notes),
      /** Sentences that explain, if the property has some. */
      notes: many(text, traceLimits.notes),
    }),
    picture: pictureSchema,
    final: many(cellSchema, traceLimits.cells),
    /** A lasso's loop starts at this step; null: no loop. */
    loopStart: z.int().min(1).nullable(),
    /** How symmetry renamed rows; null: not at all. */
    permutation: z.null(),
    notModelled: many(text, traceLimits.notes),
    /** The same schedule on code that it was compared with: a tree without the patch. Left out: there is none. */
    parting: z
      .strictObject({
        /** What that code is, in words. */
        from: text,
        /** The first step after which the two differ, or which it cannot take; null: it does the same to the end. */
        step: natural.nullable(),
        /** It violates the property on this schedule, too; null: a loop that it does not follow. */
        violates: z.boolean().nullable(),
        /** Sentences. */
        why: many(text, traceLimits.notes),
        /** Places that differ after that step: here, and there. */
        state: many(z.strictObject({ name, here: text, there: text }), 64),
      })
      .exactOptional(),
  });

  return { row, step, trace };
}
const inMemory = schemasWith(positionSchema);
export const rowSchema = inMemory.row;
export const stepSchema = inMemory.step;
/** In memory, and in the reports of verbs: every row has its position. */
export const traceSchema = inMemory.trace;

/** Positions of one source; a position is named by its index over all sources of the file. */
const sourceSchema = positionSchema
  .omit({ line: true, column: true })
  .extend({ /** Line and column. */ at: many(z.tuple([natural, natural]), traceLimits.positions) });

/** A trace as a file holds it: positions are kept once. */
export const traceFileSchema = schemasWith(natural).trace.extend({ positions: many(sourceSchema, 256) });
export type TraceFile = z.infer<typeof traceFileSchema>;

export type Trace = z.infer<typeof traceSchema>;
export type TraceStep = z.infer<typeof stepSchema>;
export type TraceRow = z.infer<typeof rowSchema>;
export type TraceValue = z.infer<typeof valueSchema>;
export type TraceCell = z.infer<typeof cellSchema>;
export type TracePosition = z.infer<typeof positionSchema>;
export type TracePicture = z.infer<typeof pictureSchema>;
export type PropertyKind = z.infer<typeof propertyKindSchema>;

/** The JSON schema of a trace file, as published. */
export function traceJsonSchema(): object {
  return { title: 'mmucheck trace', ...z.toJSONSchema(traceFileSchema) };
}

/** Into the bounds of the schema, by default those of a name; what is cut off ends in dots. */
export function clip(text: string, max: number = traceLimits.name): string {
  return text.length <= max ? text : `${text.slice(0, max - 3)}...`;
}

/** Whether a write changed anything. */
export function changes(row: Extract<TraceRow, { kind: 'change' }>): boolean {
  const [old, next] = [row.old.raw, row.new.raw];
  return Array.isArray(old) && Array.isArray(next) ? old.join() !== next.join() : old !== next;
}
