// Decides whether a reply is a failure, and of which kind. Of the provider's text, only an error code passes, and only in the form
// of one.
import type { ReplyRule } from '../../../domain/oauth/rules/reply-rule.ts';
import { ProviderFault, type ProviderFaultKind } from '../../../domain/ports/oauth-protocol.ts';
import { isOverload } from '../../../domain/refresh/refusal.ts';
import { findKnownCode, type KnownCode } from './error-codes.ts';
import { matchesRule } from './matches-rule.ts';
import { isFields, isSuccess, type JsonFields, type ProviderReply, parseFields, readPath } from './provider-reply.ts';

/** Paths where providers put the error code, the standard's first. */
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
  'errorType',
  'error_type',
  'error.errorCode',
  'error.error_code',
  'error.reason',
  'errors.0.errorType',
  'errors.0.type',
  'errors.0.reason',
  'error.errors.0.reason',
  'fault.code',
  'name',
  'type',
];
/** Paths of a sentence that may spell a known code (Twitch). */
const SENTENCE_PATHS = ['message', 'error.message'];
/** Paths of a sentence that may ask to wait, in the words of `BUSY`. */
const EXPLANATION_PATHS = [
  ...SENTENCE_PATHS,
  'error',
  'error_description',
  'errorDescription',
  'error_message',
  'errorMessage',
  'errors.0.message',
  'description',
  'detail',
];
const BUSY =
  /too many (?:\w+ )?(?:requests|calls|attempts)|rate.?limit|throttl|(?:try|retry)(?: again)? (?:later|after|in|shortly|soon)\b|temporarily|overload|server (?:is )?busy|quota/i;
const CODE = /^[a-z_]{1,64}$/i;
/** Where a number is an error code, not a status. */
const NUMBER_PATHS = ['error', 'error.code', 'errors.0.code', 'code', 'errorCode', 'error_code'];
const WORD = /^[\w.-]{1,64}$/;

const readTexts = (body: JsonFields, paths: readonly string[]): string[] =>
  paths.map((path) => readPath(body, path)).filter((value) => typeof value === 'string');

/** A status for overload or a server fault outranks the code; 401 and 3xx decide when no code is known. */
const faultKind = (status: number, body: JsonFields | null, known: KnownCode | undefined): ProviderFaultKind => {
  if (isOverload(status)) return 'transient';
  if (known) return known.kind;
  // RFC 6749 §5.2: 401 means that client authentication failed.
  if (status === 401) return 'client_fault';
  return body === null || (status >= 300 && status < 400) ? 'transient' : 'rejected';
};

/** Whether a refusal only asks to wait. Zoho calls too many requests `Access Denied`, which is no person's denial. */
const isBusy = (body: JsonFields | null): boolean =>
  body !== null && readTexts(body, EXPLANATION_PATHS).some((text) => BUSY.test(text));

/** Kinds that a request to wait outranks, and of which kind a known code is not. */
const isOutranked = (kind: ProviderFaultKind, known: KnownCode | undefined): boolean =>
  kind === 'denied' || ((kind === 'rejected' || kind === 'client_fault') && known?.kind !== 'client_fault');

/** The provider's own error word: the one that decided, if any did, else the first; a number where there is no word. */
const findOwnWord = (body: JsonFields | null, known: KnownCode | undefined): string | null => {
  if (body === null) return null;
  const words = readTexts(body, CODE_PATHS).filter((text) => WORD.test(text));
  const deciding = words.find((text) => known !== undefined && findKnownCode(text)?.code === known.code);
  const numbers = NUMBER_PATHS.map((path) => readPath(body, path)).filter((value) => Number.isSafeInteger(value));
  return deciding ?? words[0] ?? numbers.map(String).find((text) => WORD.test(text)) ?? null;
};

/** Whether a rule of the record says that the grant is dead. A rule must name a status of overload to apply to one. */
export const isDeadGrant = (rules: readonly ReplyRule[], { status }: ProviderReply, body: JsonFields | null): boolean =>
  rules.some((rule) => (rule.status !== undefined || !isOverload(status)) && matchesRule(rule, status, body));

interface FaultContext {
  /** The fields as the provider sent them, where a quirk corrected them. */
  original?: JsonFields | null;
  /** The record's rules for a grant that is dead. */
  deadGrant?: readonly ReplyRule[];
}

/** The fault in a failed reply. `body`: its fields, if already parsed. */
export const readFault = (
  reply: ProviderReply,
  body: JsonFields | null = parseFields(reply.text),
  { original = body, deadGrant = [] }: FaultContext = {},
): ProviderFault => {
  const codes = body ? readTexts(body, CODE_PATHS) : [];
  const candidates = body ? [...codes, ...readTexts(body, SENTENCE_PATHS)] : [];
  const knownCodes = candidates.map(findKnownCode).filter((code) => code !== null);
  // HubSpot states a general code in one field and the specific one in another.
  const known = knownCodes.find(({ kind }) => kind !== 'rejected') ?? knownCodes[0];
  const said = isDeadGrant(deadGrant, reply, original) ? 'dead_grant' : faultKind(reply.status, body, known);
  const waits = isOutranked(said, known) && isBusy(body);
  const kind = waits ? 'transient' : said;
  return new ProviderFault(kind, {
    providerCode: known?.code ?? (waits ? 'rate_limited' : (codes.find((code) => CODE.test(code)) ?? null)),
    providerError: findOwnWord(original, known),
    status: reply.status,
    retryAfterSeconds: kind === 'transient' ? reply.retryAfterSeconds : null,
  });
};

const isError = (error: unknown): boolean =>
  typeof error === 'string' ? error !== '' : isFields(error) ? readPath(error, 'code') !== 'ok' : error === true;

/** Whether a success without a token has what a failure has: then nothing was granted, and no answer was lost. */
export const hasErrorSign = (body: JsonFields | null): boolean => {
  if (body === null) return false;
  const { error, errors, status, success, error_code: code, errcode } = body;
  return (
    (typeof error === 'number' && error !== 0) ||
    (typeof errors === 'object' && errors !== null && Object.keys(errors).length > 0) ||
    (typeof status === 'string' && /^(?:error|fail(?:ed|ure)?)$/i.test(status)) ||
    success === 'false' ||
    [code, errcode].some(
      (value) => value !== undefined && value !== null && value !== 0 && value !== '0' && value !== '',
    )
  );
};

/** Whether the status or the fields report a failure; GitHub, Slack and Reddit report some with status 200. */
export const isFailure = (reply: ProviderReply, body: JsonFields | null): boolean =>
  !isSuccess(reply.status) ||
  (body !== null && (isError(readPath(body, 'error')) || body.ok === false || body.success === false));
