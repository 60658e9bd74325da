// Requests and answers of the checks. Of the provider's reply an answer has the status and the account, and nothing of its body.
import * as z from 'zod';

/** A request that needs no body: none, or an empty object. */
export const NoBody = z.strictObject({}).meta({ id: 'NoBody' });

const CheckedAccount = z
  .object({
    id: z.string().meta({ description: 'The id of the account at the provider.' }),
    name: z.string().nullable().meta({ description: 'The name of the account, for people; null if it has none.' }),
  })
  .meta({ id: 'CheckedAccount', description: 'The account at the provider.' });

/** The answer to a check. */
export const CheckResult = z
  .object({
    result: z.enum(['valid', 'invalid', 'unknown']).meta({
      description:
        '`valid`: the provider takes it. `invalid`: the provider refuses it. `unknown`: the provider was not reached, is ' +
        'overloaded, or no call is known that tells.',
    }),
    providerStatus: z.int().nullable().meta({ description: 'The HTTP status of the provider; null without a reply.' }),
    account: CheckedAccount.nullable().meta({ description: 'Whose it is, where the reply says so; else null.' }),
  })
  .meta({ id: 'CheckResult' });
