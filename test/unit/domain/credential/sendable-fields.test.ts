// The headers and query parameters made from a secret, for each type of credential.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SecretDocument } from '../../../../lib/domain/credential/credential.ts';
import { type KeyPlacement, sendableFields } from '../../../../lib/domain/credential/sendable-fields.ts';
import { HeaderValue } from '../../../../lib/domain/values/http-field.ts';

const NONE = { headers: {}, query: {} };
const inHeader: KeyPlacement = { header: { name: 'X-Api-Key', prefix: '' } };
const basicHeader = (text: string) => ({
  headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
  query: {},
});

describe('sendableFields of a key or token', () => {
  it.each<[string, KeyPlacement | undefined, object]>([
    ['k', undefined, { headers: { authorization: 'Bearer k' }, query: {} }],
    ['k', inHeader, { headers: { 'x-api-key': 'k' }, query: {} }],
    ['k', { header: { name: 'authorization', prefix: 'Key ' } }, { headers: { authorization: 'Key k' }, query: {} }],
    ['k', { query: 'appid' }, { headers: {}, query: { appid: 'k' } }],
    ['a b&c', { query: 'appid' }, { headers: {}, query: { appid: 'a b&c' } }],
    [' k\n', undefined, { headers: { authorization: 'Bearer k' }, query: {} }],
    [' k\n', inHeader, { headers: { 'x-api-key': 'k' }, query: {} }],
    ['a b', inHeader, { headers: { 'x-api-key': 'a b' }, query: {} }],
  ])('places %j according to %j', (apiKey, placement, fields) => {
    expect(sendableFields({ apiKey }, placement)).toEqual(fields);
  });

  it('adds the fixed fields, and never in place of the secret’s own', () => {
    const fixedHeaders = { 'x-version': '2', 'x-api-key': 'not the key' };
    expect(sendableFields({ apiKey: 'k' }, { ...inHeader, fixedHeaders }).headers).toEqual({
      'x-version': '2',
      'x-api-key': 'k',
    });
    expect(sendableFields({ apiKey: 'k' }, { query: 'key', fixedHeaders: { a: 'b' } })).toEqual({
      headers: { a: 'b' },
      query: { key: 'k' },
    });
    expect(sendableFields({ apiKey: 'a\nb' }, { ...inHeader, fixedHeaders })).toEqual(NONE);
  });

  const withClient = { fixedHeaders: { 'Client-Id': '{client_id}', 'X-Version': '2' }, ...inHeader };

  it.each<[string, object, string | null, object]>([
    ['the client that a token was issued to', { accessToken: 't', clientId: 'own' }, 'current', { 'client-id': 'own' }],
    ['it also where no client is configured', { accessToken: 't', clientId: 'own' }, null, { 'client-id': 'own' }],
    ['the current client for a token of no known one', { accessToken: 't' }, 'current', { 'client-id': 'current' }],
    ['the current client for a key', { apiKey: 't' }, 'current', { 'client-id': 'current' }],
    ['nothing without a client', { accessToken: 't' }, null, {}],
    [
      'a client id as it is written',
      { accessToken: 't', clientId: '$&{client_id}' },
      null,
      { 'client-id': '$&{client_id}' },
    ],
  ])('fills the fixed fields with %s', (_, secret, clientId, fields) => {
    const { headers } = sendableFields(secret as SecretDocument, { ...withClient, clientId });
    expect(headers).toEqual({ 'x-api-key': 't', 'x-version': '2', ...fields });
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['of a kept value', { tenant: 't-1' }, { 'x-version': '2', 'x-client': 'c', 'x-tenant': 'id t-1' }],
    ['of a name in the prototype', {}, { 'x-version': '2', 'x-client': 'c' }],
    ['that cannot be sent', { tenant: 'a\r\nb' }, { 'x-version': '2', 'x-client': 'c' }],
    ['of the client, whatever the data calls so', { client_id: 'd' }, { 'x-version': '2', 'x-client': 'c' }],
  ])('fills the fixed fields: one %s', (_, data, expected) => {
    const fixedHeaders = {
      'X-Version': '2',
      'X-Client': '{client_id}',
      'X-Tenant': 'id {tenant}',
      'X-Own': '{toString}',
    };
    const placement = { ...inHeader, fixedHeaders, clientId: 'c' };
    expect(sendableFields({ apiKey: 'k' }, placement, data).headers).toEqual({ ...expected, 'x-api-key': 'k' });
  });

  it('leaves out a fixed field that needs a client where there is none', () => {
    const fixedHeaders = { a: '{client_id}', b: 'b' };
    const fields = sendableFields({ apiKey: 'k' }, { ...inHeader, fixedHeaders, clientId: null });
    expect(fields.headers).toEqual({ b: 'b', 'x-api-key': 'k' });
  });

  it('places an access token like a key, and nothing else of the secret', () => {
    const grant = { accessToken: 'a', refreshToken: 'r', metadata: { m: 1 } };
    expect(sendableFields(grant, undefined)).toEqual({ headers: { authorization: 'Bearer a' }, query: {} });
  });

  it.each(['a\r\nx-evil: 1', 'a\nb', 'a\rb', 'a\0b', 'a\u007fb', 'clé€', '🔑', '\ud800'])(
    'makes no header of %j',
    (apiKey) => {
      expect(sendableFields({ apiKey }, undefined)).toEqual(NONE);
      expect(sendableFields({ apiKey }, inHeader)).toEqual(NONE);
    },
  );

  it.each([' ', '\n', '\t \r\n'])('makes no header of a white-space key: %j', (apiKey) => {
    expect(sendableFields({ apiKey }, inHeader)).toEqual(NONE);
    expect(sendableFields({ apiKey }, undefined)).toEqual(NONE);
  });

  it('never makes a second header, for any key', () => {
    const hostile = fc.string({ unit: fc.constantFrom('a', ' ', '\r', '\n', '\0', ':', '\u0085', '\u2028', 'é', '€') });
    fc.assert(
      fc.property(
        fc.oneof(hostile, fc.string({ unit: 'binary' })),
        fc.constantFrom(undefined, inHeader),
        (apiKey, placement) => {
          const { headers } = sendableFields({ apiKey }, placement);
          for (const [name, value] of Object.entries(headers)) {
            expect(HeaderValue.safeParse(value).success).toBe(true);
            expect([...new Headers([[name, value]])]).toHaveLength(1);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('sendableFields of user name and password', () => {
  it.each<[string, string, string]>([
    ['Aladdin', 'open sesame', 'Aladdin:open sesame'],
    ['u', '', 'u:'],
    ['u', 'a:b:c', 'u:a:b:c'],
    ['test', '123£', 'test:123£'],
    ['ユーザー', '🔑', 'ユーザー:🔑'],
    [' u ', ' p ', ' u : p '],
  ])('are Basic credentials in UTF-8: %j %j', (username, password, text) => {
    expect(sendableFields({ username, password }, inHeader)).toEqual(basicHeader(text));
  });

  it('agree with the example of RFC 7617 §2', () => {
    expect(sendableFields({ username: 'Aladdin', password: 'open sesame' }, undefined).headers).toEqual({
      authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    });
  });

  it.each([
    ['a colon in the name', 'a:b', 'p'],
    ['a line end in the name', 'a\r\n', 'p'],
    ['a line end in the password', 'a', 'p\nx: y'],
    ['a NUL', 'a', '\0'],
    ['a delete', 'a\u007f', 'p'],
    ['a C1 control', 'a', '\u0085'],
  ])('make no header with %s', (_, username, password) => {
    expect(sendableFields({ username, password }, undefined)).toEqual(NONE);
  });
});

describe('sendableFields of host headers', () => {
  it('are sent unchanged', () => {
    const headers = { 'x-a': '1', authorization: 'Custom 2' };
    expect(sendableFields({ headers }, inHeader)).toEqual({ headers, query: {} });
  });

  it('are a copy', () => {
    const headers = { 'x-a': '1' };
    sendableFields({ headers }, undefined).headers['x-a'] = 'changed';
    expect(headers).toEqual({ 'x-a': '1' });
  });
});
