// Completes a provider that the operator names by its issuer, before it is used. A grant keeps what the metadata named, so that
// nothing that is done with it asks the issuer; what is stored can be answered without it, too.
import type { OAuth2Secret } from '../../domain/credential/credential.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

/** The part of a grant that says where it is refreshed. */
type KeptEndpoints = Pick<OAuth2Secret, 'tokenOrigin' | 'issuerEndpoints'>;

/** Whether the error says that an issuer does not answer as it must. */
export const isNotConnectable = (error: unknown): boolean =>
  error instanceof ServiceError && error.code === 'server_not_connectable';

/** The provider with all its endpoints. `pastCache`: the issuer is asked now. Throws `server_not_connectable`. */
export const completeProvider = async (
  known: KnownProvider,
  options?: { pastCache: boolean },
): Promise<KnownProvider> => {
  const { fromIssuer, ...complete } = known;
  return fromIssuer === undefined ? known : { ...complete, profile: await fromIssuer.read(options) };
};

/** null: the grant keeps nothing of this issuer, or the operator says that the provider moved away from where it was made. */
const recallProvider = (
  { fromIssuer, ...complete }: KnownProvider,
  { issuerEndpoints, tokenOrigin }: KeptEndpoints,
): KnownProvider | null => {
  const profile = issuerEndpoints === undefined ? null : (fromIssuer?.recall(issuerEndpoints) ?? null);
  const hasMoved = tokenOrigin !== undefined && complete.profile.formerTokenOrigins.includes(tokenOrigin);
  return profile === null || hasMoved ? null : { ...complete, profile };
};

/**
 * The provider with the endpoints that the grant keeps, or else those of the metadata. Throws `server_not_connectable` for a grant
 * that keeps none.
 */
export const completeForGrant = async (known: KnownProvider, grant: KeptEndpoints): Promise<KnownProvider> =>
  recallProvider(known, grant) ?? completeProvider(known);

/** As `completeForGrant`, but the issuer is asked first, now. What the grant keeps is used where it does not answer. */
export const completeByIssuer = async (known: KnownProvider, grant: KeptEndpoints): Promise<KnownProvider> => {
  try {
    return await completeProvider(known, { pastCache: true });
  } catch (error) {
    const recalled = isNotConnectable(error) ? recallProvider(known, grant) : null;
    if (recalled === null) throw error;
    return recalled;
  }
};
