// How the result of a function becomes an HTTP answer, as on API Gateway.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MAX_PAYLOAD_BYTES, toReply } from '../../../../local/lambda/function-answer.ts';
import { invoke } from '../../../../local/lambda/invoke.ts';

const text = ({ body }: { body: Buffer }): string => body.toString('utf8');

describe('toReply', () => {
  it('keeps status, headers, cookies and body', () => {
    const reply = toReply({ statusCode: 201, headers: { ETag: '"v1"', 'x-n': 1 }, cookies: ['a=1', 'b=2'], body: 'é' });
    expect(reply).toMatchObject({ status: 201, headers: { etag: '"v1"', 'x-n': '1', 'set-cookie': ['a=1', 'b=2'] } });
    expect(text(reply)).toBe('é');
  });

  it('decodes a base64 body', () => {
    expect(text(toReply({ statusCode: 200, body: 'w6k=', isBase64Encoded: true }))).toBe('é');
  });

  it('drops headers that the HTTP server sets', () => {
    const headers = { 'Content-Length': '5', 'transfer-encoding': 'chunked', Connection: 'close' };
    expect(toReply({ statusCode: 204, headers }).headers).toEqual({});
  });

  it('uses a result without a status code as the body of a 200', () => {
    const reply = toReply({ a: 1 });
    expect([reply.status, reply.headers['content-type'], text(reply)]).toEqual([200, 'application/json', '{"a":1}']);
  });

  const broken: [string, unknown][] = [
    ['nothing', undefined],
    ['a status that is none', { statusCode: 'ok' }],
    ['a status out of range', { statusCode: 99 }],
    ['a body that is no text', { statusCode: 200, body: {} }],
    ['a header with a line break', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a header name with a space', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['a cookie with a line break', { statusCode: 200, cookies: ['a\nb'] }],
    ['more than 6 MB', { statusCode: 200, body: 'x'.repeat(MAX_PAYLOAD_BYTES + 1) }],
  ];
  it.each(broken)('answers 500 to a result of %s', (_, result) => {
    const reply = toReply(result);
    expect([reply.status, text(reply)]).toEqual([500, '{"message":"Internal Server Error"}']);
  });
});

describe('invoke', () => {
  const call = (run: () => Promise<unknown>, limit?: number) => invoke({ name: 'f', run, requestId: 'r' }, {}, limit);

  it.each<[string, () => Promise<unknown>]>([
    ['in its promise', () => Promise.reject(new TypeError('a secret'))],
    [
      'at once',
      () => {
        throw new TypeError('a secret');
      },
    ],
  ])('answers 500 when a function throws %s, and reports it without its message', async (_, run) => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => said.mockRestore());
    expect((await call(run)).status).toBe(500);
    expect(said.mock.calls).toEqual([['keyhold: f failed: TypeError']]);
  });

  it('answers 503 when the function exceeds the time limit', async () => {
    const reply = await call(() => new Promise(() => {}), 5);
    expect([reply.status, text(reply)]).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  it('gives the function its name, the request id and the remaining time', async () => {
    const reply = await invoke(
      {
        name: 'user-api',
        requestId: 'r-1',
        run: async (_, context) => ({
          id: context.awsRequestId,
          name: context.functionName,
          isTimely: context.getRemainingTimeInMillis() > 28_000 && context.getRemainingTimeInMillis() <= 29_000,
        }),
      },
      {},
    );
    expect(JSON.parse(text(reply))).toEqual({ id: 'r-1', name: 'keyhold-user-api', isTimely: true });
  });
});
