// What a grant is bound to: the client that it was issued to, and the origin that it is refreshed at. Its refresh token is sent to no
// other, unless the record says that the provider moved from there.
import type { OAuth2Secret } from '../credential/credential.ts';
import type { ProviderProfile } from './provider-profile.ts';

/** Sealed with a grant. All are absent for tokens that a caller obtained itself. */
export type GrantBinding = Pick<OAuth2Secret, 'clientId' | 'tokenOrigin' | 'issuerEndpoints'>;

/** A client and a profile with its templates filled. */
interface FilledClient {
  clientId: string;
  profile: Pick<ProviderProfile, 'refreshEndpoint' | 'formerTokenOrigins'> &
    Partial<Pick<ProviderProfile, 'issuerEndpoints'>>;
}

/** The origin of a URL (RFC 6454 §4); null when it cannot be read. */
const readOrigin = (url: string): string | null => URL.parse(url)?.origin ?? null;

const readTokenOrigin = ({ clientId, profile }: FilledClient): string | null =>
  readOrigin(profile.refreshEndpoint.replaceAll('{client_id}', () => encodeURIComponent(clientId)));

/** What a grant is bound to that this client has just got. */
export const bindGrant = (client: FilledClient): GrantBinding => {
  const tokenOrigin = readTokenOrigin(client);
  const { issuerEndpoints } = client.profile;
  return {
    clientId: client.clientId,
    ...(tokenOrigin !== null && { tokenOrigin }),
    // Also where it is undefined: what an earlier entry's issuer named is not kept.
    issuerEndpoints: issuerEndpoints ?? undefined,
  };
};

/** Whether a grant may go to the client's refresh endpoint: it is bound to that origin, to a former one, or to none. */
export const isTokenOrigin = (client: FilledClient, { tokenOrigin }: GrantBinding): boolean => {
  if (tokenOrigin === undefined || tokenOrigin === readTokenOrigin(client)) return true;
  return client.profile.formerTokenOrigins.some((former) => readOrigin(former) === tokenOrigin);
};
