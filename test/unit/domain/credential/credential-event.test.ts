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

const eventOf = (before: Item | null, after: Item | null, given: Partial<RowChange> = {}): CredentialEvent | null =>
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
  it.each(changes)('makes of %s: %s', (_, change, before, after) => {
    expect(eventOf(before, after)?.change).toBe(change);
  });

  it('says whose, which, of whom, in which version and when, and nothing else', () => {
    expect(eventOf(null, item({ title: 'secret-title', sealed: 'canary', username: 'octocat' }))).toEqual({
      eventId: 'e1',
      change: 'created',
      userId: 'alice',
      provider: 'github',
      credentialId: 'c1',
      version: 1,
      occurredAt: '2030-01-01T00:00:00.000Z',
    });
  });

  it('takes the version of what is there now, and of what was there when it went', () => {
    expect(eventOf(item(), item({ version: 2, updatedAt: LATER }))?.version).toBe(2);
    expect(eventOf(item({ version: 7 }), null)?.version).toBe(7);
  });

  it('says why to reconnect, only then', () => {
    expect(eventOf(item(), item({ brokenReason: 'invalid_grant' }))?.reason).toBe('invalid_grant');
    expect(eventOf(null, item({ brokenReason: 'invalid_grant' }))).not.toHaveProperty('reason');
    const renamed = item({ brokenReason: 'expired', version: 2, updatedAt: LATER });
    expect(eventOf(item({ brokenReason: 'expired' }), renamed)).not.toHaveProperty('reason');
  });
});

describe('buildCredentialEvent of a row that cannot be read', () => {
  it.each<[string, Item]>([
    ['nothing', {}],
    ['a provider that is none', { ...item(), provider: 'no provider' }],
    ['a number for a provider', { ...item(), provider: 5 }],
  ])('tells of its coming and going with %s, without a provider', (_, broken) => {
    expect(eventOf(null, broken)).toMatchObject({ change: 'created', provider: null });
    expect(eventOf(broken, null)).toMatchObject({ change: 'deleted', provider: null });
  });

  it.each([0, -1, 1.5, '2', null, undefined, {}])('gives no version for %j', (version) => {
    expect(eventOf(null, { ...item(), version })).toMatchObject({ change: 'created', version: null });
  });

  it('tells of its replacement', () => {
    expect(eventOf({ provider: 'github' }, item())).toMatchObject({ change: 'updated', version: 1 });
  });

  it('does not take for a refresh what cannot be dated', () => {
    const undated = { ...item(), updatedAt: 'x' };
    expect(eventOf(undated, { ...undated, secretRev: 'rev-2' })).toBeNull();
  });

  it('says unreadable for a reason nobody knows', () => {
    expect(eventOf(item(), { ...item(), brokenReason: 5 })).toMatchObject({
      change: 'reconnect_required',
      reason: 'unreadable',
    });
  });

  it('never throws, whatever the row holds', () => {
    const odd = fc.dictionary(
      fc.constantFrom('provider', 'version', 'secretRev', 'updatedAt', 'brokenReason', 'sealed', '__proto__'),
      fc.oneof(fc.anything(), fc.constantFrom('openai', 1, 'rev', START, 'expired')),
    );
    fc.assert(
      fc.property(odd, odd, (before, after) => {
        eventOf(before, after);
        expect(eventOf(null, after)?.change).toBe('created');
        expect(eventOf(before, null)?.change).toBe('deleted');
      }),
    );
  });
});
