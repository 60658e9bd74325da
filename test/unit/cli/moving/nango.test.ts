// The mapping from connections of Nango: several shapes of its answers, each a document that an import stores as it is.
import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { convertNangoConnection } from '../../../../cli/moving/nango.ts';
import { findNangoProvider, readNangoSettings } from '../../../../cli/moving/nango-providers.ts';
import { exportUser } from '../../../../lib/operations/moving/export-user.ts';
import { importUser } from '../../../../lib/operations/moving/import-user.ts';
import { findCatalogueProvider } from '../../../../lib/providers/catalogue.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

type Fields = Record<string, unknown>;

/** An answer of GET /connections/{id}. */
const connection = (given: Fields = {}): Fields => ({
  id: 18393,
  connection_id: '8a1f5c0e-6d0b-4a52-9d0e-3a1c2f4b5d6e',
  provider_config_key: 'github-prod',
  provider: 'github',
  created_at: '2026-03-08T09:43:03.725Z',
  updated_at: '2026-03-09T09:43:03.725Z',
  last_fetched_at: '2026-03-09T09:43:03.725Z',
  end_user: { id: 'alice', email: 'alice@app.example', organization: null },
  errors: [],
  metadata: {},
  connection_config: {},
  credentials: {
    type: 'OAUTH2',
    access_token: 'gho_1',
    refresh_token: 'ghr_1',
    expires_at: '2030-03-08T09:43:03.725Z',
    raw: { access_token: 'gho_1', scope: 'repo,user:email', token_type: 'bearer' },
  },
  ...given,
});

const line = (value: unknown, mapping = {}) => {
  const converted = convertNangoConnection(value, mapping);
  if (converted.kind !== 'line') throw new Error(converted.reason);
  return converted.line;
};

const credential = (given: Fields) => line(connection(given)).document.credentials[0];

describe('a connection of Nango', () => {
  it('of OAUTH2 becomes a grant of its end user', () => {
    expect(line(connection())).toEqual({
      userId: 'alice',
      document: {
        credentials: [
          {
            ...{ id: 'github-prod:8a1f5c0e-6d0b-4a52-9d0e-3a1c2f4b5d6e', type: 'oauth2', provider: 'github' },
            ...{ title: 'github-prod', createdAt: '2026-03-08T09:43:03.725Z' },
            ...{ accessToken: 'gho_1', refreshToken: 'ghr_1', accessTokenExpiresAt: '2030-03-08T09:43:03.725Z' },
            scopes: ['repo', 'user:email'],
          },
        ],
      },
    });
  });

  it.each([
    ['API_KEY', { type: 'API_KEY', apiKey: 'sk-1' }, { type: 'api_key', apiKey: 'sk-1' }],
    ['API_KEY in snake case', { type: 'API_KEY', api_key: 'sk-1' }, { type: 'api_key', apiKey: 'sk-1' }],
    ['BASIC', { type: 'BASIC', username: 'u', password: 'p' }, { type: 'user_password', username: 'u', password: 'p' }],
    [
      'BASIC without a password',
      { type: 'BASIC', username: 'u' },
      { type: 'user_password', username: 'u', password: '' },
    ],
    [
      'OAUTH2 without a refresh token',
      { type: 'OAUTH2', access_token: 'a' },
      { type: 'oauth2', accessToken: 'a', scopes: [] },
    ],
  ])('of %s becomes its type', (_, credentials, expected) => {
    expect(credential({ credentials })).toMatchObject(expected);
  });

  it('keeps metadata that is not empty', () => {
    expect(credential({ metadata: { team: 7 } })).toMatchObject({ metadata: { team: 7 } });
    expect(credential({ metadata: {} })).not.toHaveProperty('metadata');
  });

  it.each([
    ['shopify', { subdomain: 'acme' }, { variables: { shop: 'acme' } }],
    ['zendesk', { subdomain: 'acme' }, { variables: { subdomain: 'acme' } }],
    [
      'salesforce',
      { instance_url: 'https://a.my.salesforce.com' },
      { data: { instanceUrl: 'https://a.my.salesforce.com' } },
    ],
    ['quickbooks', { realmId: '1234' }, { data: { realmId: '1234' } }],
    ['xero', { tenant_id: 't' }, { data: { tenantId: 't' } }],
  ])('of %s keeps what calls need of %j', (provider, connection_config, expected) => {
    expect(credential({ provider, connection_config })).toMatchObject({ provider, ...expected });
  });

  it('keeps nothing else of its settings', () => {
    const given = credential({ connection_config: { oauth_client_secret_override: 's', subdomain: 'x' } });
    expect(JSON.stringify(given)).not.toContain('override');
    expect(given).not.toHaveProperty('variables');
  });

  it.each([
    ['google-mail', 'google'],
    ['google-calendar', 'google'],
    ['youtube', 'google'],
    ['microsoft-teams', 'microsoft'],
    ['outlook', 'microsoft'],
    ['one-drive-personal', 'microsoft'],
    ['jira', 'atlassian'],
    ['twitter-v2', 'twitter'],
    ['zoho-crm', 'zoho'],
    ['hubspot', 'hubspot'],
    ['acme', 'acme'],
  ])('of the template %s is of the provider %s', (provider, name) => {
    expect(credential({ provider })).toMatchObject({ provider: name });
  });

  it('has its provider named by the operator, by the integration', () => {
    const given = line(connection(), { providers: { 'github-prod': 'github-enterprise' } });
    expect(given.document.credentials[0]).toMatchObject({ provider: 'github-enterprise' });
  });

  it('names only providers, variables and kept values that the catalogue has', () => {
    for (const [name, names] of Object.entries({
      ...{ auth0: ['tenant'], okta: ['subdomain'], shopify: ['shop'], zendesk: ['subdomain'] },
      ...{ atlassian: ['cloudId'], mailchimp: ['dc'], quickbooks: ['realmId'], salesforce: ['instanceUrl'] },
      ...{ xero: ['tenantId'] },
    })) {
      const record = findCatalogueProvider(name);
      const known = [
        ...Object.keys(record?.templateVariables ?? {}),
        ...(record?.keeps ?? []).map((keep) => keep.name),
      ];
      expect(known, name).toEqual(expect.arrayContaining(names));
      const config = { subdomain: 'a', cloudId: 'a', dc: 'a', realmId: 'a', instance_url: 'a', tenant_id: 'a' };
      const { variables, data } = readNangoSettings(name, config);
      expect(Object.keys({ ...variables, ...data })).toEqual(names);
    }
    expect(
      ['google', 'microsoft', 'atlassian', 'twitter', 'zoho'].filter((one) => !findCatalogueProvider(one)),
    ).toEqual([]);
    expect(findNangoProvider('zohoish')).toBe('zohoish');
  });

  it.each([
    ['its tags', { end_user: null, tags: { end_user_id: 'bob' } }, 'bob'],
    ['a rule of the operator', { end_user: null, connection_id: 'carol' }, 'carol'],
  ])('finds its user in %s', (_, given, userId) => {
    expect(line(connection(given), { findUser: (one: Fields) => one.connection_id }).userId).toBe(userId);
  });

  it('has an id of its own where its names are no id', () => {
    const ids = ['alice@app.example', 'a/b', 'x'.repeat(200)].map((connection_id) => credential({ connection_id }).id);
    for (const id of ids) expect(id).toMatch(/^nango:[0-9a-f]{64}$/);
    expect(new Set(ids).size).toBe(3);
    expect(credential({ connection_id: 'a/b' }).id).toBe(ids[1]);
  });

  it.each([
    ['nothing', undefined, 'not_a_connection'],
    ['text', 'x', 'not_a_connection'],
    ['no credentials', connection({ credentials: null }), 'not_a_connection'],
    ['no connection id', connection({ connection_id: '' }), 'not_a_connection'],
    ['no user', connection({ end_user: null }), 'no_user'],
    [
      'OAUTH1',
      connection({ credentials: { type: 'OAUTH1', oauth_token: 'a', oauth_token_secret: 's' } }),
      'type_not_supported',
    ],
    ['OAUTH2_CC', connection({ credentials: { type: 'OAUTH2_CC', token: 'a' } }), 'type_not_supported'],
    ['an empty token', connection({ credentials: { type: 'OAUTH2', access_token: '' } }), 'no_secret'],
    ['an empty key', connection({ credentials: { type: 'API_KEY', apiKey: null } }), 'no_secret'],
  ])('is refused with its reason: %s', (_, value, reason) => {
    expect(convertNangoConnection(value)).toMatchObject({ kind: 'refused', reason });
  });
});

