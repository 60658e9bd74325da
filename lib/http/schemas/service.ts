// Answers that concern no user.
import * as z from 'zod';
import { ProviderView } from '../../domain/oauth/view/provider-view.ts';

/** The answer of the health check: the function runs. It calls no other service. */
export const Health = z
  .object({ status: z.literal('ok').meta({ description: 'Always `ok`.' }) })
  .meta({ id: 'Health' });

/** The answer with every provider that is known. */
export const ProviderList = z
  .object({ providers: z.array(ProviderView).meta({ description: 'The providers, in order of `provider`.' }) })
  .meta({ id: 'ProviderList' });
