// What is known of the API of a provider whose keys or passwords people hold. The facts are in `keys`, their sources in `key-sources`.
import type { CredentialType } from '../../domain/credential/credential.ts';
import type { KeyPlacement } from '../../domain/credential/sendable-fields.ts';
import type { TemplateVariables } from '../../domain/oauth/url-template.ts';
import type { Verification } from '../../domain/oauth/verification.ts';

/**
 * A fact needs two sources that agree, or the vendor's own. A base URL has no version, so that a path such as `/v1/models` can be
 * appended. Hosts are listed where the API has others than that of the base; a wildcard only where the vendor itself answers at
 * every name below it.
 */
export interface KeyProvider {
  displayName: string;
  /** What people hold. Default: `api_key`. */
  type?: Extract<CredentialType, 'user_password'>;
  /** null: not an HTTP API. */
  apiBaseUrl: string | null;
  /** Default: none. */
  apiHosts?: readonly string[];
  /** Of the base URL, the hosts and the path of the check. Default: none. */
  templateVariables?: TemplateVariables;
  /** Where a key goes. Default: `authorization: Bearer`. A user name and password always go in HTTP Basic. */
  key?: KeyPlacement;
  /** Not set: no call is known that tells a good secret from a bad one. */
  verification?: Verification;
}

/** Providers by name. */
export type KeyProviders = Readonly<Record<string, KeyProvider>>;

/** A header; its name in lower case. */
export const header = (name: string, prefix = ''): KeyPlacement => ({ header: { name, prefix } });
