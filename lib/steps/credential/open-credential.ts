// Opening a stored secret. Throws `credential_unreadable` when the seal, the row or the document is broken, and
// `keys_unavailable` when the data key can't be had.

import * as z from 'zod';
import type { SecretDocument, StoredCredential } from '../../domain/credential/credential.ts';
import {
  managedSealContext,
  type StoredManagedKey,
  sealContext,
  secretSchemas,
} from '../../domain/credential/credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

export const openCredential = async (
  deps: Pick<Deps, 'sealer'>,
  credential: StoredCredential,
): Promise<SecretDocument> => {
  const document = await deps.sealer.open(sealContext(credential), credential);
  const parsed = secretSchemas[credential.type].safeParse(document);
  if (!parsed.success) throw new ServiceError('credential_unreadable');
  return parsed.data;
};

const ManagedSecret = z.object({ secret: z.string() });

export const openManagedKey = async (deps: Pick<Deps, 'sealer'>, managed: StoredManagedKey): Promise<string> => {
  const parsed = ManagedSecret.safeParse(await deps.sealer.open(managedSealContext(managed), managed));
  if (!parsed.success) throw new ServiceError('credential_unreadable');
  return parsed.data.secret;
};
