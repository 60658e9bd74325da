// The event of API Gateway's HTTP API in payload format 2.0.
import { describe, expect, it } from 'vitest';
import { makeEvent } from '../../../../local/gateway/gateway-event.ts';
import { readPath } from '../../../../local/gateway/request-path.ts';
import { makeMatcher } from '../../../../local/gateway/route-match.ts';

interface Given {
  method?: string;
  target?: string;
  rawHeaders?: string[];
  body?: string | Uint8Array;
}

const routes = [
  { method: 'GET', path: '/v1/health', plane: 'public', function: 'user-api' },
  { method: 'POST', path: '/v1/users/{userId}/resolve', plane: 'runtime', function: 'runtime-api' },
] as const;

const eventFor = ({ method = 'GET', target = '/v1/health', rawHeaders = [], body = '' }: Given = {}) => {
  const path = readPath(target);
  const match = path && makeMatcher(routes)(method, path.path);
  if (!path || !match) throw new Error('not a route');
  return makeEvent({
    ...{ method, httpVersion: '1.1', rawHeaders, path, match, body: Buffer.from(body) },
    ...{ authorizer: undefined, requestId: 'r-1', now: Date.UTC(2026, 2, 5, 4, 3, 2, 1), port: 3000 },
  });
};

const typed = (type: string, body: string | Uint8Array): Given => ({ rawHeaders: ['Content-Type', type], body });

describe('makeEvent', () => {
  it('builds the whole event of a minimal request', () => {
    expect(eventFor({ rawHeaders: ['Host', 'evil.example', 'User-Agent', 'me'] })).toEqual({
      version: '2.0',
      routeKey: 'GET /v1/health',
      rawPath: '/v1/health',
      rawQueryString: '',
      headers: {
        host: 'evil.example',
        'user-agent': 'me',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '3000',
        'x-forwarded-proto': 'http',
      },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: 'local.execute-api.us-east-1.amazonaws.com',
        domainPrefix: 'local',
        http: { method: 'GET', path: '/v1/health', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'me' },
        requestId: 'r-1',
        routeKey: 'GET /v1/health',
        stage: '$default',
        time: '05/Mar/2026:04:03:02 +0000',
        timeEpoch: Date.UTC(2026, 2, 5, 4, 3, 2, 1),
      },
      isBase64Encoded: false,
    });
  });

  it('names the route and its decoded parameters', () => {
    const event = eventFor({ method: 'POST', target: '/v1/users/a%20%C3%A9%252F/resolve' });
    expect(event.routeKey).toBe('POST /v1/users/{userId}/resolve');
    expect(event.rawPath).toBe('/v1/users/a é%2F/resolve');
    expect(event.pathParameters).toEqual({ userId: 'a é%2F' });
  });

  it('joins duplicate headers by commas and lists cookies separately', () => {
    const rawHeaders = ['X-A', '1', 'x-a', '2', 'Cookie', 'a=1; b=2', 'cookie', 'c=3', 'X-Forwarded-For', '10.0.0.1'];
    const { headers, cookies } = eventFor({ rawHeaders });
    expect(headers).toMatchObject({ 'x-a': '1,2', 'x-forwarded-for': '10.0.0.1, 127.0.0.1' });
    expect(headers).not.toHaveProperty('cookie');
    expect(cookies).toEqual(['a=1', 'b=2', 'c=3']);
  });

  it('leaves out hop-by-hop headers', () => {
    const { headers } = eventFor({ rawHeaders: ['Connection', 'close', 'Transfer-Encoding', 'chunked', 'TE', 'gzip'] });
    expect(Object.keys(headers).every((name) => name.startsWith('x-forwarded'))).toBe(true);
  });

  it('accepts header and query names that are Object.prototype keys', () => {
    const { headers, queryStringParameters } = eventFor({
      target: '/v1/health?__proto__=x',
      rawHeaders: ['__proto__', 'y'],
    });
    expect(Object.entries(headers)).toContainEqual(['__proto__', 'y']);
    expect(Object.entries(queryStringParameters ?? {})).toEqual([['__proto__', 'x']]);
  });

  const queries: [string, Record<string, string> | undefined][] = [
    ['', undefined],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&a=2', { a: '1,2' }],
    ['a=%2F+%C3%A9&b', { a: '/ é', b: '' }],
    ['a=%zz', { a: '%zz' }],
  ];
  it.each(queries)('parses the query %j and keeps the raw one', (query, expected) => {
    const event = eventFor({ target: `/v1/health?${query}` });
    expect(event.rawQueryString).toBe(query);
    expect(event.queryStringParameters).toEqual(expected);
  });

  it.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'text/plain',
    'application/xml',
    'application/javascript',
  ])('passes %s as text', (type) => {
    expect(eventFor(typed(type, '{"é":1}'))).toMatchObject({ body: '{"é":1}', isBase64Encoded: false });
  });

  it.each([
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'application/problem+json',
    'multipart/x',
    '',
  ])('passes %j as base64', (type) => {
    expect(eventFor(typed(type, 'a=b'))).toMatchObject({ body: 'YT1i', isBase64Encoded: true });
  });

  it('passes text that is not UTF-8 as base64, and keeps a byte order mark', () => {
    expect(eventFor(typed('text/plain', Buffer.from([0xff])))).toMatchObject({ body: '/w==', isBase64Encoded: true });
    expect(eventFor(typed('application/json', '\ufeff{}'))).toMatchObject({ body: '\ufeff{}' });
  });
});
