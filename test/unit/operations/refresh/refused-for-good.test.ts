// The bound for refusals in words that no rule knows: a day, ten times, one and the same, by a provider that serves others.
import { describe, expect, it } from 'vitest';
import { ProviderFault, type ProviderFaultKind } from '../../../../lib/domain/ports/oauth-protocol.ts';
import {
  answering,
  expireToken,
  findLease,
  type Refreshing,
  refreshing,
  resolveGrant,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const refusal = (
  given: { kind?: ProviderFaultKind; status?: number; word?: string; code?: string; lost?: boolean } = {},
) =>
  new ProviderFault(given.kind ?? 'rejected', {
    status: given.status ?? 400,
    providerError: given.word ?? 'bad_thing',
    providerCode: given.code ?? null,
    lostAnswer: given.lost ? 'cut' : null,
  });

/** Refuses so many times, one each `every` milliseconds; `served`: the provider grants another's refresh in between. */
const refuse = async (
  world: Refreshing,
  { fault = refusal(), times = 10, every = DAY / 9, served = true } = {},
): Promise<unknown> => {
  answering(world.deps, fault);
  let error: unknown;
  for (let call = 0; call < times; call++) {
    if (call > 0) world.deps.clock.advance(Math.ceil(every));
    error = await resolveGrant(world.deps).then(
      () => undefined,
      (reason) => reason,
    );
    if (served && call === 0) world.deps.outcomes.noteGranted('acme', world.deps.clock.now() + 1);
  }
  return error;
};

const expired = async () => {
  const world = await refreshing();
  expireToken(world);
  return world;
};

const brokenReason = async ({ deps }: Refreshing) => (await storedGrant(deps)).credential.brokenReason;

const REFUSED = { code: 'reconnect_required', members: { reason: 'refused' } };

describe('a refresh refused for a day in one and the same way', () => {
  it.each<[string, Parameters<typeof refusal>[0]]>([
    ['an unknown word', {}],
    ['no word', { kind: 'transient', status: 403 }],
    ['a word that elsewhere means a fault of the client', { kind: 'client_fault', word: 'unauthorized_client' }],
    ['401', { kind: 'client_fault', status: 401 }],
    ['a word that a rule knows, for no overload', { code: 'bad_thing' }],
  ])('is refused for good, by %s', async (_, given) => {
    const world = await expired();
    expect(await refuse(world, { fault: refusal(given) })).toMatchObject(REFUSED);
    expect(await brokenReason(world)).toBe('refused');
    const calls = world.deps.oauth.callsTo('refresh').length;
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(REFUSED);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(calls);
  });

  it('is uncertain_refresh once an answer was lost before', async () => {
    const world = await expired();
    await refuse(world, { fault: new ProviderFault('transient', { lostAnswer: 'cut' }), times: 1 });
    world.deps.clock.advance(HOUR);
    expect(await refuse(world)).toMatchObject({ members: { reason: 'uncertain_refresh' } });
  });

  it('is not, nine times', async () => {
    const world = await expired();
    expect(await refuse(world, { times: 9, every: DAY / 8 })).toMatchObject({ code: 'refresh_unavailable' });
    expect(await brokenReason(world)).toBeNull();
  });

  it('is not, within less than a day', async () => {
    const world = await expired();
    expect(await refuse(world, { times: 20, every: DAY / 20 })).toMatchObject({ code: 'refresh_unavailable' });
  });

  it('is not, by a provider that serves no other', async () => {
    const world = await expired();
    expect(await refuse(world, { times: 12, served: false })).toMatchObject({ code: 'refresh_unavailable' });
    expect(await brokenReason(world)).toBeNull();
  });

  it.each<[string, ProviderFault]>([
    ['408', refusal({ kind: 'transient', status: 408 })],
    ['425', refusal({ kind: 'transient', status: 425 })],
    ['429', refusal({ kind: 'transient', status: 429 })],
    ['500', refusal({ kind: 'transient', status: 500 })],
    ['a refusal in a good status', refusal({ status: 200 })],
    ['no answer', new ProviderFault('transient', { lostAnswer: 'cut' })],
    [
      'a known word for overload',
      new ProviderFault('transient', { status: 400, providerCode: 'slow_down', providerError: 'slow_down' }),
    ],
  ])('is not, by %s', async (_, fault) => {
    const world = await expired();
    await refuse(world, { fault, times: 12 });
    expect(await brokenReason(world)).toBeNull();
  });

  it('is not decided by an answer that is no refusal', async () => {
    const world = await expired();
    await refuse(world, { served: false });
    world.deps.outcomes.noteGranted('acme', world.deps.clock.now());
    await refuse(world, { fault: refusal({ kind: 'transient', status: 503 }), times: 2, served: false });
    expect(await brokenReason(world)).toBeNull();
  });

  it('is not, by another word in between, which starts anew', async () => {
    const world = await expired();
    await refuse(world, { times: 9 });
    world.deps.clock.advance(HOUR);
    await refuse(world, { fault: refusal({ word: 'other' }), times: 1 });
    expect(findLease(world.deps)?.refusal).toMatchObject({ word: '400 other', count: 1 });
  });

  it('goes on counting over an overload in between', async () => {
    const world = await expired();
    await refuse(world, { times: 5 });
    await refuse(world, { fault: refusal({ kind: 'transient', status: 503 }), times: 2, every: HOUR });
    expect(await refuse(world, { times: 6 })).toMatchObject(REFUSED);
  });

  it('counts nothing over a refresh that succeeds', async () => {
    const world = await expired();
    await refuse(world, { times: 9 });
    world.deps.clock.advance(HOUR);
    world.deps.oauth.script.refreshed = (token) => world.provider.exchange(token);
    await resolveGrant(world.deps);
    expireToken(world);
    expect(await refuse(world, { times: 2, every: DAY })).toMatchObject({ code: 'refresh_unavailable' });
  });
});

describe('the log of a refused refresh', () => {
  it('has the provider’s own word', async () => {
    const world = await expired();
    await refuse(world, { times: 1 });
    expect(world.deps.log.lines).toEqual([
      {
        level: 'info',
        message: 'refresh refused',
        fields: { provider: 'acme', outcome: 'rejected', status: 400, providerError: 'bad_thing' },
      },
    ]);
  });

  it('has no line without a reply', async () => {
    const world = await expired();
    await refuse(world, { fault: new ProviderFault('transient'), times: 1 });
    expect(world.deps.log.lines).toEqual([]);
  });
});

describe('the provider’s own word', () => {
  it.each([
    ['a dead grant', 'dead_grant', 'reconnect_required'],
    ['a refusal', 'rejected', 'refresh_unavailable'],
  ] as const)('comes with the error of %s', async (_, kind, code) => {
    const world = await expired();
    const error = await refuse(world, { fault: refusal({ kind }), times: 1 });
    expect(error).toMatchObject({ code, cause: { providerError: 'bad_thing' } });
  });
});
