// Calls an API with a user's credential. The credential goes to the origin it was resolved for and to no other, redirects included; a
// token that the API refuses is reported, and the call made once more where its body can be sent again.
import type { ResolvedCredential, ResolveRequest } from '../generated/api-types.ts';
import { KeyholdError } from '../keyhold-error.ts';
import type { CallOptions } from '../transport/call.ts';
import { type ApiRequest, readRequest } from './api-request.ts';
import { type Sent, sendFollowing } from './send-following.ts';
import { findTarget } from './target-url.ts';

/** Which credential of the user to call with. Without any of the names the URL chooses. */
export interface CredentialChoice {
  /** The provider to call, such as `github`. */
  provider?: string | undefined;
  /** One credential of the user. */
  credentialId?: string | undefined;
  /** The scopes the token must cover. */
  scopes?: string[] | undefined;
  /** `false`: a 401 of the API is answered as it is and reported to nobody. Default `true`. */
  reportRefusal?: boolean | undefined;
}

/** What `fetch` takes, and which credential to call with. */
export type CredentialRequestInit = RequestInit & CredentialChoice;

/** What calling as a user needs. */
export interface FetchDeps {
  resolve(userId: string, request: ResolveRequest, options?: CallOptions): Promise<ResolvedCredential>;
  fetch: typeof globalThis.fetch;
}

/** The arguments of `fetch`. */
export interface FetchArguments {
  input: string | URL | Request;
  init: CredentialRequestInit | undefined;
  /** The URL to resolve by; omitted: that of the call, without its query. */
  resolveUrl?: string;
}

/** An answer, and the credential that its call was made with. */
export interface CalledAsUser extends Sent {
  credential: ResolvedCredential;
}

const isWholeUrl = (url: string): boolean => URL.canParse(url);

/** The query of the call may hold anything of the user, and chooses nothing. */
const withoutQuery = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};

const describeChoice = ({ url }: ApiRequest, choice: CredentialChoice): ResolveRequest => ({
  ...(choice.provider !== undefined && { provider: choice.provider }),
  ...(choice.credentialId !== undefined && { credentialId: choice.credentialId }),
  ...(choice.scopes !== undefined && { scopes: choice.scopes }),
  ...(isWholeUrl(url) && { url: withoutQuery(url) }),
});

/** Codes by which a report says that the user must act: the next call would say the same. */
const FINAL = new Set(['reconnect_required', 'not_connected', 'insufficient_scopes', 'credential_unreadable']);

/** Another token in place of the refused one; null where there is none now. Throws where the user must act. */
const replaceRefused = async (
  resolve: (request: Partial<ResolveRequest>) => Promise<ResolvedCredential>,
  { tokenRef }: ResolvedCredential,
): Promise<ResolvedCredential | null> => {
  try {
    const renewed = await resolve({ refusedTokenRef: tokenRef });
    return renewed.tokenRef === tokenRef ? null : renewed;
  } catch (error) {
    if (error instanceof KeyholdError && !FINAL.has(error.code)) return null;
    throw error;
  }
};

/** Makes the call. Throws `KeyholdError` where no credential works, and what `fetch` throws. */
export const callAsUser = async (deps: FetchDeps, userId: string, given: FetchArguments): Promise<CalledAsUser> => {
  const { provider, credentialId, scopes, reportRefusal = true, ...init } = given.init ?? {};
  const request = readRequest(given.input, init);
  const { resolveUrl: url } = given;
  const wanted = { ...describeChoice(request, { provider, credentialId, scopes }), ...(url !== undefined && { url }) };
  const options = request.signal ? { signal: request.signal } : {};
  const resolve = (more: Partial<ResolveRequest> = {}) => deps.resolve(userId, { ...wanted, ...more }, options);
  const first = await resolve();
  const sending = { request, target: findTarget(request.url, first), credential: first };
  const sent = await sendFollowing(deps.fetch, sending);
  const called = { ...sent, credential: first };
  if (sent.response.status !== 401 || !sent.hadCredential || !reportRefusal) return called;
  const second = await replaceRefused(resolve, first).catch(async (error) => {
    await sent.response.body?.cancel();
    throw error;
  });
  if (second === null || !request.canRepeat) return called;
  await sent.response.body?.cancel();
  // By a path, another credential may have another base URL.
  const again = { request, target: findTarget(request.url, second), credential: second };
  return { ...(await sendFollowing(deps.fetch, again)), credential: second };
};

/** As `callAsUser`, and answers the response alone. */
export const fetchAsUser = async (deps: FetchDeps, userId: string, given: FetchArguments): Promise<Response> =>
  (await callAsUser(deps, userId, given)).response;
