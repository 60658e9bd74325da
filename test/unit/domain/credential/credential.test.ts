// The schema of a stored credential, and the seal context made from one.
import { describe, expect, it } from 'vitest';
import { managedSealContext, StoredCredential, sealContext } from '../../../../lib/domain/credential/credential.ts';
import { credential } from '../../../support/builders.ts';

describe('the seal context', () => {
  it('of a credential holds user, credential, purpose and secretRev', () => {
    const row = credential({
      userId: 'u',
      id: 'c',
      provider: 'p',
      type: 'host_scoped',
      host: 'h',
      data: { shop: 's' },
      resource: 'https://mcp.example',
      secretRev: 'r',
    });
    expect(sealContext(row)).toEqual({
      ...{ purpose: 'credential', userId: 'u', credentialId: 'c', provider: 'p' },
      ...{ type: 'host_scoped', host: 'h', data: { shop: 's' }, resource: 'https://mcp.example', secretRev: 'r' },
    });
  });

  it('of a managed key holds user, provider and secretRev, and no credential', () => {
    expect(managedSealContext({ userId: 'u', provider: 'p', secretRev: 'r', updatedAt: 1 })).toEqual({
      ...{ purpose: 'managed', userId: 'u', credentialId: 'p', provider: 'p' },
      ...{ type: 'managed', host: null, data: null, resource: null, secretRev: 'r' },
    });
  });
});

describe('a stored credential', () => {
  it.each([
    'expired',
    'invalid_grant',
    'uncertain_refresh',
    'no_refresh_token',
    'issuer_changed',
    'client_gone',
    'unreadable',
  ])('accepts the broken reason %s', (brokenReason) => {
    expect(StoredCredential.parse(credential({ brokenReason: brokenReason as never }))).toMatchObject({
      brokenReason,
    });
  });

  it.each([
    ['brokenReason', 'another'],
    ['wrappedKey', 'text'],
    ['version', 0],
    ['createdAt', 253_402_300_800_000],
    ['createdAt', -62_167_219_200_001],
    ['ordinal', -1],
    ['usedDay', -1],
  ])('rejects a %s of %j', (field, value) => {
    expect(StoredCredential.safeParse({ ...credential(), [field]: value }).success).toBe(false);
  });

  it('accepts every four-digit year', () => {
    for (const createdAt of [253_402_300_799_999, -62_167_219_200_000]) {
      expect(StoredCredential.parse(credential({ createdAt })).createdAt).toBe(createdAt);
    }
  });
});
