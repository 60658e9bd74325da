// Rules of a client that was registered at an issuer: what its secret is sealed under, when a new one must be registered, and how long the
// former one is kept. Times are epoch milliseconds.
import type { IssuerClientSealContext } from '../credential/seal-context.ts';

const DAY = 86_400_000;

/** A server that refuses each client it registers gets no more registrations than this. */
const REGISTRATION_PAUSE = 600_000;

/** How long a former client is kept after the end of its secret: some servers accept one longer than they say. */
const KEPT_AFTER_END = 30 * DAY;

/** A client's place, and the version of its secret. */
type SealedClient = Omit<IssuerClientSealContext, 'purpose'>;

/** What the secret of a registered client is sealed under: at no other issuer, redirect URI or origins, and for no other client, it opens. */
export const clientSealContext = ({
  issuer,
  redirectUri,
  clientId,
  origins,
  secretRev,
}: SealedClient): IssuerClientSealContext => ({
  purpose: 'issuer_client',
  issuer,
  redirectUri,
  clientId,
  origins,
  secretRev,
});

/** When a registered client was made, when its secret ends, and when its server refused it; null: never. */
export interface ClientLife {
  createdAt: number;
  expiresAt: number | null;
  refusedAt: number | null;
}

/** Whether the secret has ended. Expired means now ≥ `expiresAt`. */
export const isEnded = ({ expiresAt }: Pick<ClientLife, 'expiresAt'>, now: number): boolean =>
  expiresAt !== null && now >= expiresAt;

/** Ends within a day. A secret that lives for less than two days serves half its life, or each start would register. */
const isEnding = ({ createdAt, expiresAt }: ClientLife, now: number): boolean =>
  expiresAt !== null && expiresAt - now <= Math.min(DAY, (expiresAt - createdAt) / 2);

/** A client that was made just now may be refused by mistake. One of the future was made by a clock that is wrong. */
const isLost = ({ createdAt, refusedAt }: ClientLife, now: number): boolean =>
  refusedAt !== null && Math.abs(now - createdAt) >= REGISTRATION_PAUSE;

/**
 * Whether a new client must be registered before another connection is started: the secret has ended or ends soon, or the server no
 * longer knows the client.
 */
export const isReplacementDue = (life: ClientLife, now: number): boolean => isEnding(life, now) || isLost(life, now);

/** When a former client may be forgotten; null: never, for its grants are refreshed with it as long as they live. */
export const endOfFormerClient = ({ expiresAt }: Pick<ClientLife, 'expiresAt'>): number | null =>
  expiresAt === null ? null : expiresAt + KEPT_AFTER_END;
