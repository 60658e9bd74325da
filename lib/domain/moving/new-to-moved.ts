// A credential as a worker sends it to store one, turned into the shape of an export. Other systems are moved in that shape: it
// is documented with the routes and has no fields that only this service can know. Nothing is checked here.
import type { RawFields } from './judge-credential.ts';

const pick = (raw: RawFields, ...names: string[]): RawFields =>
  Object.fromEntries(
    names.flatMap((name) => (raw[name] === undefined || raw[name] === null ? [] : [[name, raw[name]]])),
  );

const readSecret = (raw: RawFields): RawFields => {
  switch (raw.type) {
    case 'api_key':
      return pick(raw, 'apiKey');
    case 'user_password':
      return pick(raw, 'username', 'password');
    case 'host_scoped':
      return pick(raw, 'headers');
    default:
      return pick(raw, 'accessToken', 'refreshToken', 'metadata', 'variables');
  }
};

/** The fields of a NewCredential, and beside them those of an export that are no secret, such as `createdAt`. */
export const convertNewCredential = (raw: RawFields): RawFields => ({
  ...raw,
  ...(raw.type === 'oauth2' ? { expiresAt: raw.accessTokenExpiresAt } : { data: raw.variables }),
  secret: readSecret(raw),
});
