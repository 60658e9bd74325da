// Verifies that a request was signed by the local worker (AWS Signature Version 4, service execute-api), at most five minutes
// before or after now. A request that cannot be verified counts as unsigned, without a reason.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { localCredentials, REGION } from '../aws/local-aws.ts';
import { type Authorization, parseAuthorization } from './sigv4-authorization.ts';
import { canonicalRequest, headerValue, type SignedRequest, sha256Hex } from './sigv4-canonical.ts';

const SERVICE = 'execute-api';
const TOLERANCE_MILLISECONDS = 5 * 60 * 1000;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const signingKey = (day: string): Buffer =>
  [day, REGION, SERVICE, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${localCredentials.secretAccessKey}`,
  ) as Buffer;

const toBasicForm = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d{3}|[-:]/g, '');

const parseBasicForm = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** The time of signing as `YYYYMMDDTHHMMSSZ`: x-amz-date, else date. */
const signingTime = (rawHeaders: readonly string[]): string | undefined => {
  const given = headerValue(rawHeaders, 'x-amz-date');
  const milliseconds = given === undefined ? Date.parse(headerValue(rawHeaders, 'date') ?? '') : parseBasicForm(given);
  return Number.isNaN(milliseconds) ? undefined : toBasicForm(milliseconds);
};

const isLocalWorker = ({ accessKeyId, region, service, signedHeaders }: Authorization): boolean =>
  accessKeyId === localCredentials.accessKeyId &&
  region === REGION &&
  service === SERVICE &&
  signedHeaders.includes('host');

const isWithinTolerance = (time: string, day: string, now: number): boolean =>
  time.startsWith(day) && Math.abs(parseBasicForm(time) - now) <= TOLERANCE_MILLISECONDS;

const isBodyHashCorrect = ({ rawHeaders, body }: SignedRequest): boolean => {
  const claimed = headerValue(rawHeaders, 'x-amz-content-sha256');
  return claimed === undefined || claimed === sha256Hex(body);
};

const computeSignature = (canonical: string, day: string, time: string): Buffer => {
  const scope = `${day}/${REGION}/${SERVICE}/aws4_request`;
  // Latin-1, as Node decoded the headers: so these are the bytes that were received.
  const hash = sha256Hex(Buffer.from(canonical, 'latin1'));
  return hmac(signingKey(day), ['AWS4-HMAC-SHA256', time, scope, hash].join('\n'));
};

/** `now` in milliseconds. A presigned URL (the signature in the query) counts as unsigned. */
export const isSignedByWorker = (request: SignedRequest, now: number): boolean => {
  const authorization = parseAuthorization(headerValue(request.rawHeaders, 'authorization'));
  const time = signingTime(request.rawHeaders);
  if (!authorization || !time || !isLocalWorker(authorization)) return false;
  if (!isWithinTolerance(time, authorization.day, now) || !isBodyHashCorrect(request)) return false;
  const canonical = canonicalRequest(request, authorization.signedHeaders);
  if (canonical === undefined) return false;
  const expected = computeSignature(canonical, authorization.day, time);
  return timingSafeEqual(expected, Buffer.from(authorization.signature, 'hex'));
};
