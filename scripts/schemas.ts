/**
 * The published JSON schemas: one for each verb's `--json`, one for errors, one for trace files.
 *
 * In: the zod schemas of the reports. Out: JSON Schema texts by file name. Never: a schema written by hand.
 */
import { z } from 'zod';
import { errorReportSchema, published, traceFileSchema } from '../checks/index.ts';
import { verbs } from './verbs/index.ts';

/** File name in docs/schemas to content. */
export function publishedSchemas(): ReadonlyMap<string, string> {
  const reports = verbs.map((verb) => [verb.name, published(verb.name, verb.schema)] as const);
  const all: (readonly [string, z.ZodType])[] = [
    ...reports,
    ['error', published('error', errorReportSchema)],
    ['trace-file', traceFileSchema],
  ];
  return new Map(
    all.map(([name, schema]) => [`${name}.json`, `${JSON.stringify({ title: `mmucheck ${name}`, ...z.toJSONSchema(schema) }, null, 2)}\n`]),
  );
}
