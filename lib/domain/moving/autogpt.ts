// The decrypted document of AutoGPT's store of integrations, turned into the shape of an export. Its names are in snake case, its
// times are epoch seconds, its secrets are texts beside the other fields. Nothing is checked here.
import type { RawFields } from './judge-credential.ts';

/** A provider that was stored by the name of its enum member instead of its value. */
const ENUM_MEMBER = /^ProviderName\.(\w+)$/;

/** The provider's name as AutoGPT has it today. */
export const readAutogptProvider = (provider: unknown): unknown => {
  const member = typeof provider === 'string' ? ENUM_MEMBER.exec(provider)?.[1] : undefined;
  return member?.toLowerCase() ?? provider;
};

const MAX_MILLISECONDS = 253_402_300_799_999;

/** Epoch seconds, as a number or text, as a wire time; any other value as it is, for the check that follows. */
export const readAutogptTime = (value: unknown): unknown => {
  const seconds = typeof value === 'string' && /^\d{1,11}(?:\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number') return value;
  const milliseconds = Math.round(seconds * 1000);
  return milliseconds >= 0 && milliseconds <= MAX_MILLISECONDS ? new Date(milliseconds).toISOString() : value;
};

const emptyToNull = (value: unknown): unknown => (value === '' ? null : value);
const nullToAbsent = (value: unknown): unknown => (value === null || value === '' ? undefined : value);

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

const readMetadata = (value: unknown): unknown => (isEmptyObject(value) ? undefined : nullToAbsent(value));

const readSecret = (raw: RawFields): unknown => {
  switch (raw.type) {
    case 'api_key':
      return { apiKey: raw.api_key };
    case 'user_password':
      return { username: raw.username, password: raw.password };
    case 'host_scoped':
      return { headers: raw.headers };
    default:
      return {
        accessToken: raw.access_token,
        refreshToken: nullToAbsent(raw.refresh_token),
        metadata: readMetadata(raw.metadata),
      };
  }
};

/** One of the four types of credentials in the shape of an export. A grant does not tell by which OAuth client it was made. */
export const convertAutogptCredential = (raw: RawFields): RawFields => ({
  id: raw.id,
  type: raw.type,
  provider: readAutogptProvider(raw.provider),
  title: emptyToNull(raw.title),
  host: raw.host,
  username: emptyToNull(raw.username),
  scopes: raw.scopes,
  expiresAt: readAutogptTime(raw.type === 'oauth2' ? raw.access_token_expires_at : raw.expires_at),
  refreshTokenExpiresAt: readAutogptTime(raw.refresh_token_expires_at),
  secret: readSecret(raw),
});

/** Fields of `managed_credentials`, and the provider that each key is for. */
const MANAGED: Readonly<Record<string, string>> = { ayrshare_profile_key: 'ayrshare' };

/** The managed keys in the shape of an export; one whose provider is not known keeps its own name. Absent keys are left out. */
export const convertAutogptManaged = (managed: RawFields): { provider: string; isKnown: boolean; secret: unknown }[] =>
  Object.entries(managed).flatMap(([name, secret]) => {
    const provider = Object.hasOwn(MANAGED, name) ? MANAGED[name] : undefined;
    if (secret === null || secret === '') return [];
    return [{ provider: provider ?? name, isKnown: provider !== undefined, secret }];
  });
