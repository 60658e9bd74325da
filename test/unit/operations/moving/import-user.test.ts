// Imports: never over anything stored, repeatable after any end, within the limits of the user and of time.
import { describe, expect, it, vi } from 'vitest';
import type { RawFields } from '../../../../lib/domain/moving/judge-credential.ts';
import { consumeOAuthState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import { getCredential } from '../../../../lib/operations/credential/get-credential.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { importUser } from '../../../../lib/operations/moving/import-user.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { getManagedCredential } from '../../../../lib/operations/user/get-managed-credential.ts';
import { putManagedCredential } from '../../../../lib/operations/user/put-managed-credential.ts';
import {
  ALICE,
  BROKEN_ITEM,
  MINUTE,
  markErasing,
  newApiKey,
  putRawItem,
  START,
  snapshot,
  stored,
  userRecord,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import {
  AUTOGPT_IDS,
  autogptApiKey,
  autogptDocument,
  autogptGrant,
  autogptState,
} from '../../../support/moving/autogpt.ts';
import { dyingPorts } from '../../../support/process/dying-ports.ts';

const ids = AUTOGPT_IDS.map(({ id }) => id);

const run = (deps: MemoryDeps, document: RawFields = autogptDocument(), given: object = {}) =>
  importUser(deps, { userId: ALICE, format: 'autogpt', document, ...given });

const manyKeys = (count: number, from = 0) => ({
  credentials: Array.from({ length: count }, (_, index) => autogptApiKey({ id: `k${from + index}` })),
});

const ownIds = async (deps: MemoryDeps) =>
  (await listCredentials(deps, { userId: ALICE })).credentials.flatMap(({ id, source }) =>
    source === 'user' ? [id] : [],
  );

const secretOf = async (deps: MemoryDeps, id: string) =>
  (await getCredential(deps, { userId: ALICE, id })).credential.secret;

describe('an import', () => {
  it('stores all four types and the managed key, in the order of the document', async () => {
    const deps = memoryDeps();
    expect(await run(deps)).toEqual({ imported: [...ids, 'managed/ayrshare'], skipped: [], version: undefined });
    expect(await ownIds(deps)).toEqual(ids);
    const secrets = await Promise.all(ids.map((id) => secretOf(deps, id)));
    expect(secrets).toEqual([
      { apiKey: 'sk-alice' },
      { accessToken: 'gho_alice' },
      { username: 'alice@mail.example', password: 'pass word' },
      { headers: { 'x-api-key': 'header-alice' } },
    ]);
    expect(await getManagedCredential(deps, { userId: ALICE, provider: 'ayrshare' })).toMatchObject({
      secret: 'profile-alice',
    });
    expect(userRecord(deps)).toMatchObject({ version: 1, count: 4 });
  });

  it('changes nothing when it is repeated', async () => {
    const deps = memoryDeps();
    await run(deps);
    const before = snapshot(deps);
    deps.clock.advance(MINUTE);
    const skipped = [...ids, 'managed/ayrshare'].map((id) => ({ id, reason: 'exists' }));
    expect(await run(deps)).toEqual({ imported: [], skipped, version: undefined });
    expect(snapshot(deps)).toEqual(before);
  });

  it('never overwrites a credential or managed key that the user has', async () => {
    const deps = await userWith([newApiKey({ id: ids[0], apiKey: 'mine' })]);
    await putManagedCredential(deps, { userId: ALICE, provider: 'ayrshare', secret: 'own' });
    const report = await run(deps);
    expect(report.imported).toEqual(ids.slice(1));
    expect(report.skipped.map(({ reason }) => reason)).toEqual(['exists', 'exists']);
    expect(await secretOf(deps, ids[0] ?? '')).toEqual({ apiKey: 'mine' });
    expect(await getManagedCredential(deps, { userId: ALICE, provider: 'ayrshare' })).toMatchObject({ secret: 'own' });
  });

  it('never overwrites what is stored between its read and its write', async () => {
    const deps = memoryDeps();
    const { write } = deps.users;
    let isFirst = true;
    deps.users.write = async (userId, change) => {
      if (isFirst) {
        isFirst = false;
        await stored(deps, newApiKey({ id: ids[1], apiKey: 'mine' }));
        await putManagedCredential(deps, { userId: ALICE, provider: 'ayrshare', secret: 'own' });
      }
      return write(userId, change);
    };
    const report = await run(deps);
    expect(report.imported).toEqual([ids[0], ids[2], ids[3]]);
    expect(report.skipped).toEqual([
      { id: ids[1], reason: 'exists' },
      { id: 'managed/ayrshare', reason: 'exists' },
    ]);
    expect(await secretOf(deps, ids[1] ?? '')).toEqual({ apiKey: 'mine' });
    expect(await getManagedCredential(deps, { userId: ALICE, provider: 'ayrshare' })).toMatchObject({ secret: 'own' });
  });

  it('never overwrites a row that cannot be read and that no index has', async () => {
    const deps = memoryDeps();
    putRawItem(deps, 'k0', { ...BROKEN_ITEM, provider: 7 });
    const before = deps.table.users.get(ALICE)?.credentials.get('k0');
    expect(await run(deps, manyKeys(2))).toMatchObject({
      imported: ['k1'],
      skipped: [{ id: 'k0', reason: 'exists' }],
    });
    expect(deps.table.users.get(ALICE)?.credentials.get('k0')).toEqual(before);
  });

  it('reads the managed keys once, however many the document has', async () => {
    const deps = memoryDeps();
    const reads = vi.spyOn(deps.users, 'readManaged');
    const managed = Array.from({ length: 50 }, (_, index) => ({ provider: `p${index}`, secret: 's' }));
    const document = { managed };
    expect((await importUser(deps, { userId: ALICE, format: 'keyhold', document })).imported).toHaveLength(50);
    expect((await importUser(deps, { userId: ALICE, format: 'keyhold', document })).skipped).toHaveLength(50);
    expect(reads).not.toHaveBeenCalled();
  });

  it('writes nothing for a document without anything to store', async () => {
    const deps = memoryDeps();
    expect(await run(deps, { credentials: [{ id: 'x' }] })).toEqual({
      imported: [],
      skipped: [{ id: 'x', reason: 'invalid_type' }],
      version: undefined,
    });
    expect(userRecord(deps)).toBeNull();
  });

  it('makes one transaction of 99 changes, and keeps their order', async () => {
    const deps = memoryDeps();
    const { imported } = await run(deps, manyKeys(250));
    expect(imported).toHaveLength(250);
    expect(userRecord(deps)).toMatchObject({ version: 3, count: 250 });
    expect(await ownIds(deps)).toEqual(imported);
  });

  it('makes smaller transactions of large secrets', async () => {
    const deps = memoryDeps();
    const large = (index: number) => autogptApiKey({ id: `k${index}`, api_key: 'k'.repeat(16_000) });
    await run(deps, { credentials: Array.from({ length: 99 }, (_, index) => large(index)) });
    expect(userRecord(deps)).toMatchObject({ version: 4, count: 99 });
  });

  it('stores up to the limit of credentials, and managed keys after it too', async () => {
    const deps = memoryDeps({ limits: { ...memoryDeps().limits, maxCredentialsPerUser: 120 } });
    const report = await run(deps, { ...manyKeys(150), managed_credentials: { ayrshare_profile_key: 'p' } });
    expect(report.imported).toEqual([...Array.from({ length: 120 }, (_, index) => `k${index}`), 'managed/ayrshare']);
    expect(report.skipped).toHaveLength(30);
    expect(new Set(report.skipped.map(({ reason }) => reason))).toEqual(new Set(['credential_limit']));
    expect(userRecord(deps)).toMatchObject({ count: 120 });
  });

  it('stores up to the limit of a user who has some', async () => {
    const deps = memoryDeps({ limits: { ...memoryDeps().limits, maxCredentialsPerUser: 5 } });
    await stored(deps, newApiKey({ id: 'own' }));
    expect(await run(deps, manyKeys(7))).toMatchObject({
      imported: ['k0', 'k1', 'k2', 'k3'],
      skipped: [4, 5, 6].map((index) => ({ id: `k${index}`, reason: 'credential_limit' })),
    });
  });

  it('seals nothing for a user without room', async () => {
    const deps = memoryDeps({ limits: { ...memoryDeps().limits, maxCredentialsPerUser: 1 } });
    await stored(deps, newApiKey({ id: 'own' }));
    deps.sealer.seal = () => Promise.reject(new Error('sealed'));
    expect((await run(deps, manyKeys(3))).skipped).toHaveLength(3);
  });

  it('ends in time, says what it has not reached, and goes on when it is repeated', async () => {
    const deps = memoryDeps();
    const { write } = deps.users;
    deps.users.write = (userId, change) => {
      deps.clock.advance(8_000);
      return write(userId, change);
    };
    const document = { ...manyKeys(250), oauth_states: [autogptState()] };
    const first = await run(deps, document);
    expect(first.imported).toHaveLength(198);
    expect(first.skipped).toHaveLength(53);
    expect(new Set(first.skipped.map(({ reason }) => reason))).toEqual(new Set(['not_reached']));
    const second = await run(deps, document);
    expect(second.imported).toEqual([...Array.from({ length: 52 }, (_, index) => `k${198 + index}`), 'state/0']);
    expect(await ownIds(deps)).toEqual(manyKeys(250).credentials.map(({ id }) => id));
  });

  it('refuses a tenant that the provider’s record does not have', async () => {
    const deps = memoryDeps();
    const grant = {
      type: 'oauth2',
      id: 'a',
      provider: 'github',
      accessToken: 'a',
      variables: { shop: 'evil.example' },
    };
    const document = { credentials: [grant, { ...grant, id: 'b', variables: undefined }] };
    expect(await importUser(deps, { userId: ALICE, format: 'keyhold', document })).toMatchObject({
      imported: ['b'],
      skipped: [{ id: 'a', reason: 'invalid_variables' }],
    });
  });

  it('shows the tenant that the grant is sealed with, whatever the data says', async () => {
    const deps = memoryDeps();
    const secret = { accessToken: 'a', variables: { shop: 'mine' } };
    const entry = { type: 'oauth2', id: 'a', provider: 'shopify', data: { shop: 'other', note: 'kept' }, secret };
    deps.templates.findVariables = async () => ({ shop: { pattern: '[a-z]+' } });
    await importUser(deps, { userId: ALICE, format: 'keyhold', document: { credentials: [entry] } });
    expect((await getCredential(deps, { userId: ALICE, id: 'a' })).credential.data).toEqual({
      shop: 'mine',
      note: 'kept',
    });
  });

  it('plans no renewal of a grant that is marked as broken', async () => {
    const deps = memoryDeps();
    const times = { expiresAt: '2030-01-01T01:00:00Z', refreshTokenExpiresAt: '2030-02-01T00:00:00Z' };
    const grant = { type: 'oauth2', provider: 'github', ...times, secret: { accessToken: 'a', refreshToken: 'r' } };
    const document = {
      credentials: [
        { ...grant, id: 'a' },
        { ...grant, id: 'b', reason: 'invalid_grant' },
      ],
    };
    await importUser(deps, { userId: ALICE, format: 'keyhold', document });
    const items = deps.table.users.get(ALICE)?.credentials;
    expect(items?.get('a')).toMatchObject({ dueShard: expect.any(String), hasRefreshToken: true });
    expect(items?.get('b')).not.toHaveProperty('dueShard');
    expect(items?.get('b')).toMatchObject({ brokenReason: 'invalid_grant', version: 1 });
  });
});

describe('an import with If-Match', () => {
  it('counts the version on with each batch', async () => {
    const deps = memoryDeps();
    expect((await run(deps, manyKeys(250), { expectedVersion: 0 })).version).toBe(3);
    expect((await run(deps, manyKeys(250), { expectedVersion: 3 })).version).toBe(3);
  });

  it('is refused at another version, and stores nothing', async () => {
    const deps = await userWith([newApiKey({ id: 'own' })]);
    const before = snapshot(deps);
    await expect(run(deps, autogptDocument(), { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'version_conflict',
      members: { currentVersion: 1 },
    });
    expect(snapshot(deps)).toEqual(before);
  });

  it('stops where another writer comes between two batches', async () => {
    const deps = memoryDeps();
    const { write } = deps.users;
    let writes = 0;
    deps.users.write = async (userId, change) => {
      if (++writes === 2) await stored(deps, newApiKey({ id: 'own' }));
      return write(userId, change);
    };
    await expect(run(deps, manyKeys(150), { expectedVersion: 0 })).rejects.toMatchObject({ code: 'version_conflict' });
    expect(userRecord(deps)).toMatchObject({ version: 2, count: 100 });
  });
});

describe('an import of a user who is erased', () => {
  it('is refused while the erasure runs', async () => {
    const deps = memoryDeps();
    await markErasing(deps);
    await expect(run(deps)).rejects.toMatchObject({ code: 'user_erasing' });
  });

  it('stores nothing after an erasure that ended meanwhile', async () => {
    const deps = memoryDeps();
    const { write } = deps.users;
    let writes = 0;
    deps.users.write = async (userId, change) => {
      if (++writes === 2) await eraseUser(deps, { userId: ALICE });
      return write(userId, change);
    };
    await expect(run(deps, manyKeys(150))).rejects.toMatchObject({ code: 'user_erasing' });
    expect(userRecord(deps)).toMatchObject({ count: 0, erasing: null });
    expect(await ownIds(deps)).toEqual([]);
  });

  it('stores no flow after an erasure that ended meanwhile', async () => {
    const deps = memoryDeps();
    const { readSummaries } = deps.users;
    deps.users.readSummaries = async (...request) => {
      const rows = await readSummaries(...request);
      await eraseUser(deps, { userId: ALICE });
      return rows;
    };
    await expect(run(deps, { oauth_states: [autogptState()] })).rejects.toMatchObject({ code: 'user_erasing' });
    expect(deps.table.states.size).toBe(0);
  });

  it('stores the states of a user who was erased before', async () => {
    const deps = memoryDeps();
    await eraseUser(deps, { userId: ALICE });
    expect((await run(deps, { oauth_states: [autogptState()] })).imported).toEqual(['state/0']);
  });

  it('works after the erasure', async () => {
    const deps = memoryDeps();
    await run(deps);
    await eraseUser(deps, { userId: ALICE });
    expect((await run(deps)).imported).toHaveLength(5);
  });
});

describe('an open flow in a document', () => {
  const flow = (given: Record<string, unknown> = {}) => ({ oauth_states: [autogptState(given)] });

  it('is consumed here, once, with its own verifier', async () => {
    const deps = memoryDeps();
    const expires_at = (START + 5 * MINUTE) / 1000;
    const state = { expires_at, callback_url: 'https://app.example/oauth/callback', initiated_by_api_key_id: 'key-7' };
    expect((await run(deps, flow(state))).imported).toEqual(['state/0']);
    const consume = () => consumeOAuthState(deps, { userId: ALICE, provider: 'github', token: 'A'.repeat(43) });
    expect(await consume()).toMatchObject({
      ...{ codeVerifier: 'v'.repeat(128), scopes: ['repo'], callbackUrl: state.callback_url },
      ...{ initiatedByApiKeyId: 'key-7', expiresAt: START + 5 * MINUTE },
    });
    await expect(consume()).rejects.toMatchObject({ code: 'state_invalid' });
    // A second import does not make it usable again.
    expect((await run(deps, flow(state))).skipped).toEqual([{ id: 'state/0', reason: 'exists' }]);
    await expect(consume()).rejects.toMatchObject({ code: 'state_invalid' });
  });

  it('lives no longer than a flow that is started here', async () => {
    const deps = memoryDeps();
    await run(deps, flow());
    expect([...deps.table.states.values()][0]?.expiresAt).toBe(START + 600_000);
  });

  it('is skipped where its callback is not allowed', async () => {
    const report = await run(memoryDeps(), flow({ callback_url: 'https://evil.example/' }));
    expect(report.skipped).toEqual([{ id: 'state/0', reason: 'callback_not_allowed' }]);
  });

  it('is skipped where the user has too many', async () => {
    const deps = memoryDeps({ limits: { ...memoryDeps().limits, maxOpenStatesPerUser: 1 } });
    const oauth_states = ['A', 'B'].map((letter) => autogptState({ token: letter.repeat(43) }));
    expect(await run(deps, { oauth_states })).toMatchObject({
      imported: ['state/0'],
      skipped: [{ id: 'state/1', reason: 'state_limit' }],
    });
  });
});

describe('an import that dies at any call', () => {
  const document = {
    ...manyKeys(120),
    managed_credentials: { ayrshare_profile_key: 'p' },
    oauth_states: [autogptState({ expires_at: (START + 5 * MINUTE) / 1000 })],
  };
  const PORTS = ['users', 'states', 'sealer', 'templates'] as const;

  const die = async (deps: MemoryDeps, nth: number, when: 'before' | 'after') => {
    const dying = dyingPorts(deps, PORTS, { nth, when, die: () => Promise.reject(new Error('killed')) });
    await run(dying.deps as MemoryDeps, document).catch(() => {});
    return dying.calls.length;
  };

  it('is complete after it is repeated, and then has no second effect', async () => {
    const calls = await die(memoryDeps(), 0, 'before');
    expect(calls).toBeGreaterThan(120);
    const wanted = [...document.credentials.map(({ id }) => id)];
    for (let nth = 1; nth <= calls; nth += nth < 5 || nth > calls - 5 ? 1 : 9) {
      for (const when of ['before', 'after'] as const) {
        const deps = memoryDeps();
        await die(deps, nth, when);
        await run(deps, document);
        expect(await ownIds(deps), `${when} call ${nth}`).toEqual(wanted);
        expect(userRecord(deps)?.count).toBe(120);
        const before = snapshot(deps);
        expect((await run(deps, document)).imported).toEqual([]);
        expect(snapshot(deps)).toEqual(before);
      }
    }
  });

  it('answers the fault of the key service, and goes on where it ended', async () => {
    const deps = memoryDeps();
    const { seal } = deps.sealer;
    let seals = 0;
    deps.sealer.seal = (context, secret) =>
      ++seals > 150 ? Promise.reject(new Error('keys_unavailable')) : seal(context, secret);
    await expect(run(deps, manyKeys(200))).rejects.toThrow('keys_unavailable');
    expect(userRecord(deps)).toMatchObject({ count: 99 });
    deps.sealer.seal = seal;
    expect((await run(deps, manyKeys(200))).imported).toHaveLength(101);
  });
});

describe('the grants of a document', () => {
  it('tell nothing of the client that made them', async () => {
    const deps = memoryDeps();
    await run(deps, { credentials: [autogptGrant()] });
    const row = await deps.users.readCredential(ALICE, String(autogptGrant().id));
    if (!row?.readable) throw new Error('unreadable');
    const { sealContext } = await import('../../../../lib/domain/credential/credential.ts');
    expect(await deps.sealer.open(sealContext(row.credential), row.credential)).toEqual({
      ...{ accessToken: 'gho_alice', refreshToken: 'ghr_alice', metadata: { team: 7 } },
    });
  });
});
