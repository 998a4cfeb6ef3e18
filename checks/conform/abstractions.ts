/**
 * What a kernel function may do in another way than the model's procedure of its name, and why nobody can tell.
 *
 * In: nothing. Out: entries, checked when they are loaded. Never: an entry that is not needed: `conform` says so of each, and a test asks.
 */
import { z } from 'zod';

const abstractionSchema = z.strictObject({
  /** The kernel's name of the function. */
  function: z.string(),
  /** Versions of trees that it holds for, as the bindings have them; left out: all. */
  from: z.string().optional(),
  until: z.string().optional(),
  /** What is not compared: writes of these fields (`table.field`), calls of these procedures, what it returns; or the order of writes of these. */
  leaves: z.discriminatedUnion('what', [
    z.strictObject({ what: z.literal('writes'), fields: z.array(z.string()).min(1) }),
    z.strictObject({ what: z.literal('calls'), procedures: z.array(z.string()).min(1) }),
    z.strictObject({ what: z.literal('result') }),
    z.strictObject({ what: z.literal('order'), fields: z.array(z.string()).min(2) }),
  ]),
  because: z.string().min(20),
});
export type Abstraction = z.infer<typeof abstractionSchema>;

export const abstractions: readonly Abstraction[] = z.array(abstractionSchema).parse([]);
