// Where secrets, codes and refresh tokens go at an authorization server: the origins of its endpoints (RFC 6454 §4). A client's secret
// goes to the origins that are known for the client, and to no other.

/** The endpoints of a server or of a record. One that cannot be read has no origin. */
export interface SecretEndpoints {
  tokenEndpoint: string;
  /** null: tokens cannot be revoked. */
  revocationEndpoint: string | null;
}

const readOrigins = ({ tokenEndpoint, revocationEndpoint }: SecretEndpoints): (string | null)[] =>
  [tokenEndpoint, ...(revocationEndpoint === null ? [] : [revocationEndpoint])].map(
    (endpoint) => URL.parse(endpoint)?.origin ?? null,
  );

/** Each origin once, in alphabetical order. */
export const listOrigins = (endpoints: SecretEndpoints): string[] =>
  [...new Set(readOrigins(endpoints))].filter((origin) => origin !== null).sort();

/** Whether every endpoint is at one of the origins. */
export const areEndpointsAt = (endpoints: SecretEndpoints, origins: readonly string[]): boolean =>
  readOrigins(endpoints).every((origin) => origin !== null && origins.includes(origin));
