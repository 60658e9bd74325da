// URLs and resolver answers that the guarded fetch refuses before it sends anything (I6). Contract tests cover the wire.
import { describe, expect, it } from 'vitest';
import { guardedFetch } from '../../../../lib/adapters/outbound/guarded-fetch.ts';

const GET = { method: 'GET' };

/** A fetch whose resolver returns these addresses, one list per lookup. */
const fetchWith = (policy: 'public' | 'local', ...answers: string[][]) => {
  const lookups: string[] = [];
  const lookup = async (hostname: string) => {
    lookups.push(hostname);
    return (answers[lookups.length - 1] ?? []).map((address) => ({ address }));
  };
  return { lookups, fetch: guardedFetch({ policy, timeoutMilliseconds: 1_000, lookup }) };
};

describe('the guarded fetch under the public policy', () => {
  it.each([
    'http://auth.example.com/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://user@auth.example.com/',
    'https://auth.example.com/#x',
    'not a url',
  ])('refuses without a lookup: %s', async (url) => {
    const { fetch, lookups } = fetchWith('public', ['8.8.8.8']);
    await expect(fetch(url, GET)).rejects.toMatchObject({ reason: 'refused' });
    expect(lookups).toEqual([]);
  });

  it.each([
    [['10.0.0.1']],
    [['127.0.0.1']],
    [['169.254.169.254']],
    [['::1']],
    [['::ffff:192.168.0.1']],
    [['fd00:ec2::254']],
    [['8.8.8.8', '10.0.0.1']],
    [['10.0.0.1', '8.8.8.8']],
    [['2606:4700:4700::1111', 'fe80::1']],
    [['not an address']],
  ])('refuses a name that resolves to %j', async (addresses) => {
    const { fetch } = fetchWith('public', addresses);
    await expect(fetch('https://auth.example.com/', GET)).rejects.toMatchObject({ reason: 'refused' });
  });

  it('reports a name without addresses as unreachable', async () => {
    const { fetch } = fetchWith('public', []);
    await expect(fetch('https://auth.example.com/', GET)).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('looks a name up once, so that DNS rebinding has no effect', async () => {
    const { fetch, lookups } = fetchWith('public', ['10.0.0.1'], ['8.8.8.8']);
    await expect(fetch('https://rebinding.example/', GET)).rejects.toMatchObject({ reason: 'refused' });
    expect(lookups).toEqual(['rebinding.example']);
  });

  it('times out when the resolver does not answer', async () => {
    const fetch = guardedFetch({ policy: 'public', timeoutMilliseconds: 20, lookup: () => new Promise(() => {}) });
    await expect(fetch('https://auth.example.com/', GET)).rejects.toMatchObject({ reason: 'too_slow' });
  });

  it('stops when its caller aborts', async () => {
    const fetch = guardedFetch({ policy: 'public', lookup: () => new Promise(() => {}) });
    const signal = AbortSignal.abort();
    await expect(fetch('https://auth.example.com/', { ...GET, signal })).rejects.toMatchObject({ reason: 'too_slow' });
  });

  it('throws an error without URL, headers or the resolver’s error', async () => {
    const lookup = () => Promise.reject(new Error('canary-dns'));
    const fetch = guardedFetch({ policy: 'public', lookup });
    const request = { method: 'POST', headers: { authorization: 'canary-header' }, body: 'canary-body' };
    const error: unknown = await fetch('https://auth.example.com/?q=canary-query', request).catch((thrown) => thrown);
    expect(error).toMatchObject({ reason: 'unreachable' });
    expect(error).not.toHaveProperty('cause');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary-');
  });
});

describe('the guarded fetch under the local policy', () => {
  it.each([['10.0.0.1'], ['8.8.8.8'], ['169.254.169.254']])(
    'refuses a localhost that resolves to %s',
    async (address) => {
      const { fetch } = fetchWith('local', [address]);
      await expect(fetch('http://localhost:1/', GET)).rejects.toMatchObject({ reason: 'refused' });
    },
  );

  it('refuses a public name that resolves to loopback', async () => {
    const { fetch } = fetchWith('local', ['127.0.0.1']);
    await expect(fetch('https://auth.example.com/', GET)).rejects.toMatchObject({ reason: 'refused' });
  });
});
