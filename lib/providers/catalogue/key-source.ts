// Where the facts of `keys` come from. Read by `docs/providers.md` and the tests, never at run time.

/** The sources of one provider's facts. */
export interface KeySource {
  /** Of the base URL, the hosts, the variables and where a key goes. */
  call: readonly [string, ...string[]];
  /** Of the call that checks a secret. */
  check?: readonly [string, ...string[]];
  /** Of how a person ends the key. */
  end?: readonly [string, ...string[]];
}

/** Sources by provider. */
export type KeySources = Readonly<Record<string, KeySource>>;

/** When the sources were last read (ISO 8601). */
export const keysCheckedOn = '2026-11-28';

/** Nango's list of providers. */
export const NANGO = 'https://github.com/NangoHQ/nango/blob/master/packages/providers/providers.yaml';

/** The identity endpoint in this catalogue's OAuth record of that name, which has two sources of its own. */
export const OAUTH_RECORD = 'the OAuth record';

const N8N = 'https://github.com/n8n-io/n8n/blob/master/packages/nodes-base/credentials';
const TRUFFLEHOG = 'https://github.com/trufflesecurity/trufflehog/blob/main/pkg/detectors';
const AUTOGPT = 'https://github.com/Significant-Gravitas/AutoGPT/tree/master/autogpt_platform/backend/backend/blocks';

/** A credential of n8n. */
export const n8n = (name: string): string => `${N8N}/${name}.credentials.ts`;

/** A detector of trufflehog. */
export const trufflehog = (path: string): string => `${TRUFFLEHOG}/${path}.go`;

/** A block of the AutoGPT platform. */
export const autogpt = (path: string): string => `${AUTOGPT}/${path}`;
