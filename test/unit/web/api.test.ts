// The calls of the page: what they send, and that every answer and every failure becomes a result.
import { describe, expect, it, vi } from 'vitest';
import { makeLinkApi } from '../../../web/app/logic/api.ts';

const answering = (status: number, body: string, headers: Record<string, string> = {}) =>
  vi.fn(async (_url: string, _init: RequestInit) => new Response(body, { status, headers }));

const read = (send: Parameters<typeof makeLinkApi>[2]) => makeLinkApi('https://k.example.com', 'tok', send).readLink();

describe('a call', () => {
  it('carries the token of the link in a header, and the cookie', async () => {
    const send = answering(200, '{}');
    await makeLinkApi('https://k.example.com', 'tok', send).rename('a/b', 'New');
    const [url, init] = send.mock.lastCall ?? [];
    expect(url).toBe('https://k.example.com/v1/link/credentials/a%2Fb');
    expect(init).toMatchObject({ method: 'PATCH', body: '{"title":"New"}', credentials: 'same-origin' });
    expect(init?.headers).toEqual({ authorization: 'Link tok', 'content-type': 'application/json' });
  });

  it.each([
    [401, '{"code":"link_invalid"}', { code: 'link_invalid' }],
    [503, '{"code":"store_busy"}', { code: 'store_busy', retryAfterSeconds: 7 }],
    [429, '{"message":"Too Many Requests"}', { code: 'too_many_requests', retryAfterSeconds: 7 }],
    [413, '{"message":"Request Too Long"}', { code: 'body_too_large', retryAfterSeconds: 7 }],
    [500, '{"message":"Internal Server Error"}', { code: 'unavailable', retryAfterSeconds: 7 }],
    [502, '<html>', { code: 'unavailable', retryAfterSeconds: 7 }],
    [403, '{"message":"Forbidden"}', { code: 'unexpected', retryAfterSeconds: 7 }],
  ])('that is answered with %i and %s is a problem', async (status, body, problem) => {
    const headers: Record<string, string> = status === 401 ? {} : { 'retry-after': '7' };
    expect(await read(answering(status, body, headers))).toEqual({ kind: 'problem', problem });
  });

  it('that is answered with no JSON is a problem', async () => {
    expect(await read(answering(200, '<html>'))).toEqual({ kind: 'problem', problem: { code: 'unexpected' } });
  });

  it('without a network is a problem', async () => {
    const fails = async () => {
      throw new TypeError('Failed to fetch');
    };
    expect(await read(fails)).toEqual({ kind: 'problem', problem: { code: 'offline' } });
  });
});
