// A rule about a provider's reply, as a record states it where the provider's replies differ from the standards.
import * as z from 'zod';

const MAX_TEXT = 256;

/** A reply, or a part of one: every member that is set must hold. `equals` compares as text. A `path` alone: there is a value. */
export const ReplyRule = z
  .strictObject({
    status: z.int().min(100).max(599).optional(),
    /** A dotted path into the body. */
    path: z.string().min(1).max(MAX_TEXT).optional(),
    equals: z.union([z.string().max(MAX_TEXT), z.number()]).optional(),
  })
  .refine(({ status, path }) => status !== undefined || path !== undefined, 'must have a status or a path')
  .refine(({ path, equals }) => path !== undefined || equals === undefined, 'equals needs a path');
export type ReplyRule = z.infer<typeof ReplyRule>;
