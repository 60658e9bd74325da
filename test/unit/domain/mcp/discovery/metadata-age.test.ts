// How long cached metadata is used, and the reasons that a failed reading may have.
import { describe, expect, it } from 'vitest';
import { endOfUse, isFresh, mayUseOld } from '../../../../../lib/domain/mcp/discovery/metadata-age.ts';
import {
  DiscoveryStep,
  describeReasons,
  notConnectable,
  notConnectableReasons,
  readReason,
} from '../../../../../lib/domain/mcp/not-connectable.ts';
import { ServiceError } from '../../../../../lib/domain/values/service-error.ts';

const HOUR = 3_600_000;
const NOW = 1_893_456_000_000;
const failure = (reason: (typeof notConnectableReasons)[number]) =>
  notConnectable('authorization_server_metadata', reason);

describe('isFresh', () => {
  it.each([
    [0, true],
    [HOUR - 1, true],
    [HOUR, false],
    [1 - HOUR, true],
    [-HOUR, false],
  ])('of metadata %d ms old: %s', (age, expected) => {
    expect(isFresh(NOW - age, NOW)).toBe(expected);
  });
});

describe('mayUseOld', () => {
  const error = failure('unreachable');

  it.each([
    [HOUR, true],
    [24 * HOUR - 1, true],
    [24 * HOUR, false],
    [-24 * HOUR, false],
  ])('of metadata %d ms old, while the server cannot be reached: %s', (age, expected) => {
    expect(mayUseOld(NOW - age, { now: NOW, error })).toBe(expected);
  });

  it.each(['too_slow', 'server_error', 'redirected', 'invalid_reply', 'no_metadata'] as const)(
    'is true after %s',
    (reason) => {
      expect(mayUseOld(NOW, { now: NOW, error: failure(reason) })).toBe(true);
    },
  );

  it.each([
    'invalid_metadata',
    'issuer_mismatch',
    'url_not_allowed',
    'pkce_unsupported',
    'code_flow_unsupported',
  ] as const)('is false after %s: the server says that the old is no longer true', (reason) => {
    expect(mayUseOld(NOW, { now: NOW, error: failure(reason) })).toBe(false);
  });

  it.each([new TypeError('a bug'), new ServiceError('internal_error')])('is false after another error: %s', (other) => {
    expect(mayUseOld(NOW, { now: NOW, error: other })).toBe(false);
  });

  it('ends with the use of the stored item', () => {
    expect(endOfUse(NOW)).toBe(NOW + 24 * HOUR);
  });
});

describe('the reasons', () => {
  it.each(notConnectableReasons)('%s has a sentence for a person', (reason) => {
    expect(notConnectable('challenge', reason).detail).toMatch(/^It.* .*\.$/);
    expect(describeReasons()).toContain(`- \`${reason}\`: It`);
  });

  it('are described a line each', () => {
    expect(describeReasons().split('\n')).toHaveLength(notConnectableReasons.length);
  });

  it('are read from the error of a hop only', () => {
    expect(readReason(notConnectable('registration', 'registration_refused'))).toBe('registration_refused');
    expect(readReason(new ServiceError('provider_rejected', { members: { reason: 'x' } }))).toBeNull();
    expect(readReason(new TypeError())).toBeNull();
  });

  it('come with one of four steps', () => {
    expect(DiscoveryStep.options).toEqual([
      'challenge',
      'resource_metadata',
      'authorization_server_metadata',
      'registration',
    ]);
  });

  it('describe each step', () => {
    for (const step of DiscoveryStep.options) expect(DiscoveryStep.meta()?.description).toContain(`\`${step}\``);
  });
});
