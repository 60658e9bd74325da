// The catalogue: every record matches the schema and the rules for endpoints, variables and accounts.
import { describe, expect, it } from 'vitest';
import { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import { checkOutboundUrl } from '../../../lib/domain/values/outbound-url.ts';
import { businessProviders } from '../../../lib/providers/catalogue/business.ts';
import { developerProviders } from '../../../lib/providers/catalogue/developers.ts';
import { socialProviders } from '../../../lib/providers/catalogue/social.ts';
import { workplaceProviders } from '../../../lib/providers/catalogue/workplace.ts';
import { catalogueProviders, findCatalogueProvider } from '../../../lib/providers/catalogue.ts';

const records = [...catalogueProviders].map(([name, record]) => ({ name, record }));
const templated = records.filter(({ record }) => record.templateVariables !== undefined);

/** A value for each variable that has no default. */
const samples: Record<string, string> = { shop: 'acme-shop', subdomain: 'acme', tenant: 'acme.eu' };

const listVariables = ({ templateVariables = {} }: ProviderRecord) =>
  Object.entries(templateVariables).map(([name, { pattern, default: fallback }]) => ({
    name,
    pattern,
    fallback,
    sample: fallback ?? samples[name] ?? '',
  }));

const listEndpoints = (record: ProviderRecord): [string, string][] =>
  Object.entries(record).filter(
    (entry): entry is [string, string] => entry[0].endsWith('Endpoint') && typeof entry[1] === 'string',
  );

const fill = (template: string, record: ProviderRecord): string => {
  const values = new Map([
    ['client_id', 'client-1'],
    ...listVariables(record).map(({ name, sample }) => [name, sample]),
  ] as [string, string][]);
  return template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => values.get(name) ?? `{${name}}`);
};

describe('the catalogue', () => {
  it('holds 64 providers, each once', () => {
    const groups = [businessProviders, developerProviders, socialProviders, workplaceProviders];
    expect(groups.flatMap((group) => Object.keys(group))).toHaveLength(64);
    expect(catalogueProviders.size).toBe(64);
    const titles = records.map(({ record }) => record.displayName);
    expect(new Set(titles).size).toBe(64);
  });

  it('finds a record by its exact name only', () => {
    expect(findCatalogueProvider('github')?.displayName).toBe('GitHub');
    for (const name of [
      'GitHub',
      'github ',
      'x',
      'youtube',
      '',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
    ])
      expect(findCatalogueProvider(name)).toBeUndefined();
  });

  it('is in the order of names', () => {
    const names = [...catalogueProviders.keys()];
    expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
  });
});

describe.each(records)('the record of $name', ({ name, record }) => {
  it('has a plain name and matches the schema', () => {
    expect(name).toMatch(/^[a-z0-9][a-z0-9_-]*$/);
    expect(ProviderRecord.parse(record)).toStrictEqual(record);
    expect(record.displayName).toMatch(/\S/);
  });

  it('has endpoints that are https, on a public host, without userinfo or fragment', () => {
    for (const [field, template] of listEndpoints(record)) {
      const url = checkOutboundUrl(fill(template, record), 'public');
      expect(url, `${field} ${template}`).not.toBeNull();
      expect(url?.port).toBe('');
    }
  });

  it('declares each variable of its endpoints, and no other', () => {
    const used = listEndpoints(record).flatMap(([, template]) =>
      [...template.matchAll(/\{([^}]*)\}/g)].map((m) => m[1]),
    );
    const declared = Object.keys(record.templateVariables ?? {});
    expect([...new Set(used)].filter((variable) => variable !== 'client_id').sort()).toEqual(declared.sort());
    expect(declared).not.toContain('client_id');
  });

  it('sets no parameter that the flow itself sets', () => {
    const own = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'code_challenge'];
    const set = [
      ...new URL(fill(record.authorizationEndpoint, record)).searchParams.keys(),
      ...Object.keys(record.extraAuthorizationParams ?? {}),
      ...Object.keys(record.extraTokenParams ?? {}),
    ];
    expect(set.filter((parameter) => own.includes(parameter))).toEqual([]);
  });

  it('has a revocation style exactly when it has an endpoint', () => {
    if (record.revocationEndpoint === undefined) expect(record.revocationStyle ?? 'none').toBe('none');
    else expect(record.revocationStyle).not.toBe('none');
    if (record.revocationClientAuth) expect(record.revocationEndpoint).toBeDefined();
  });

  it('separates scopes with a space or a comma', () => {
    expect([' ', ',']).toContain(record.scopeSeparator ?? ' ');
  });

  it('names the account only where it says how to find it', () => {
    if (record.identityEndpoint !== undefined) expect(record.identityIdPath).toBeDefined();
    if (record.identityNamePath !== undefined) expect(record.identityIdPath).toBeDefined();
    if (record.identityQuery !== undefined) expect(record.identityMethod).toBe('POST');
    for (const path of [record.identityIdPath, record.identityNamePath, record.tokenReplyPath])
      expect(path ?? 'a').toMatch(/^\w+(?:\.\w+)*$/);
    for (const header of Object.keys(record.identityHeaders ?? {})) expect(header).toMatch(/^[a-z][a-z-]*$/);
  });

  it('has an issuer that can be compared', () => {
    if (record.issuer !== undefined) expect(checkOutboundUrl(record.issuer, 'public')?.search).toBe('');
    if (record.authorizationResponseIssParameterSupported) expect(record.issuer).toBeDefined();
  });
});

