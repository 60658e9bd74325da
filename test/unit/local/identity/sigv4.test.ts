// Signature Version 4: requests of real signers are accepted, and any change of a signed part is refused.
import { describe, expect, it } from 'vitest';
import { isSignedByWorker } from '../../../../local/identity/sigv4.ts';
import type { SignedRequest } from '../../../../local/identity/sigv4-canonical.ts';
import { type HttpRequest, signAsWorker, workerSigner } from '../../../support/http/http-caller.ts';

const MINUTE = 60_000;

const received = (request: HttpRequest, headers: Record<string, string>): SignedRequest => ({
  method: request.method,
  target: request.path,
  rawHeaders: Object.entries(headers).flat(),
  body: request.body,
});

const signed = async (given: Partial<HttpRequest> = {}): Promise<SignedRequest> => {
  const request = { method: 'POST', path: '/v1/users/alice/resolve', headers: {}, body: Buffer.from('{}'), ...given };
  return received(request, await signAsWorker(request, '127.0.0.1:3000'));
};

const withHeader = (request: SignedRequest, name: string, change: (value: string) => string): SignedRequest => ({
  ...request,
  rawHeaders: request.rawHeaders.map((value, index) =>
    index % 2 === 1 && request.rawHeaders[index - 1]?.toLowerCase() === name ? change(value) : value,
  ),
});

const withoutHeader = (request: SignedRequest, name: string): SignedRequest => ({
  ...request,
  rawHeaders: request.rawHeaders.filter((_, index) => request.rawHeaders[index - (index % 2)]?.toLowerCase() !== name),
});

const CURL = 'AWS4-HMAC-SHA256 Credential=local/20261123/us-east-1/execute-api/aws4_request, ';

describe('a request signed by curl 7.88', () => {
  const authorization = `${CURL}SignedHeaders=content-type;host;x-amz-date, Signature=ae0c3eb3f38de65c60cc361fa7b501edf8b353ff4544131621af4442fbaac88c`;
  const rawHeaders = [
    ...['Host', '127.0.0.1:18470', 'Authorization', authorization, 'X-Amz-Date', '20261123T063014Z'],
    ...['User-Agent', 'curl/7.88.1', 'Accept', '*/*', 'content-type', 'application/json', 'Content-Length', '11'],
  ];
  const withBody = { method: 'POST', target: '/v1/users/alice/resolve', rawHeaders, body: Buffer.from('{"a":"b c"}') };
  const signedAt = Date.UTC(2026, 10, 23, 6, 30, 14);

  it('is accepted with a body', () => {
    expect(isSignedByWorker(withBody, signedAt)).toBe(true);
  });

  it('is refused when x-amz-content-sha256 is not the hash of its body, whether signed or not', () => {
    const claiming = { ...withBody, rawHeaders: [...rawHeaders, 'X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'] };
    expect(isSignedByWorker(claiming, signedAt)).toBe(false);
  });

  it('is accepted with a query, an encoded user id and no body', () => {
    const authorization = `${CURL}SignedHeaders=host;x-amz-date, Signature=7018827166975bd256af7e60606a703104bb4988010e52620764a07d3bc3987e`;
    const rawHeaders = [
      ...['Host', '127.0.0.1:18471', 'Authorization', authorization, 'X-Amz-Date', '20261123T065002Z'],
      ...['User-Agent', 'curl/7.88.1', 'Accept', '*/*'],
    ];
    const target = '/v1/users/~4pyT/credentials?a=x%20y&provider=openai';
    const request = { method: 'GET', target, rawHeaders, body: Buffer.alloc(0) };
    expect(isSignedByWorker(request, Date.UTC(2026, 10, 23, 6, 50, 2))).toBe(true);
  });
});

