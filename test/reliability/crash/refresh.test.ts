// kill -9 before and after every port call of a refresh, in a separate process, for every kind of provider: the credential
// always opens, and the next resolve works. The only possible loss is the token of a strictly rotating provider that answered
// before the result was stored; the next resolve then reports reconnect_required (uncertain_refresh).
import { afterAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { addCredential } from '../../../lib/operations/credential/add-credential.ts';
import { resolveCredential } from '../../../lib/operations/refresh/resolve-credential.ts';
import { openCredential } from '../../../lib/steps/credential/open-credential.ts';
import { type ProviderKind, providerKinds } from '../../support/memory/token-provider.ts';
import { isProof } from '../../support/run/proof.ts';
import { openCrashEnvironment, runChild } from './crash-environment.ts';
import { type KillPoint, shiftedClock } from './crash-plan.ts';

const SECOND = 1_000;
const STORED = Date.UTC(2030, 0, 1);
/** The lifetime of the stored token; a refresh brings one of an hour. */
const LIFETIME = 120 * SECOND;
/** Less than half of the lifetime is left. */
const KILLED = STORED + 100 * SECOND;
const MOMENTS_AFTER = {
  'while the lease is held': KILLED + 5 * SECOND,
  'after the lease, while the token is valid': KILLED + 15 * SECOND,
  'after both expired': STORED + LIFETIME + 60 * SECOND,
  'after any token expired': STORED + LIFETIME + 7_200 * SECOND,
};
const EXPIRES_AT = STORED + LIFETIME;

const { provider, deps } = await openCrashEnvironment();
afterAll(() => provider.close());

let users = 0;

/** A user with one credential that must be refreshed at the time of the crash. */
const newGrant = async (kind: ProviderKind) => {
  const userId = `crash-${++users}`;
  const tokens = provider.tokens.signIn(kind);
  const grant = { provider: kind === 'static' ? 'still' : 'rotating', id: 'g', scopes: [], ...tokens };
  const stored = { ...deps, clock: shiftedClock(STORED) };
  const credential = { type: 'oauth2', accessTokenExpiresAt: EXPIRES_AT, ...grant } as const;
  await addCredential(stored, { userId, credential: { ...credential, scopes: [] } });
  return { userId, provider: grant.provider, tokens };
};

type Grant = Awaited<ReturnType<typeof newGrant>>;

const open = async ({ userId }: Grant) => {
  const row = await deps.users.readCredential(userId, 'g');
  if (!row?.readable) throw new Error('not readable');
  return (await openCredential(deps, row.credential)) as Grant['tokens'];
};

/** The token that resolve answers at a time, or its error code and reason. */
const resolveAt = async ({ userId, provider: name }: Grant, now: number): Promise<string> => {
  try {
    const asked = { userId, provider: name, scopes: [] };
    const { headers } = await resolveCredential({ ...deps, clock: shiftedClock(now) }, asked);
    return (headers.authorization ?? '').replace('Bearer ', '');
  } catch (error) {
    if (error instanceof ServiceError) return `${error.code} (${error.members.reason})`;
    throw error;
  }
};

const listCalls = async (kind: ProviderKind): Promise<string[]> => {
  const { stdout, stderr } = await runChild({ ...(await newGrant(kind)), now: KILLED, death: null });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
};

const calls = await listCalls('strict');
const points = calls.flatMap((call, index) =>
  (['before', 'after'] as const).map((when) => [when, call, { nth: index + 1, when }] as const),
);

it('the kill points cover every port call of a refresh, and each that decides something once', () => {
  // The row is read before the lease is taken and again under it.
  expect(calls.filter((call) => call !== 'users.readCredential')).toEqual([
    ...new Set(calls.filter((call) => call !== 'users.readCredential')),
  ]);
  expect(calls.filter((call) => call === 'users.readCredential')).toHaveLength(2);
  for (const call of ['refreshes.swapLease', 'sealer.openToReseal', 'oauth.refresh', 'refreshes.storeRefreshed'])
    expect(calls).toContain(call);
});

/** The provider issued tokens and nothing is stored yet. */
const isBetweenGrantAndWrite = ({ nth, when }: KillPoint): boolean => {
  const [granted, written] = ['oauth.refresh', 'refreshes.storeRefreshed'].map((call) => calls.indexOf(call) + 1);
  return when === 'after'
    ? nth >= (granted ?? 0) && nth < (written ?? 0)
    : nth > (granted ?? 0) && nth <= (written ?? 0);
};

const UNCERTAIN = 'reconnect_required (uncertain_refresh)';

/** All points where a token can be lost; for the other providers different thirds, and all in `npm run proof`. */
const choosePoints = (kind: ProviderKind) =>
  points.filter((_, index) => isProof || kind === 'strict' || index % 3 === providerKinds.indexOf(kind));

describe.each(providerKinds)('a refresh killed at a provider that is %s,', (kind) => {
  it.concurrent.each(choosePoints(kind))(
    '%s %s, leaves a credential that opens and resolves',
    { timeout: 60_000 },
    async (_when, _call, death) => {
      const grant = await newGrant(kind);
      const { signal, stderr } = await runChild({ ...grant, now: KILLED, death });
      expect([signal, stderr]).toEqual(['SIGKILL', '']);
      const isTokenLost = kind === 'strict' && isBetweenGrantAndWrite(death);
      expect(provider.tokens.isAlive((await open(grant)).refreshToken)).toBe(!isTokenLost);
      for (const [when, now] of Object.entries(MOMENTS_AFTER)) {
        const token = await resolveAt(grant, now);
        const isExpected = isTokenLost && now > EXPIRES_AT ? token === UNCERTAIN : provider.tokens.works(token);
        expect([when, token, isExpected]).toEqual([when, token, true]);
        expect(provider.tokens.isAlive((await open(grant)).refreshToken)).toBe(!isTokenLost);
      }
    },
  );
});