describe.each(templated)('the variables of $name', ({ record }) => {
  it.each(listVariables(record))('$name accepts its sample $sample', ({ pattern, sample }) => {
    expect(sample).not.toBe('');
    expect(sample).toMatch(new RegExp(pattern));
  });

  it.each(listVariables(record))('$name is anchored and cannot change the host', ({ pattern }) => {
    expect(pattern).toMatch(/^\^.*\$$/);
    // A pattern of alternatives is anchored as a whole only within a group.
    expect(pattern.replaceAll(/\((?:[^()]|\([^()]*\))*\)/g, '')).not.toContain('|');
    const hostile = [
      'evil.com/',
      'evil.com',
      'a.b',
      'a@b',
      '@',
      '/',
      '..',
      '.',
      'a%2fb',
      '%2f',
      'a\\b',
      'a:80',
      'a?b',
      'a#b',
      'a{b}',
      'a b',
      'a\n',
      '\na',
      'a\u0000',
      'A',
      'ａ',
      '-a',
      'a-',
      '',
      'a'.repeat(300),
    ];
    const pass = new RegExp(pattern);
    expect(hostile.filter((value) => pass.test(value))).toEqual([]);
  });

  it('leave the host on a domain that the record names, or lists', () => {
    for (const [, template] of listEndpoints(record)) {
      const host = template.split('/')[2] ?? '';
      const [, variable] = /\{(\w+)\}$/.exec(host) ?? [];
      // Where the variable is the end of the host, its pattern is a list of whole names: nothing repeats in it.
      if (variable !== undefined) expect(record.templateVariables?.[variable]?.pattern).not.toMatch(/[*+{[]/);
      else expect(host).toMatch(/^(?:\{\w+\}\.)?(?:[a-z\d-]+\.)+[a-z]+$/);
    }
  });
});

describe('the exceptions in the catalogue', () => {
  const named = (test: (record: ProviderRecord) => boolean) =>
    records.filter(({ record }) => test(record)).map(({ name }) => name);

  it('leave PKCE out only at providers where it fails', () => {
    expect(named((record) => record.sendPkce === false)).toEqual(['linkedin', 'slack', 'square']);
  });

  it('request only new scopes at Google, which adds the old ones', () => {
    expect(named((record) => record.incrementalScopes === true)).toEqual(['google']);
    expect(findCatalogueProvider('google')?.extraAuthorizationParams).toMatchObject({ include_granted_scopes: 'true' });
  });

  it('use Basic in its raw form, as the vendors show it', () => {
    expect(named(({ clientAuth }) => clientAuth === 'client_secret_basic')).toEqual([]);
    expect(named(({ clientAuth }) => clientAuth === 'none')).toEqual([]);
  });

  it('send a token in another header than Authorization only to these', () => {
    expect(named((record) => record.tokenHeader !== undefined)).toEqual(['shopify', 'zoho']);
    expect(named((record) => record.apiKeyQuery !== undefined)).toEqual([]);
  });

  it('request user tokens at Slack and read no other from the reply', () => {
    expect(findCatalogueProvider('slack')).toMatchObject({ scopeParam: 'user_scope', tokenReplyPath: 'authed_user' });
  });
});
