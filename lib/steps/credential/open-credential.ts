// Opens stored secrets. A broken seal, row or document is `credential_unreadable`; a data key that KMS cannot give now is
// `keys_unavailable`.
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

/** The secret document of a credential. Throws `credential_unreadable`, `keys_unavailable`. */
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

/** The secret of a managed key. Throws `credential_unreadable`, `keys_unavailable`. */
export const openManagedKey = async (deps: Pick<Deps, 'sealer'>, managed: StoredManagedKey): Promise<string> => {
  const parsed = ManagedSecret.safeParse(await deps.sealer.open(managedSealContext(managed), managed));
  if (!parsed.success) throw new ServiceError('credential_unreadable');
  return parsed.data.secret;
};
