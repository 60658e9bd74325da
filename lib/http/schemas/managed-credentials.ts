// Requests and answers of managed keys.
import * as z from 'zod';

/** The request that stores a managed key. */
export const ManagedSecret = z
  .strictObject({
    secret: z.string().min(1).max(16_384).meta({ description: 'The key: 1 to 16,384 characters. Secret.' }),
  })
  .meta({ id: 'ManagedSecret' });

/** The answer with a managed key. */
export const ManagedCredential = z
  .object({ secret: z.string().meta({ description: 'The stored key.' }) })
  .meta({ id: 'ManagedCredential' });
