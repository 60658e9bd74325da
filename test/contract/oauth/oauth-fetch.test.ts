// The guarded fetch on the wire: one connection to the address that was checked, no redirects, limits of size and time (I6).
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { guardedFetch } from '../../../lib/adapters/outbound/guarded-fetch.ts';
import { callDeadline, endOfCall } from '../../../lib/adapters/runtime/call-deadline.ts';
import { type ScriptedReply, startProviderStub } from '../../support/providers/provider-stub.ts';

const stub = await startProviderStub();
afterAll(() => stub.close());
const port = new URL(stub.url).port;

const QUARTER_MEGABYTE = 256 * 1024;
const fetchLocal = guardedFetch({ policy: 'local', timeoutMilliseconds: 300 });
const get = (reply: ScriptedReply) => {
  stub.plan(reply);
  return fetchLocal(`${stub.url}/x?y=canary`, { method: 'GET' });
};

const endingIn = (milliseconds: number) => ({ signal: AbortSignal.timeout(milliseconds), milliseconds });

describe('the guarded fetch', () => {
  it('returns status, body and the few headers in use', async () => {
    const headers = { 'retry-after': '5', 'set-cookie': 'a=b', location: 'https://evil.example/', 'x-other': 'x' };
    const response = await get({ status: 201, headers, body: 'héllo' });
    expect([response.status, await response.text()]).toEqual([201, 'héllo']);
    expect(Object.fromEntries(response.headers)).toEqual({ 'content-type': 'application/json', 'retry-after': '5' });
  });

  it.each([204, 205, 304])('returns status %i without a body', async (status) => {
    expect(await (await get({ status, body: '' })).text()).toBe('');
  });

  it.each([301, 302, 303, 307, 308])('follows no %i', async (status) => {
    const response = await get({ status, headers: { location: `${stub.url}/elsewhere` } });
    expect(response.status).toBe(status);
    expect(stub.requests.map(({ path }) => path)).toEqual(['/x?y=canary']);
  });

  it('connects to the given address, with the host name in Host', async () => {
    const asked: string[] = [];
    const lookup = async (hostname: string) => {
      asked.push(hostname);
      // Were the name asked for again, it would lead nowhere.
      return asked.length === 1 ? [{ address: '127.0.0.1' }] : [];
    };
    stub.plan({ body: {} });
    await guardedFetch({ policy: 'local', lookup })(`http://localhost:${port}/`, { method: 'GET' });
    expect([asked, stub.requests[0]?.headers.host]).toEqual([['localhost'], `localhost:${port}`]);
  });

  it('accepts 256 KB and refuses one byte more', async () => {
    const response = await get({ body: Buffer.alloc(QUARTER_MEGABYTE, 'a') });
    expect((await response.arrayBuffer()).byteLength).toBe(QUARTER_MEGABYTE);
    await expect(get({ body: Buffer.alloc(QUARTER_MEGABYTE + 1) })).rejects.toMatchObject({ reason: 'too_large' });
  });

  it.each<[string, ScriptedReply, string]>([
    ['10 MB', { body: Buffer.alloc(10 * 1024 * 1024) }, 'too_large'],
    ['gzip', { headers: { 'content-encoding': 'gzip' }, body: 'x' }, 'encoded'],
    ['several encodings', { headers: { 'content-encoding': 'br, gzip' }, body: 'x' }, 'encoded'],
    ['no answer', { fault: 'silent' }, 'too_slow'],
    ['a body that does not end', { fault: 'slow' }, 'too_slow'],
    ['a reset', { fault: 'reset' }, 'unreachable'],
    ['a reset halfway', { fault: 'reset halfway' }, 'unreachable'],
    ['an invalid status', { status: 700 }, 'unreachable'],
  ])('fails on %s, without repeating the request in the error', async (_name, reply, reason) => {
    const error: unknown = await get(reply).catch((thrown) => thrown);
    expect(error).toMatchObject({ reason, message: reason, sent: true });
    expect(Object.getOwnPropertyNames(error).toSorted()).toEqual([
      'message',
      'name',
      'reason',
      'sent',
      'stack',
      'status',
    ]);
    expect(String((error as Error).stack)).not.toContain('canary');
  });

  const gzipTwice = (body: string) => gzipSync(gzipSync(body));
  it.each<[string, (body: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['gzip, identity', gzipSync],
    ['deflate, br', (body) => brotliCompressSync(deflateSync(body))],
    ['gzip, gzip', gzipTwice],
  ])('reads a body in the content coding %s', async (coding, compress) => {
    const body = JSON.stringify({ access_token: 'é'.repeat(1000) });
    const response = await get({ headers: { 'content-encoding': coding }, body: compress(body) });
    expect(await response.text()).toBe(body);
  });

  it.each<[string, Buffer, string]>([
    ['gzip', gzipSync(Buffer.alloc(QUARTER_MEGABYTE + 1)), 'too_large'],
    ['br', brotliCompressSync(Buffer.alloc(64 * 1024 * 1024)), 'too_large'],
    ['zstd', zstdCompressSync(Buffer.alloc(QUARTER_MEGABYTE + 1)), 'too_large'],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(64 * 1024 * 1024))), 'too_large'],
    ['gzip', gzipSync('{"a":1}').subarray(0, 12), 'encoded'],
    ['deflate', Buffer.from('{"a":1}'), 'encoded'],
    ['compress', Buffer.from('x'), 'encoded'],
    ['aes128gcm', Buffer.from('x'), 'encoded'],
    ['gzip, gzip, gzip, gzip, gzip', gzipSync('x'), 'encoded'],
  ])('fails on a body that is not, or too large, in %s', async (coding, body, reason) => {
    await expect(get({ headers: { 'content-encoding': coding }, body })).rejects.toMatchObject({ reason });
  });

  it('reads an empty body in any coding', async () => {
    const response = await get({ headers: { 'content-encoding': 'gzip' }, body: '' });
    expect(await response.text()).toBe('');
  });

  it('reads a reply with 64 KB of headers, and no more', async () => {
    const fields = (bytes: number) =>
      Object.fromEntries(
        Array.from({ length: 64 }, (_, number) => [`x-${number}`.padEnd(6, '0'), 'a'.repeat(bytes / 64 - 10)]),
      );
    const gzipped = { 'content-encoding': 'gzip' };
    const response = await get({ headers: { ...fields(64 * 1024), ...gzipped }, body: gzipSync('ok') });
    expect(await response.text()).toBe('ok');
    await expect(get({ headers: fields(96 * 1024) })).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('reads how the body is encoded after thousands of headers', async () => {
    const many = Object.fromEntries(Array.from({ length: 4_000 }, (_, number) => [`h${number}`, 'a']));
    const response = await get({ headers: { ...many, 'content-encoding': 'gzip' }, body: gzipSync('ok') });
    expect(await response.text()).toBe('ok');
  });

  it('accepts the encoding identity', async () => {
    expect((await get({ headers: { 'content-encoding': 'identity' }, body: 'x' })).status).toBe(200);
  });

  it.each<ScriptedReply['fault']>(['silent', 'slow'])('ends when its caller gives up: %s', async (fault) => {
    stub.plan({ fault });
    const patient = guardedFetch({ policy: 'local', timeoutMilliseconds: 60_000 });
    const signal = AbortSignal.timeout(50);
    await expect(patient(stub.url, { method: 'GET', signal })).rejects.toMatchObject({ reason: 'too_slow' });
  });

  it.each<ScriptedReply['fault']>(['silent', 'slow'])('ends at the deadline of the current call: %s', async (fault) => {
    stub.plan({ fault });
    const patient = guardedFetch({ policy: 'local', timeoutMilliseconds: 60_000, endOfCall });
    const fetching = callDeadline.during(endingIn(50), () => patient(stub.url, { method: 'GET' }));
    await expect(fetching).rejects.toMatchObject({ reason: 'too_slow' });
  });

  it('does not end at the deadline of another call', async () => {
    stub.plan({ body: 'fine' });
    const patient = guardedFetch({ policy: 'local', endOfCall });
    await callDeadline.during({ signal: AbortSignal.abort(), milliseconds: 0 }, async () => {});
    const response = await callDeadline.during(endingIn(60_000), () => patient(stub.url, { method: 'GET' }));
    expect(await response.text()).toBe('fine');
  });

  it('does not send a request aborted before', async () => {
    stub.plan({});
    const given = fetchLocal(stub.url, { method: 'GET', signal: AbortSignal.abort() });
    await expect(given).rejects.toMatchObject({ reason: 'too_slow' });
    expect(stub.requests).toEqual([]);
  });

  it('connects to no local address under the public policy', async () => {
    stub.plan({});
    const lookup = async () => [{ address: '127.0.0.1' }];
    const publicFetch = guardedFetch({ policy: 'public', lookup });
    for (const url of [stub.url, `http://localhost:${port}`, `https://provider.example:${port}`]) {
      await expect(publicFetch(url, { method: 'GET' })).rejects.toMatchObject({ reason: 'refused' });
    }
    expect(stub.requests).toEqual([]);
  });

  it('opens a new connection for each call', async () => {
    const response = await get({ body: {} });
    expect(response.ok).toBe(true);
    expect(stub.requests[0]?.headers.connection).toBe('close');
  });
});
