// Requests and answers of managed keys.
import * as z from 'zod';

export const ManagedSecret = z
  .strictObject({
    secret: z.string().min(1).max(16_384).meta({ description: 'The key: 1 to 16,384 characters. Secret.' }),
  })
  .meta({ id: 'ManagedSecret' });

export const ManagedCredential = z
  .object({ secret: z.string().meta({ description: 'The stored key.' }) })
  .meta({ id: 'ManagedCredential' });
