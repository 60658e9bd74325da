// Takes the code a provider sent back with a browser and gives that browser a receipt. Nothing is exchanged here: only the
// signed-in starter, with the receipt of this very browser, can go on.
import { ConnectionPayload, type PendingCode } from '../../domain/oauth/connection-state.ts';
import { hashToken, type StateRow } from '../../domain/oauth/oauth-state.ts';
import { newStateToken } from '../../domain/oauth/pkce.ts';
import { newIv, sealUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { decryptPayload, findState, stateInvalid } from '../../steps/connect/load-state.ts';

/** The query of the callback; anything but one string a name is no answer of a provider. */
export interface CallbackQuery {
  state?: unknown;
  code?: unknown;
  iss?: unknown;
  error?: unknown;
}

export type ReceivedCallback =
  | { outcome: 'received'; returnUrl: string | null; receipt: string }
  | { outcome: 'denied'; returnUrl: string | null; error: string };

type ParkDeps = Pick<Deps, 'states' | 'clock' | 'random'>;

/** RFC 6749 §4.1.2.1 error codes are such words; anything else is not repeated. */
const ERROR_CODE = /^[a-z_]{1,64}$/;
const MAX_CODE = 4096;
const MAX_ISSUER = 2048;

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= max && !/\p{Cc}/u.test(value);

const liveFlow = async (deps: ParkDeps, state: unknown): Promise<{ row: StateRow; document: ConnectionPayload }> => {
  const row = typeof state === 'string' ? await findState(deps, state) : null;
  if (row === null || row.kind !== 'connection' || row.usedBy !== null) throw stateInvalid();
  if (isExpired(row.expiresAt, deps.clock.now())) throw stateInvalid();
  const document = decryptPayload(row, state as string, ConnectionPayload);
  // Its redirect goes to the application's own page: nothing of it belongs here.
  if (document.ownCallback) throw stateInvalid();
  return { row, document };
};

const deny = async (deps: ParkDeps, row: StateRow, error: string): Promise<string> => {
  if (!(await deps.states.noteDenial(row.tokenHash, deps.clock.now()))) throw stateInvalid();
  return ERROR_CODE.test(error) ? error : 'access_denied';
};

const park = async (deps: ParkDeps, token: string, { row, code }: { row: StateRow; code: PendingCode }) => {
  const receipt = newStateToken(deps.random.bytes);
  const key = { secrets: [token, receipt], use: 'pending_code' } as const;
  const pendingCode = sealUnderToken(key, row, { document: code, iv: newIv(deps.random.bytes) });
  const first = await deps.states.storePendingCode({
    tokenHash: row.tokenHash,
    receiptHash: hashToken(receipt),
    pendingCode,
    now: deps.clock.now(),
  });
  if (!first) throw stateInvalid();
  return receipt;
};

/** The first code wins. Throws `state_invalid` for everything else, and spends nothing. */
export const receiveCallback = async (deps: ParkDeps, query: CallbackQuery): Promise<ReceivedCallback> => {
  const { row, document } = await liveFlow(deps, query.state);
  const { returnUrl } = document;
  const { code, iss, error } = query;
  if (error !== undefined) {
    if (code !== undefined || typeof error !== 'string') throw stateInvalid();
    return { outcome: 'denied', returnUrl, error: await deny(deps, row, error) };
  }
  if (!isText(code, MAX_CODE) || (iss !== undefined && !isText(iss, MAX_ISSUER))) throw stateInvalid();
  const receipt = await park(deps, query.state as string, { row, code: { code, iss: iss ?? null } });
  return { outcome: 'received', returnUrl, receipt };
};
