// Answers that concern no user.
import * as z from 'zod';
import { ProviderView } from '../../domain/oauth/provider-view.ts';

export const Health = z
  .object({ status: z.literal('ok').meta({ description: 'Always `ok`.' }) })
  .meta({ id: 'Health' });

export const ProviderList = z
  .object({ providers: z.array(ProviderView).meta({ description: 'The providers, in order of `provider`.' }) })
  .meta({ id: 'ProviderList' });
