/**
 * The published JSON schemas: one for each verb's `--json`, one for errors, one for trace files.
 *
 * In: the zod schemas of the reports. Out: JSON Schema texts by file name. Never: a schema written by hand.
 */
import { z } from 'zod';
import { errorReportSchema, published, traceJsonSchema } from '../checks/index.ts';
import { verbs } from './verbs/index.ts';

/** File name in docs/schemas to content. */
export function publishedSchemas(): ReadonlyMap<string, string> {
  const reports = [
    ...verbs.map((verb) => [verb.name, published(verb.name, verb.schema)] as const),
    ['error', published('error', errorReportSchema)] as const,
  ].map(([name, schema]) => [`${name}-report`, { title: `mmucheck ${name} --json`, ...z.toJSONSchema(schema) }] as const);
  return new Map(
    [...reports, ['trace', traceJsonSchema()] as const].map(([name, schema]) => [`${name}.json`, `${JSON.stringify(schema, null, 2)}\n`]),
  );
}
