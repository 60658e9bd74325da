// Where the facts of the OAuth records come from. Read by `docs/providers.md` and the tests, never at run time.

/** The vendor's pages that were read for a record; or, where none could be, the agreement of libraries on single endpoints. */
export type OAuthSource =
  | readonly [string, ...string[]]
  | { readonly connect: string; readonly check?: string; readonly end?: string };

/** By provider. */
export type OAuthSources = Readonly<Record<string, OAuthSource>>;

/** When the sources were last read (ISO 8601). */
export const oauthCheckedOn = '2026-11-23';

/** How many of the public client libraries that list a provider state the same endpoint. */
export const agreement = (libraries: number, listing: number): string =>
  `${libraries} of ${listing} public client libraries`;
