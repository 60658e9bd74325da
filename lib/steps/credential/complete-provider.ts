// Completes a provider that the operator names by its issuer, before it is used. Nothing else asks an issuer: what is stored can be
// answered without it.
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

/** The provider with all its endpoints. `pastCache`: the issuer is asked now. Throws `server_not_connectable`. */
export const completeProvider = async (
  known: KnownProvider,
  options?: { pastCache: boolean },
): Promise<KnownProvider> => {
  const { readProfile, ...complete } = known;
  return readProfile === undefined ? known : { ...complete, profile: await readProfile(options) };
};

/** Whether the error says that an issuer does not answer as it must. */
export const isNotConnectable = (error: unknown): boolean =>
  error instanceof ServiceError && error.code === 'server_not_connectable';
