// The event of a changed row: its type and its fields, which never contain a secret.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildCredentialEvent,
  type CredentialEvent,
  type RowChange,
} from '../../../../lib/domain/credential/credential-event.ts';
import { credentialItem, type Item } from '../../../../lib/domain/credential/rows.ts';
import { credential, START } from '../../../support/builders.ts';

const item = (given: Parameters<typeof credential>[0] = {}): Item => credentialItem(credential(given));

const buildEvent = (before: Item | null, after: Item | null, given: Partial<RowChange> = {}): CredentialEvent | null =>
  buildCredentialEvent({
    eventId: 'e1',
    userId: 'alice',
    credentialId: 'c1',
    occurredAt: START,
    before,
    after,
    ...given,
  });

const LATER = START + 1;

describe('buildCredentialEvent', () => {
  const changes: [string, string | undefined, Item | null, Item | null][] = [
    ['a row that came', 'created', null, item()],
    ['a row that went', 'deleted', item(), null],
    ['a new title', 'updated', item(), item({ version: 2, updatedAt: LATER, title: 't' })],
    ['a new secret', 'updated', item(), item({ version: 2, updatedAt: LATER, secretRev: 'rev-2' })],
    ['a refresh that counts its versions', 'refreshed', item(), item({ secretRev: 'rev-2', version: 2 })],
    ['a refresh', 'refreshed', item(), item({ secretRev: 'rev-2' })],
    ['a refused refresh', 'reconnect_required', item(), item({ brokenReason: 'invalid_grant' })],
    [
      'a refused refresh that sealed anew',
      'reconnect_required',
      item(),
      item({ brokenReason: 'uncertain_refresh', secretRev: 'rev-2' }),
    ],
    ['another reason', undefined, item({ brokenReason: 'expired' }), item({ brokenReason: 'invalid_grant' })],
    [
      'a reconnection',
      'updated',
      item({ brokenReason: 'invalid_grant' }),
      item({ version: 2, updatedAt: LATER, secretRev: 'rev-2' }),
    ],
    ['a day mark', undefined, item(), { ...item(), usedDay: 19_000 }],
    ['a place in the index', undefined, item(), { ...item(), dueShard: 3, dueAt: START }],
    ['nothing at all', undefined, item(), item()],
    ['a row that is null where it was absent', undefined, item(), { ...item(), brokenReason: null }],
  ];
  it.each(changes)('reports %s as %s', (_, change, before, after) => {
    expect(buildEvent(before, after)?.change).toBe(change);
  });

  it('holds user, credential, provider, version and time, and nothing else', () => {
    expect(buildEvent(null, item({ title: 'secret-title', sealed: 'canary', username: 'octocat' }))).toEqual({
      eventId: 'e1',
      change: 'created',
      userId: 'alice',
      provider: 'github',
      credentialId: 'c1',
      version: 1,
      occurredAt: '2030-01-01T00:00:00.000Z',
    });
  });

  it('holds the version after the change, and before it for deleted', () => {
    expect(buildEvent(item(), item({ version: 2, updatedAt: LATER }))?.version).toBe(2);
    expect(buildEvent(item({ version: 7 }), null)?.version).toBe(7);
  });

  it('holds a reason for reconnect_required only', () => {
    expect(buildEvent(item(), item({ brokenReason: 'invalid_grant' }))?.reason).toBe('invalid_grant');
    expect(buildEvent(null, item({ brokenReason: 'invalid_grant' }))).not.toHaveProperty('reason');
    const renamed = item({ brokenReason: 'expired', version: 2, updatedAt: LATER });
    expect(buildEvent(item({ brokenReason: 'expired' }), renamed)).not.toHaveProperty('reason');
  });
});

describe('buildCredentialEvent of an unreadable row', () => {
  it.each<[string, Item]>([
    ['nothing', {}],
    ['a provider that is none', { ...item(), provider: 'no provider' }],
    ['a number for a provider', { ...item(), provider: 5 }],
  ])('reports created and deleted without a provider for %s', (_, broken) => {
    expect(buildEvent(null, broken)).toMatchObject({ change: 'created', provider: null });
    expect(buildEvent(broken, null)).toMatchObject({ change: 'deleted', provider: null });
  });

  it.each([0, -1, 1.5, '2', null, undefined, {}])('holds no version for %j', (version) => {
    expect(buildEvent(null, { ...item(), version })).toMatchObject({ change: 'created', version: null });
  });

  it('reports its replacement', () => {
    expect(buildEvent({ provider: 'github' }, item())).toMatchObject({ change: 'updated', version: 1 });
  });

  it('does not report a refresh without updatedAt', () => {
    const undated = { ...item(), updatedAt: 'x' };
    expect(buildEvent(undated, { ...undated, secretRev: 'rev-2' })).toBeNull();
  });

  it('reports unreadable for an unknown reason', () => {
    expect(buildEvent(item(), { ...item(), brokenReason: 5 })).toMatchObject({
      change: 'reconnect_required',
      reason: 'unreadable',
    });
  });

  it('never throws, for any row', () => {
    const odd = fc.dictionary(
      fc.constantFrom('provider', 'version', 'secretRev', 'updatedAt', 'brokenReason', 'sealed', '__proto__'),
      fc.oneof(fc.anything(), fc.constantFrom('openai', 1, 'rev', START, 'expired')),
    );
    fc.assert(
      fc.property(odd, odd, (before, after) => {
        buildEvent(before, after);
        expect(buildEvent(null, after)?.change).toBe('created');
        expect(buildEvent(before, null)?.change).toBe('deleted');
      }),
    );
  });
});
