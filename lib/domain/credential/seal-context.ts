// The context that a secret is sealed under. The seal carries a hash of all of it, so a seal copied to another user, host or
// version of the secret does not open; the data key is bound to a part of it by the KMS encryption context.
import { sha256 } from '../values/digest.ts';

/** What a sealed secret belongs to. */
export type SealContext = UserSealContext | IssuerClientSealContext | IssuerMetadataSealContext;

/** A secret of a user. */
export interface UserSealContext {
  purpose: 'credential' | 'managed';
  userId: string;
  /** The credential's id; for a managed key the provider. */
  credentialId: string;
  provider: string;
  type: string;
  host: string | null;
  /** The credential's `data`: where its token is sent follows from it. */
  data: Readonly<Record<string, string>> | null;
  /** The MCP server that its token is for; null: none. */
  resource: string | null;
  secretRev: string;
}

/** The secret of a client that was registered at an issuer. */
export interface IssuerClientSealContext {
  purpose: 'issuer_client';
  issuer: string;
  redirectUri: string;
  clientId: string;
  /** Where it was registered to be sent: the origins of the issuer's endpoints then. */
  origins: readonly string[];
  secretRev: string;
}

/** What this deployment has read of an issuer itself. */
export interface IssuerMetadataSealContext {
  purpose: 'issuer_metadata';
  issuer: string;
}

/** The context of what was read of an issuer, wherever it is kept. */
export const issuerMetadataContext = (issuer: string): IssuerMetadataSealContext => ({
  purpose: 'issuer_metadata',
  issuer,
});

const listUserValues = (context: UserSealContext): unknown[] => [
  context.purpose,
  context.userId,
  context.credentialId,
  context.provider,
  context.type,
  context.host,
  context.data && Object.entries(context.data).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  context.resource,
  context.secretRev,
];

const listValues = (context: SealContext): unknown[] => {
  if (context.purpose === 'issuer_metadata') return [context.purpose, context.issuer];
  if (context.purpose !== 'issuer_client') return listUserValues(context);
  const { purpose, issuer, redirectUri, clientId, origins, secretRev } = context;
  return [purpose, issuer, redirectUri, clientId, origins, secretRev];
};

/** The hash of a context. JSON of a list whose first value says what it holds is injective, so different contexts never hash the same text. */
export const hashSealContext = (context: SealContext): string =>
  sha256(JSON.stringify(listValues(context)), 'base64url');

/**
 * The KMS encryption context of a data key. CloudTrail records it, and user ids are often e-mail addresses, so it has only their hash;
 * an issuer's hash has a fixed length.
 */
export const encryptionContext = (context: SealContext): Record<string, string> =>
  context.purpose === 'issuer_client' || context.purpose === 'issuer_metadata'
    ? { issuer: sha256(context.issuer, 'hex'), purpose: context.purpose }
    : {
        user: sha256(context.userId, 'hex'),
        credentialId: context.credentialId,
        purpose: context.purpose,
      };
