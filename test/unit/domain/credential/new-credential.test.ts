// What a caller may send as a credential, and which part of it is sealed.
import { describe, expect, it } from 'vitest';
import { MAX_SECRET_BYTES } from '../../../../lib/domain/credential/credential.ts';
import {
  NewCredential,
  NewStaticCredential,
  secretDocument,
} from '../../../../lib/domain/credential/new-credential.ts';
import { publicSecret } from '../../../../lib/domain/credential/public-secret.ts';
import { newApiKey, newHostScoped, newOAuth2, newUserPassword } from '../../../support/builders.ts';

const both = [
  ['NewStaticCredential', NewStaticCredential],
  ['NewCredential', NewCredential],
] as const;

const listIssues = (schema: typeof NewCredential | typeof NewStaticCredential, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ path, message }) => [path.join('.'), message]);

describe.each(both)('%s', (_, schema) => {
  it.each([newApiKey(), newUserPassword(), newHostScoped()])('accepts $type unchanged', (credential) => {
    const given = { ...credential, title: 'Mine', id: 'c1' };
    expect(schema.parse(given)).toEqual(given);
  });

  it('normalizes a host', () => {
    expect(schema.parse(newHostScoped({ host: '*.API.Example.com.:8443' }))).toMatchObject({
      host: '*.api.example.com:8443',
    });
  });

  it('describes the form of a host when it refuses one', () => {
    const words = 'must be a host such as api.example.com, *.example.com or host:8443';
    expect(listIssues(schema, newHostScoped({ host: 'https://x' }))).toEqual([['host', words]]);
  });

  it('parses a time to epoch milliseconds', () => {
    const parsed = schema.parse({ ...newApiKey(), expiresAt: '2030-01-01T00:00:00Z' });
    expect(parsed).toMatchObject({ expiresAt: Date.UTC(2030, 0, 1) });
  });

  it.each([
    [{ ...newApiKey(), type: 'nothing' }],
    [{ ...newApiKey(), type: 'user_password' }],
    [{ ...newUserPassword(), host: 'x' }],
    [{ ...newHostScoped(), headers: {} }],
    [{ ...newApiKey(), apiKey: '' }],
    [{ ...newApiKey(), provider: '' }],
    [{ ...newApiKey(), title: '' }],
    [{ ...newApiKey(), id: '/' }],
    [{ ...newUserPassword(), username: '' }],
  ])('refuses %j', (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  it('accepts a secret of the maximum size and refuses one more byte', () => {
    const most = MAX_SECRET_BYTES - JSON.stringify({ apiKey: '' }).length;
    expect(schema.safeParse(newApiKey({ apiKey: 'k'.repeat(most) })).success).toBe(true);
    expect(listIssues(schema, newApiKey({ apiKey: 'k'.repeat(most + 1) }))).toEqual([
      ['', 'the secret part must be at most 16384 bytes'],
    ]);
  });
});

describe('an OAuth credential', () => {
  it('is accepted from a worker only', () => {
    expect(NewStaticCredential.safeParse(newOAuth2()).success).toBe(false);
    expect(NewCredential.parse(newOAuth2({ refreshToken: 'r' }))).toEqual(newOAuth2({ refreshToken: 'r' }));
  });

  it.each(['accountId', 'variables', 'status'])('refuses %s from a caller', (field) => {
    expect(NewCredential.safeParse({ ...newOAuth2(), [field]: 'x' }).success).toBe(false);
  });
});

describe('variables', () => {
  it('are taken with a grant', () => {
    const given = { ...newOAuth2(), variables: { subdomain: 'acme' } };
    expect(NewCredential.parse(given)).toEqual(given);
  });
});

describe.each(both)('%s variables', (_, schema) => {
  it.each([newApiKey(), newUserPassword(), newHostScoped()])('are taken with $type', (credential) => {
    const given = { ...credential, variables: { subdomain: 'acme' } };
    expect(schema.parse(given)).toEqual(given);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a name that no placeholder has', { 'a-b': 'x' }],
    ['a value that is no text', { a: 1 }],
    ['a value longer than a host name', { a: 'x'.repeat(254) }],
    ['more than 32', Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`v${index}`, 'x']))],
  ])('are refused with %s', (_, variables) => {
    expect(schema.safeParse({ ...newApiKey(), variables }).success).toBe(false);
  });
});

describe('secretDocument', () => {
  it.each([
    [newApiKey({ title: 'Mine' }), { apiKey: 'key-1' }],
    [newUserPassword(), { username: 'user-1', password: 'password-1' }],
    [newHostScoped(), { headers: { 'x-token': 'header-1' } }],
    [newOAuth2({ username: 'octo' }), { accessToken: 'access-1' }],
    [newOAuth2({ refreshToken: 'r' }), { accessToken: 'access-1', refreshToken: 'r' }],
    [newOAuth2({ metadata: { m: 1 } }), { accessToken: 'access-1', metadata: { m: 1 } }],
    [
      { ...newOAuth2(), variables: { shop: 's' } },
      { accessToken: 'access-1', variables: { shop: 's' } },
    ],
    [{ ...newOAuth2(), variables: {} }, { accessToken: 'access-1' }],
    [{ ...newApiKey(), variables: { subdomain: 's' } }, { apiKey: 'key-1' }],
  ])('of %j is exactly %j', (credential, document) => {
    expect(Object.entries(secretDocument(credential))).toEqual(Object.entries(document));
  });
});

describe('publicSecret', () => {
  it('answers only the access token of an OAuth credential, and the whole secret of the others', () => {
    const grant = { accessToken: 'a', refreshToken: 'r', metadata: { m: 1 }, variables: { shop: 's' } };
    expect(publicSecret(grant)).toEqual({ accessToken: 'a' });
    expect(publicSecret({ apiKey: 'k' })).toEqual({ apiKey: 'k' });
  });
});
