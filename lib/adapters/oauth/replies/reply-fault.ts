// Says whether a reply is a failure, and which. Of the provider's text only its error code gets through, and only when it has
// the form of one.
import { ProviderFault, type ProviderFaultKind } from '../../../domain/ports/oauth-protocol.ts';
import { type KnownWord, knownWord } from './fault-words.ts';
import { isFields, isSuccess, type JsonFields, type ProviderReply, parseFields, readPath } from './provider-reply.ts';

/** Where providers put the code, the standard's place first. */
const CODE_PATHS = [
  'error',
  'error.code',
  'error.type',
  'error.status',
  'error.error',
  'errors.0.code',
  'errors.0.error',
  'code',
  'errorCode',
  'error_code',
  'status',
  'category',
  'subCategory',
  'reason',
];
/** Where a sentence stands that may be a known word by its letters (Twitch). */
const SENTENCE_PATHS = ['message', 'error.message'];
const CODE = /^[a-z_]{1,64}$/i;

const textsAt = (body: JsonFields, paths: readonly string[]): string[] =>
  paths.map((path) => readPath(body, path)).filter((value) => typeof value === 'string');

/** A status has the last word where it says that nothing is known, or that it was the client that was not known. */
const kindOf = (status: number, body: JsonFields | null, known: KnownWord | undefined): ProviderFaultKind => {
  if (status === 429 || status === 408 || status >= 500) return 'transient';
  if (known) return known.kind;
  // RFC 6749 §5.2: only client authentication answers so.
  if (status === 401) return 'client_fault';
  return body === null || (status >= 300 && status < 400) ? 'transient' : 'rejected';
};

/** The failure that a reply tells of; `body` is its fields when they were read already. */
export const faultOf = (reply: ProviderReply, body: JsonFields | null = parseFields(reply.text)): ProviderFault => {
  const codes = body ? textsAt(body, CODE_PATHS) : [];
  const candidates = body ? [...codes, ...textsAt(body, SENTENCE_PATHS)] : [];
  const knowns = candidates.map(knownWord).filter((word) => word !== null);
  // Beside a general word the telling one may stand elsewhere (HubSpot).
  const known = knowns.find((word) => word.kind !== 'rejected') ?? knowns[0];
  const kind = kindOf(reply.status, body, known);
  return new ProviderFault(kind, {
    providerCode: known?.word ?? codes.find((code) => CODE.test(code)) ?? null,
    retryAfterSeconds: kind === 'transient' ? reply.retryAfterSeconds : null,
  });
};

const says = (error: unknown): boolean =>
  typeof error === 'string' ? error !== '' : isFields(error) ? readPath(error, 'code') !== 'ok' : error === true;

/** A failure by its status, or by what its fields say under a good one (GitHub, Slack, Reddit). */
export const isFailure = (reply: ProviderReply, body: JsonFields | null): boolean =>
  !isSuccess(reply.status) ||
  (body !== null && (says(readPath(body, 'error')) || body.ok === false || body.success === false));
