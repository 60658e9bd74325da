// Signs a request with AWS Signature Version 4 by hand, so that a test can sign wrongly, or sign what the SDK would normalize first.
// By default the signature is one the local server accepts.
import { createHash, createHmac } from 'node:crypto';
import { canonicalRequest } from '../../../local/identity/sigv4-canonical.ts';
import type { HttpRequest } from './http-caller.ts';

export interface Signer {
  accessKey: string;
  secret: string;
  region: string;
  service: string;
  /** Milliseconds. */
  at: number;
}

const SIGNED_HEADERS = ['host', 'x-amz-date'];

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The headers of the request with its signature. Signed are method, path, body, `host` and the time. */
export const signByHand = (request: HttpRequest, host: string, given: Partial<Signer> = {}): Record<string, string> => {
  const worker = { accessKey: 'local', secret: 'local', region: 'us-east-1', service: 'execute-api', at: Date.now() };
  const { accessKey, secret, region, service, at } = { ...worker, ...given };
  const time = new Date(at).toISOString().replace(/\.\d{3}|[-:]/g, '');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const signed = { host, 'x-amz-date': time };
  const { method, path: target, body, headers } = request;
  const canonical = canonicalRequest(
    { method, target, body, rawHeaders: Object.entries(signed).flat() },
    SIGNED_HEADERS,
  );
  const hash = createHash('sha256')
    .update(canonical ?? '', 'latin1')
    .digest('hex');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const signature = hmac(key as Buffer, ['AWS4-HMAC-SHA256', time, scope.join('/'), hash].join('\n')).toString('hex');
  const credential = `Credential=${[accessKey, ...scope].join('/')}`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${SIGNED_HEADERS.join(';')}, Signature=${signature}`;
  return { ...headers, ...signed, authorization };
};
