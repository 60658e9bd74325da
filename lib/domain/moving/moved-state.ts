// An OAuth flow that was open when a document was written: its user may still come back from the provider, and then the
// application consumes the state here.
import * as z from 'zod';
import { STATE_TOKEN, type StatePayload } from '../oauth/oauth-state.ts';
import { JsonObject } from '../values/json-object.ts';
import { boundedText, ProviderName, Scopes, WireTime } from '../values/names.ts';
import { readAutogptProvider, readAutogptTime } from './autogpt.ts';
import type { RawFields } from './judge-credential.ts';

const AutogptState = z.object({
  token: z.string().regex(STATE_TOKEN),
  provider: ProviderName,
  expires_at: WireTime,
  code_verifier: z.string().regex(/^[\w.~-]{43,128}$/),
  scopes: Scopes.nullish(),
  callback_url: z.string().max(2_048).nullish(),
  state_metadata: JsonObject.nullish(),
  initiated_by_api_key_id: boundedText(256).nullish(),
});

/** A state to store; `expiresAt` in epoch milliseconds. */
export interface MovedState {
  token: string;
  provider: string;
  expiresAt: number;
  payload: StatePayload;
}

/** The flow; null when a field is missing or malformed. Whether it has expired is for the caller to see. */
export const readAutogptState = (raw: RawFields): MovedState | null => {
  const provider = readAutogptProvider(raw.provider);
  const parsed = AutogptState.safeParse({ ...raw, provider, expires_at: readAutogptTime(raw.expires_at) });
  if (!parsed.success) return null;
  const { token, expires_at: expiresAt, ...state } = parsed.data;
  const payload = {
    codeVerifier: state.code_verifier,
    scopes: state.scopes ?? [],
    callbackUrl: state.callback_url ?? null,
    metadata: state.state_metadata ?? null,
    initiatedByApiKeyId: state.initiated_by_api_key_id ?? null,
  };
  return { token, provider: state.provider, expiresAt, payload };
};

/** When a flow expires, read by itself: an expired one needs no other field. null: not readable. */
export const readAutogptStateExpiry = (raw: RawFields): number | null =>
  WireTime.safeParse(readAutogptTime(raw.expires_at)).data ?? null;
