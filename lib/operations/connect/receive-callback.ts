// Receives a provider's redirect: seals the code into the state and gives the browser a receipt. No code is exchanged here.
// Only the signed-in user who started the flow can complete it, with the receipt that this browser got.
import { ConnectionPayload, type PendingCode } from '../../domain/oauth/connection-state.ts';
import { hashToken, type StateRow } from '../../domain/oauth/oauth-state.ts';
import { newStateToken } from '../../domain/oauth/pkce.ts';
import { stateInvalid } from '../../domain/oauth/state-refusal.ts';
import { newIv, sealUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { sha256 } from '../../domain/values/digest.ts';
import { assertActive, decryptPayload, findState } from '../../steps/connect/load-state.ts';

/** The callback's query (RFC 6749 §4.1.2, RFC 9207 §2). Each parameter is unknown until checked: it may be given twice. */
export interface CallbackQuery {
  state?: unknown;
  code?: unknown;
  iss?: unknown;
  error?: unknown;
  /** Those that the provider's record names. */
  [name: string]: unknown;
}

/** What the browser gets: a receipt for the code, or the provider's error; `returnUrl` is where to send it, if anywhere. */
export type ReceivedCallback =
  | { kind: 'received'; returnUrl: string | null; receipt: string }
  | { kind: 'denied'; returnUrl: string | null; error: string };

type ReceiveDeps = Pick<Deps, 'states' | 'clock' | 'random'>;

/** An error code (RFC 6749 §4.1.2.1). Any other text from the provider is not passed on. */
const ERROR_CODE = /^[a-z_]{1,64}$/;
const MAX_CODE = 4096;
const MAX_ISSUER = 2048;
const MAX_PARAMETER = 2048;
/** How long the same response is accepted again: a reload, or a navigation that the browser sends twice. */
const REPEAT_MILLISECONDS = 60_000;

const isLine = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max && !/\p{Cc}/u.test(value);

const isText = (value: unknown, max: number): value is string => isLine(value, max) && value !== '';

const loadConnection = async (
  deps: ReceiveDeps,
  state: unknown,
): Promise<{ row: StateRow; document: ConnectionPayload }> => {
  const row = await findState(deps, state, 'connection');
  assertActive(row, deps.clock.now());
  const document = decryptPayload(row, state as string, ConnectionPayload);
  // The redirect belongs to the application's own page, so a code that arrives here was sent by someone else.
  if (document.ownCallback) throw stateInvalid('own_callback');
  return { row, document };
};

/** An error without a value counts as omitted (RFC 6749 §3.1). An empty code or issuer is refused all the same. */
const readParameter = (query: CallbackQuery, name: string): unknown => {
  const value = Object.hasOwn(query, name) ? query[name] : undefined;
  return value === '' ? undefined : value;
};

/**
 * The parameters of these names, also those without a value: an empty list of scopes grants none, an empty name is no tenant. Throws
 * `state_invalid` for one that is repeated, too long or not plain text.
 */
const readParameters = (query: CallbackQuery, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = Object.hasOwn(query, name) ? query[name] : undefined;
      if (value === undefined) return [];
      if (!isLine(value, MAX_PARAMETER)) throw stateInvalid('malformed_callback');
      return [[name, value]];
    }),
  );

/** The first error that the response has, in the parameter of the standard or in one of the provider's own. */
const readError = (query: CallbackQuery, { callbackErrorParams }: ConnectionPayload): unknown =>
  ['error', ...callbackErrorParams].map((name) => readParameter(query, name)).find((error) => error !== undefined);

const noteDenial = async (deps: ReceiveDeps, row: StateRow, error: string): Promise<string> => {
  if (!(await deps.states.noteDenial(row.tokenHash, deps.clock.now()))) throw stateInvalid('lost_race');
  return ERROR_CODE.test(error) ? error : 'access_denied';
};

/** Names a response without telling the code: the token, which is not stored, is part of the hash. */
const hashResponse = (token: string, { code, iss, params }: PendingCode): string =>
  sha256(JSON.stringify([token, code, iss, Object.entries(params).toSorted()]), 'base64url');

const storePendingCode = async (
  deps: ReceiveDeps,
  token: string,
  { row, code }: { row: StateRow; code: PendingCode },
): Promise<string> => {
  const receipt = newStateToken(deps.random.bytes);
  const key = { secrets: [token, receipt], use: 'pending_code' } as const;
  const pendingCode = sealUnderToken(key, row, { document: code, iv: newIv(deps.random.bytes) });
  const now = deps.clock.now();
  const stored = await deps.states.storePendingCode({
    tokenHash: row.tokenHash,
    receiptHash: hashToken(receipt),
    pendingCode,
    codeHash: hashResponse(token, code),
    repeatableAfter: now - REPEAT_MILLISECONDS,
    now,
  });
  if (!stored) throw stateInvalid(row.pendingCode === null ? 'lost_race' : 'second_code');
  return receipt;
};

/**
 * Stores the first code of a connection, or notes that the provider sent an error. The same response again gets a new receipt for a
 * minute, and voids the older one. Throws `state_invalid` for every refusal; the state can still be used.
 */
export const receiveCallback = async (deps: ReceiveDeps, query: CallbackQuery): Promise<ReceivedCallback> => {
  const { row, document } = await loadConnection(deps, query.state);
  const { returnUrl } = document;
  const { code, iss } = query;
  const error = readError(query, document);
  if (error !== undefined) {
    if (code !== undefined || typeof error !== 'string') throw stateInvalid('malformed_callback');
    return { kind: 'denied', returnUrl, error: await noteDenial(deps, row, error) };
  }
  if (!isText(code, MAX_CODE)) throw stateInvalid('malformed_callback');
  if (iss !== undefined && !isText(iss, MAX_ISSUER)) throw stateInvalid('malformed_callback');
  const params = readParameters(query, document.callbackParams);
  const pending: PendingCode = { code, iss: iss ?? null, params };
  const receipt = await storePendingCode(deps, query.state as string, { row, code: pending });
  return { kind: 'received', returnUrl, receipt };
};
