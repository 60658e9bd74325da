// Export, then import into an empty user of another deployment, is the identity.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SealableCredential } from '../../../../lib/domain/credential/new-credential.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { exportUser, type UserExport } from '../../../../lib/operations/moving/export-user.ts';
import { importUser } from '../../../../lib/operations/moving/import-user.ts';
import { putManagedCredential } from '../../../../lib/operations/user/put-managed-credential.ts';
import { sealCredential } from '../../../../lib/steps/credential/seal-credential.ts';
import { writeUser } from '../../../../lib/steps/credential/write-user.ts';
import { ALICE, BOB, START } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const visible = (maxLength: number) =>
  fc.stringMatching(/^[!-~](?:[ -~]*[!-~])?$/, { size: 'small' }).map((text) => text.slice(0, maxLength).trim());
const secretText = visible(200).filter((text) => text !== '' && text !== '**********');
const name = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,20}$/);
const title = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !/\p{Cc}/u.test(text));
const time = fc.option(fc.integer({ min: START - 1e12, max: START + 1e12 }), { nil: undefined });
const scopes = fc.array(fc.stringMatching(/^[a-z:./]{1,30}$/), { maxLength: 6 });
const metadata = fc.option(
  fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
  { nil: undefined },
);
const texts = fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), visible(60), { maxKeys: 3 });

const common = { provider: name, title: fc.option(title, { nil: undefined }) };

const credential: fc.Arbitrary<SealableCredential> = fc.oneof(
  fc.record({ type: fc.constant('api_key' as const), ...common, apiKey: secretText, expiresAt: time }),
  fc.record({
    ...{ type: fc.constant('user_password' as const), ...common },
    ...{
      username: secretText.map((text) => text.replaceAll(':', '.')),
      password: fc.oneof(secretText, fc.constant('')),
    },
  }),
  fc.record({
    ...{ type: fc.constant('host_scoped' as const), ...common },
    host: fc.constantFrom('a.example', '*.b.example', '[::1]:8080', 'localhost'),
    headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,10}$/), secretText, { minKeys: 1, maxKeys: 3 }),
  }),
  fc.record({
    ...{ type: fc.constant('oauth2' as const), ...common, accessToken: secretText, scopes, metadata },
    refreshToken: fc.option(secretText, { nil: undefined }),
    ...{ accessTokenExpiresAt: time, refreshTokenExpiresAt: time },
    ...{ username: fc.option(title, { nil: undefined }), accountId: fc.option(name, { nil: undefined }) },
    ...{ clientId: fc.option(name, { nil: undefined }), tokenOrigin: fc.constantFrom(undefined, 'https://a.example') },
    kept: fc.option(fc.record({ data: texts, secret: texts }), { nil: undefined }),
  }),
);

const stored = fc.record({
  credential,
  isBroken: fc.boolean(),
  /** How long after the one before it was created. */
  wait: fc.constantFrom(0, 0, 1, 5_000),
});

const user = fc.record({
  credentials: fc.uniqueArray(fc.record({ id: fc.stringMatching(/^[\w.:-]{1,40}$/), stored }), {
    selector: ({ id }) => id,
    maxLength: 130,
    size: 'max',
  }),
  managed: fc.dictionary(name, secretText, { maxKeys: 4 }),
});

type User = typeof user extends fc.Arbitrary<infer T> ? T : never;

const isId = (id: string): boolean => !/^\.{1,2}$/.test(id);

const store = async (deps: MemoryDeps, { credentials, managed }: User): Promise<void> => {
  let ordinal = 0;
  for (const { id, stored: one } of credentials.filter(({ id }) => isId(id))) {
    ordinal = one.wait === 0 ? ordinal + 1 : 0;
    deps.clock.advance(one.wait);
    const now = deps.clock.now();
    const identity = { userId: ALICE, id, version: 3, createdAt: now, ordinal, now: now + 7 };
    const sealed = await sealCredential(deps, one.credential, identity);
    const isMarked = one.isBroken && sealed.type === 'oauth2';
    const row = isMarked ? { ...sealed, brokenReason: 'invalid_grant' as const, dueShard: null, dueAt: null } : sealed;
    await writeUser(deps, ALICE, { changes: [{ kind: 'put', credential: row, when: 'absent' }] });
  }
  for (const [provider, secret] of Object.entries(managed)) {
    await putManagedCredential(deps, { userId: ALICE, provider, secret });
  }
};

const exportAll = async (deps: MemoryDeps, userId: string): Promise<UserExport[]> => {
  const pages: UserExport[] = [];
  let after: string | undefined;
  do {
    const page = await exportUser(deps, { userId, after });
    pages.push(page);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return pages;
};

const join = (pages: UserExport[]) => ({
  credentials: pages.flatMap((page) => page.credentials),
  managed: pages.flatMap((page) => page.managed),
});

const views = async (deps: MemoryDeps, userId: string) =>
  (await listCredentials(deps, { userId })).credentials.map(({ version, ...view }) => view);

describe('export and import', () => {
  it('are the identity: ids, titles, order, times, marks, data and whole secrets', async () => {
    await fc.assert(
      fc.asyncProperty(user, fc.boolean(), async (given, isJoined) => {
        const from = memoryDeps();
        await store(from, given);
        const pages = await exportAll(from, ALICE);
        const to = memoryDeps();
        to.clock.advance(86_400_000);
        // As the answers are: JSON, pages as they came or joined to one document.
        const wire = JSON.parse(JSON.stringify(isJoined ? [{ format: 'keyhold', ...join(pages) }] : pages));
        for (const document of wire) {
          const report = await importUser(to, { userId: BOB, format: 'keyhold', document });
          expect(report.skipped).toEqual([]);
        }
        expect(join(await exportAll(to, BOB))).toEqual(join(pages));
        from.clock.set(to.clock.now());
        expect(await views(to, BOB)).toEqual(await views(from, ALICE));
      }),
      { numRuns: 60 },
    );
  });
});