describe('the lines of the mapping', () => {
  it('are stored as they are', async () => {
    const deps = memoryDeps();
    const shapes = [
      connection(),
      connection({ connection_id: 'b', credentials: { type: 'API_KEY', apiKey: 'sk-1' } }),
      connection({ connection_id: 'c', credentials: { type: 'BASIC', username: 'u', password: 'p' } }),
      connection({
        connection_id: 'd',
        metadata: { a: 1 },
        connection_config: { realmId: '7' },
        provider: 'quickbooks',
      }),
    ];
    for (const shape of shapes) {
      const { userId, document } = line(shape);
      const report = await importUser(deps, { userId, format: 'keyhold', document });
      expect(report.skipped).toEqual([]);
      const again = await importUser(deps, { userId, format: 'keyhold', document });
      expect(again.skipped).toEqual([{ id: report.imported[0], reason: 'exists' }]);
    }
    const { credentials } = await exportUser(deps, { userId: 'alice' });
    const sorted = credentials.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(sorted.map(({ secret }) => secret)).toEqual([
      { accessToken: 'gho_1', refreshToken: 'ghr_1' },
      { apiKey: 'sk-1' },
      { username: 'u', password: 'p' },
      { accessToken: 'gho_1', refreshToken: 'ghr_1', metadata: { a: 1 } },
    ]);
    expect(sorted[3]).toMatchObject({ data: { realmId: '7' }, createdAt: '2026-03-08T09:43:03.725Z' });
  });

  const runScript = (input: string) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((ended) => {
      const child = execFile(process.execPath, ['scripts/nango-to-keyhold.ts'], (_, stdout, stderr) =>
        ended({ code: child.exitCode, stdout, stderr }),
      );
      child.stdin?.end(input);
    });

  it('come from a script that ends a line at a line feed only, and writes all of many', async () => {
    const parted = connection({ metadata: { note: 'one\u2028two\u2029three\u0085four' } });
    const many = Array(300).fill(`${JSON.stringify(parted)}\r\n`);
    expect(await runScript(many.join(''))).toEqual({
      ...{ code: 0, stderr: '300 connections written, 0 not\n' },
      stdout: `${JSON.stringify(line(parted))}\n`.repeat(300),
    });
  });

  it('come from a script, which names what it leaves out', async () => {
    const input = [JSON.stringify(connection()), '', 'no json', JSON.stringify(connection({ end_user: null }))];
    const run = await runScript(input.join('\n'));
    expect(run.code).toBe(1);
    expect(run.stdout).toBe(`${JSON.stringify(line(connection()))}\n`);
    expect(run.stderr).toBe(
      'line 3: "": not_a_connection\n' +
        'line 4: "8a1f5c0e-6d0b-4a52-9d0e-3a1c2f4b5d6e": no_user\n' +
        '1 connections written, 2 not\n',
    );
  });
});