describe('a request signed by the AWS SDK', () => {
  const accepted: [string, Partial<HttpRequest>][] = [
    ['with a body', {}],
    ['without a body', { method: 'GET', body: Buffer.alloc(0) }],
    ['with a query', { path: '/v1/users/alice/credentials?provider=openai' }],
    ['with a query out of order, repeated, empty and escaped', { path: '/v1/x?b=2&a=%2F%20%C3%A9&b=1&c=&d=a%2Bb' }],
    ['with an encoded user id', { path: '/v1/users/~4pyT-_9/credentials' }],
    ['with characters that signers escape', { path: '/v1/users/alice/credentials/a:b' }],
    ['with an escape in the path', { path: '/v1/users/a%20b/credentials' }],
    ['with more signed headers', { headers: { 'content-type': 'application/json', 'x-odd': '  a   b ' } }],
  ];
  it.each(accepted)('is accepted %s', async (_, given) => {
    expect(isSignedByWorker(await signed(given), Date.now())).toBe(true);
  });

  it.each([-4.9, 4.9])('is accepted %d minutes away', async (minutes) => {
    expect(isSignedByWorker(await signed(), Date.now() + minutes * MINUTE)).toBe(true);
  });

  it.each([-5.1, 5.1])('is refused %d minutes away', async (minutes) => {
    expect(isSignedByWorker(await signed(), Date.now() + minutes * MINUTE)).toBe(false);
  });

  const changes: [string, (request: SignedRequest) => SignedRequest][] = [
    ['method', (request) => ({ ...request, method: 'PUT' })],
    ['path', (request) => ({ ...request, target: request.target.replace('alice', 'alicf') })],
    ['escape in the path', (request) => ({ ...request, target: request.target.replace('alice', '%61lice') })],
    ['path by a slash', (request) => ({ ...request, target: request.target.replace('/alice', '//alice') })],
    ['path by a dot segment', (request) => ({ ...request, target: request.target.replace('/alice', '/x/../alice') })],
    ['query by a value', (request) => ({ ...request, target: request.target.replace('a=1', 'a=2') })],
    ['query by a plus', (request) => ({ ...request, target: request.target.replace('%2B', '+') })],
    ['query by one more', (request) => ({ ...request, target: `${request.target}&x` })],
    ['query by its absence', (request) => ({ ...request, target: request.target.split('?')[0] ?? '' })],
    ['body', (request) => ({ ...request, body: Buffer.from('{ }') })],
    ['host', (request) => withHeader(request, 'host', () => '127.0.0.1:3001')],
    ['signed header', (request) => withHeader(request, 'content-type', () => 'text/plain')],
    ['signed header, twice', (request) => ({ ...request, rawHeaders: [...request.rawHeaders, 'content-type', 'x'] })],
    ['signed header, gone', (request) => withoutHeader(request, 'content-type')],
    [
      'date',
      (request) =>
        withHeader(request, 'x-amz-date', (value) => value.replace(/.(?=Z$)/, (digit) => (digit === '0' ? '1' : '0'))),
    ],
    ['body hash', (request) => withHeader(request, 'x-amz-content-sha256', () => 'UNSIGNED-PAYLOAD')],
    [
      'signature',
      (request) => withHeader(request, 'authorization', (value) => value.replace(/.$/, (c) => (c === '0' ? '1' : '0'))),
    ],
    [
      'signature by its case',
      (request) =>
        withHeader(request, 'authorization', (value) => value.replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase())),
    ],
    ['access key', (request) => withHeader(request, 'authorization', (value) => value.replace('=local/', '=other/'))],
    ['region', (request) => withHeader(request, 'authorization', (value) => value.replace('us-east-1', 'us-east-2'))],
    ['service', (request) => withHeader(request, 'authorization', (value) => value.replace('execute-api', 's3'))],
    [
      'list of signed headers',
      (request) => withHeader(request, 'authorization', (value) => value.replace('host;', '')),
    ],
    [
      'scheme',
      (request) => withHeader(request, 'authorization', (value) => value.replace('AWS4-HMAC-SHA256', 'Bearer')),
    ],
    ['authorization, gone', (request) => withoutHeader(request, 'authorization')],
  ];
  it.each(changes)('is refused with a changed %s', async (_, change) => {
    const headers = { 'content-type': 'application/json' };
    const request = await signed({ path: '/v1/users/alice/resolve?a=1&b=x%2By', headers });
    expect(isSignedByWorker(request, Date.now())).toBe(true);
    expect(isSignedByWorker(change(request), Date.now())).toBe(false);
  });
});

it('refuses a request whose host is not signed', async () => {
  const request = { method: 'GET', path: '/v1/x', headers: {}, body: Buffer.alloc(0) };
  const { headers } = await workerSigner.sign({ protocol: 'http:', hostname: '127.0.0.1', ...request });
  expect(isSignedByWorker(received(request, { ...headers, host: '127.0.0.1:3000' }), Date.now())).toBe(false);
});

it('refuses a presigned URL', async () => {
  const request = await signed();
  const query = '?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=local&X-Amz-Signature=00';
  const presigned = { ...withoutHeader(request, 'authorization'), target: request.target + query };
  expect(isSignedByWorker(presigned, Date.now())).toBe(false);
});
