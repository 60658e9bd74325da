// Device authorization replies, normalized or refused.
import { describe, expect, it } from 'vitest';
import { normalizeDeviceReply } from '../../../../lib/adapters/oauth/replies/normalize-device-reply.ts';

const REPLY = {
  device_code: 'd',
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://auth.example.com/device',
  expires_in: 900,
  interval: 5,
};

const normalize = (body: unknown, policy: 'public' | 'local' = 'public', status = 200) =>
  normalizeDeviceReply(
    { status, contentType: '', retryAfterSeconds: null, text: typeof body === 'string' ? body : JSON.stringify(body) },
    policy,
  );

describe('normalizeDeviceReply', () => {
  it('normalizes a standard reply', () => {
    expect(normalize(REPLY)).toEqual({
      deviceCode: 'd',
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://auth.example.com/device',
      verificationUriComplete: null,
      intervalSeconds: 5,
      expiresInSeconds: 900,
    });
  });

  it.each([
    [{ expires_in: '900' }, { expiresInSeconds: 900 }],
    [{ expires_in: undefined }, { expiresInSeconds: 600 }],
    [{ expires_in: -1 }, { expiresInSeconds: 600 }],
    [{ expires_in: 1e308 }, { expiresInSeconds: 86_400 }],
    [{ interval: undefined }, { intervalSeconds: 5 }],
    [{ interval: '3' }, { intervalSeconds: 3 }],
    [{ interval: 0 }, { intervalSeconds: 5 }],
    [{ interval: 0.2 }, { intervalSeconds: 1 }],
    [{ interval: 9999 }, { intervalSeconds: 60 }],
    [
      { verification_uri: undefined, verification_url: 'https://g.example/d' },
      { verificationUri: 'https://g.example/d' },
    ],
    [{ verification_uri_complete: 'https://g.example/?c=1' }, { verificationUriComplete: 'https://g.example/?c=1' }],
    [{ verification_uri_complete: null }, { verificationUriComplete: null }],
  ])('normalizes %j', (odd, expected) => {
    expect(normalize({ ...REPLY, ...odd })).toMatchObject(expected);
  });

  it('parses a form', () => {
    expect(normalize(new URLSearchParams({ ...REPLY, expires_in: '900', interval: '5' }).toString()).deviceCode).toBe(
      'd',
    );
  });

  it('accepts a loopback URL only under the local policy', () => {
    const local = { ...REPLY, verification_uri: 'http://127.0.0.1:4000/device' };
    expect(normalize(local, 'local').verificationUri).toBe('http://127.0.0.1:4000/device');
    expect(() => normalize(local)).toThrow('transient');
  });

  it.each([
    { device_code: undefined },
    { device_code: 12 },
    { device_code: 'd\0' },
    { device_code: 'd'.repeat(4097) },
    { user_code: '' },
    { user_code: 'x'.repeat(65) },
    { user_code: 'A\nB' },
    { verification_uri: undefined },
    { verification_uri: 'javascript:alert(1)' },
    { verification_uri: 'http://auth.example.com/device' },
    { verification_uri: 'data:text/html,x' },
    { verification_uri: '/device' },
    { verification_uri: 'https://user:pass@auth.example.com/' },
    { verification_uri: `https://auth.example.com/${'a'.repeat(2048)}` },
    { verification_uri_complete: 'javascript:alert(1)' },
  ])('refuses %j', (odd) => {
    expect(() => normalize({ ...REPLY, ...odd })).toThrow(expect.objectContaining({ kind: 'transient' }));
  });

  it.each(['', '<html>', '[]', 'null'])('refuses the body %j', (text) => {
    expect(() => normalize(text)).toThrow(expect.objectContaining({ kind: 'transient' }));
  });

  it('throws the fault of a refusal', () => {
    const refusal = expect.objectContaining({ kind: 'client_fault', providerCode: 'unauthorized_client' });
    expect(() => normalize({ error: 'unauthorized_client' }, 'public', 400)).toThrow(refusal);
  });
});
