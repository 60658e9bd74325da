// Rules of a client that was registered at an issuer: what its secret is sealed under, and when a new one must be registered. Times are
// epoch milliseconds.
import type { IssuerClientSealContext } from '../credential/seal-context.ts';

const DAY = 86_400_000;

/** A client's place, and the version of its secret. */
type SealedClient = Omit<IssuerClientSealContext, 'purpose'>;

/** What the secret of a registered client is sealed under: at no other issuer or redirect URI, and for no other client, it opens. */
export const clientSealContext = ({
  issuer,
  redirectUri,
  clientId,
  secretRev,
}: SealedClient): IssuerClientSealContext => ({
  purpose: 'issuer_client',
  issuer,
  redirectUri,
  clientId,
  secretRev,
});

/** When a registered client was made, and when its secret ends; null: never. */
export interface ClientLife {
  createdAt: number;
  expiresAt: number | null;
}

/** Whether the secret has ended. Expired means now ≥ `expiresAt`. */
export const isEnded = ({ expiresAt }: ClientLife, now: number): boolean => expiresAt !== null && now >= expiresAt;

/**
 * Whether a new client must be registered before another connection is started: the secret has ended, or ends within a day. A secret
 * that lives for less than two days serves half its life, or each start would register.
 */
export const isReplacementDue = ({ createdAt, expiresAt }: ClientLife, now: number): boolean =>
  expiresAt !== null && expiresAt - now <= Math.min(DAY, (expiresAt - createdAt) / 2);
