// How a provider looks to a user: what can be stored or connected, and whether the operator's key serves it.
import * as z from 'zod';
import { CredentialType } from '../credential/credential.ts';

export const ProviderView = z
  .object({
    provider: z.string(),
    displayName: z.string(),
    authTypes: z.array(CredentialType),
    oauth: z.object({ configured: z.boolean(), defaultScopes: z.array(z.string()) }).nullable(),
    system: z.boolean(),
  })
  .meta({ id: 'ProviderView' });
export type ProviderView = z.infer<typeof ProviderView>;
