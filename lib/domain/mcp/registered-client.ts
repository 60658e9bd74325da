// Rules of a client that was registered at an issuer: what its secret is sealed under, when a new one must be registered, and how long one is
// kept that is unused, or that another took the place of. Times are epoch milliseconds.
import type { IssuerClientSealContext } from '../credential/seal-context.ts';

const DAY = 86_400_000;

/** A server that refuses each client it registers gets no more registrations than this. */
const REGISTRATION_PAUSE = 600_000;

/** How long a former client is kept after the end of its secret: some servers accept one longer than they say. */
const KEPT_AFTER_END = 30 * DAY;

/** How long a client is kept that no connection was completed with. A flow must end in half of it. */
const KEPT_UNUSED = 30 * DAY;

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

/** Until when a client is kept without a connection, from `now`; in whole seconds, as a table counts. */
export const endOfUnused = (now: number): number => Math.ceil(now / 1000) * 1000 + KEPT_UNUSED;

/** When a client is removed if no connection is completed with it before; null: never. */
interface Unused {
  unusedUntil: number | null;
}

/** Whether an unused client counts as removed: the table removes it later. */
export const isForgotten = ({ unusedUntil }: Unused, now: number): boolean =>
  unusedUntil !== null && now >= unusedUntil;

/** Whether an unused client could be removed before a flow that starts now comes back. */
export const isForgottenSoon = ({ unusedUntil }: Unused, now: number): boolean =>
  unusedUntil !== null && unusedUntil - now < KEPT_UNUSED / 2;

/**
 * When a former client may be forgotten; null: never, for its grants are refreshed with it as long as they live. An unused one whose
 * secret has no end was replaced because it was forgotten, so it has none.
 */
export const endOfFormerClient = ({ expiresAt, unusedUntil }: Pick<ClientLife, 'expiresAt'> & Unused): number | null =>
  expiresAt === null ? unusedUntil : expiresAt + KEPT_AFTER_END;
