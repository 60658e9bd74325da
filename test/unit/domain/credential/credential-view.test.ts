// The view of a credential: the fields that a client sees, for every type, without a secret.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BrokenReason, CredentialType } from '../../../../lib/domain/credential/credential.ts';
import {
  brokenReason,
  CredentialView,
  viewRow,
  viewStored,
  viewSystem,
} from '../../../../lib/domain/credential/credential-view.ts';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import { sealCredential } from '../../../../lib/steps/credential/seal-credential.ts';
import {
  credential,
  newApiKey,
  newHostScoped,
  newOAuth2,
  newUserPassword,
  readableRow,
  START,
  unreadableRow,
} from '../../../support/builders.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

const NOW = START;

describe('brokenReason', () => {
  it.each<[string, CredentialType, Partial<ReturnType<typeof credential>>, BrokenReason | null]>([
    ['that never expires', 'api_key', {}, null],
    ['that expires later', 'api_key', { expiresAt: NOW + 1 }, null],
    ['that expires now', 'api_key', { expiresAt: NOW }, 'expired'],
    ['that expired', 'host_scoped', { expiresAt: NOW - 1 }, 'expired'],
    ['that expires later', 'oauth2', { expiresAt: NOW + 1 }, null],
    ['that expired and can be refreshed', 'oauth2', { expiresAt: NOW, hasRefreshToken: true }, null],
    ['that expired and cannot be refreshed', 'oauth2', { expiresAt: NOW }, 'no_refresh_token'],
    ['whose refresh was refused', 'oauth2', { brokenReason: 'invalid_grant', expiresAt: NOW + 1 }, 'invalid_grant'],
    ['whose refresh is in doubt', 'oauth2', { brokenReason: 'uncertain_refresh', expiresAt: NOW }, 'uncertain_refresh'],
  ])('of a credential %s (%s)', (_, type, given, reason) => {
    expect(brokenReason(credential({ type, ...given }), NOW)).toBe(reason);
  });
});

describe('viewStored', () => {
  it('shows all public fields, with times as text', () => {
    const row = credential({ type: 'oauth2', title: 'T', username: 'octo', scopes: ['a'], expiresAt: NOW + 1000 });
    expect(viewStored(row, NOW)).toEqual({
      id: 'c1',
      provider: 'github',
      type: 'oauth2',
      title: 'T',
      source: 'user',
      status: 'active',
      reason: null,
      username: 'octo',
      scopes: ['a'],
      host: null,
      data: null,
      resource: null,
      expiresAt: '2030-01-01T00:00:01.000Z',
      version: 1,
      createdAt: '2030-01-01T00:00:00.000Z',
      updatedAt: '2030-01-01T00:00:00.000Z',
    });
  });

  it('shows why a credential cannot be used', () => {
    expect(viewStored(credential({ expiresAt: NOW }), NOW)).toMatchObject({
      status: 'reconnect_required',
      reason: 'expired',
    });
  });
});

describe('viewRow', () => {
  it('shows of an unreadable row only id, provider and type', () => {
    expect(viewRow(unreadableRow({ id: 'x', provider: null, type: null }), NOW)).toEqual({
      id: 'x',
      provider: null,
      type: null,
      title: null,
      source: 'user',
      status: 'unreadable',
      reason: 'unreadable',
      username: null,
      scopes: null,
      host: null,
      data: null,
      resource: null,
      expiresAt: null,
      version: null,
      createdAt: null,
      updatedAt: null,
    });
  });

  it.each([
    ['readable', readableRow({ expiresAt: NOW })],
    ['unreadable', unreadableRow()],
  ])('matches the schema of a view: %s', (_, row) => {
    const view = viewRow(row, NOW);
    expect(CredentialView.parse(view)).toEqual(view);
  });
});

describe('viewSystem', () => {
  it.each(systemCredentials.map((system) => [system.provider, system] as const))(
    'shows the system credential of %s',
    (_, system) => {
      const view = viewSystem(system);
      expect(CredentialView.parse(view)).toEqual(view);
      expect(view).toMatchObject({ source: 'system', status: 'active', title: system.title, version: null });
      expect(JSON.stringify(view)).not.toMatch(/FAKE_API_KEY|_api_key"|settings/);
    },
  );
});

/** Text that only a secret contains. */
const secretText = fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => `canary-${text}`);

const credentials: fc.Arbitrary<NewCredential> = fc.oneof(
  secretText.map((apiKey) => newApiKey({ apiKey })),
  fc.tuple(secretText, secretText).map(([username, password]) => newUserPassword({ username, password })),
  secretText.map((value) => newHostScoped({ headers: { 'x-a': value } })),
  fc
    .tuple(secretText, secretText, secretText)
    .map(([accessToken, refreshToken, m]) => newOAuth2({ accessToken, refreshToken, metadata: { m } })),
);

describe('the view of any credential', () => {
  it('contains no part of its secret', async () => {
    const deps = memoryDeps();
    await fc.assert(
      fc.asyncProperty(credentials, fc.boolean(), async (next, later) => {
        const incarnation = { userId: 'alice', id: 'c1', version: 1, createdAt: NOW, ordinal: 0, now: NOW };
        const stored = await sealCredential(deps, next, incarnation);
        const view = viewStored(stored, later ? NOW + 1e9 : NOW);
        expect(JSON.stringify(view)).not.toContain('canary');
        expect(JSON.stringify(view)).not.toContain(stored.sealed);
      }),
      { numRuns: 500 },
    );
  });

  it('has no field that could hold a secret', () => {
    expect(Object.keys(CredentialView.shape).toSorted()).toEqual(
      [
        'id',
        'provider',
        'type',
        'title',
        'source',
        'status',
        'reason',
        'resource',
        'username',
        'scopes',
        'host',
        'data',
        'expiresAt',
        'version',
        'createdAt',
        'updatedAt',
      ].toSorted(),
    );
  });
});
