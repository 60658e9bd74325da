// The APIs whose keys people hold: every fact is well-formed, has its sources, and fits the OAuth record of the same name.
import { describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../lib/domain/credential/system-credentials.ts';
import { isApiBaseUrl, isApiHost } from '../../../lib/domain/oauth/api-address.ts';
import { TemplateVariables } from '../../../lib/domain/oauth/provider-record.ts';
import { isPattern, matchesPattern, PLACEHOLDER } from '../../../lib/domain/oauth/url-template.ts';
import { Verification } from '../../../lib/domain/oauth/verification.ts';
import { HeaderName } from '../../../lib/domain/values/http-field.ts';
import { ProviderName } from '../../../lib/domain/values/names.ts';
import { keysCheckedOn, OAUTH_RECORD } from '../../../lib/providers/catalogue/key-source.ts';
import { findCatalogueProvider } from '../../../lib/providers/catalogue.ts';
import { apisLeftOut, findKeyProvider, keyProviders } from '../../../lib/providers/key-catalogue.ts';
import { keySources } from '../../../lib/providers/key-sources.ts';

/** Checks that the vendor itself describes; the others have two sources. */
const VENDOR_SAYS = { llama_api: 'https://llama.developer.meta.com/', mem0: 'https://github.com/mem0ai/' };

const listed = [...keyProviders];
const checked = listed.filter(([, { verification }]) => verification !== undefined);
const systemNames: readonly string[] = systemCredentials.map(({ provider }) => provider);

describe('the catalogue of keys', () => {
  it('has every system credential except those left out for a reason', () => {
    expect(systemNames.filter((name) => !keyProviders.has(name))).toEqual(apisLeftOut);
  });

  it('can check the keys of at least 60 providers that are no system credentials', () => {
    expect(checked.filter(([name]) => !systemNames.includes(name)).length).toBeGreaterThanOrEqual(60);
  });

  it('says when its sources were read', () => {
    expect(keysCheckedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it.each(['', 'OpenAI', '__proto__', 'constructor', 'ollama'])('has no provider %j', (name) => {
    expect(findKeyProvider(name)).toBeUndefined();
  });

  it.each(listed)('has %s with an https base URL without a version, and host patterns', (name, api) => {
    expect(ProviderName.safeParse(name).success).toBe(true);
    expect(api.apiBaseUrl === null ? api.apiHosts?.length : isApiBaseUrl(api.apiBaseUrl)).toBeTruthy();
    expect(api.apiBaseUrl ?? 'https://').toMatch(/^https:\/\//);
    expect(api.apiBaseUrl ?? '').not.toMatch(/\/v\d|\/$/);
    expect((api.apiHosts ?? []).filter((host) => !isApiHost(host))).toEqual([]);
  });

  it.each(listed)('declares the variables of %s, whose patterns cannot match another host', (_, api) => {
    const { apiBaseUrl, apiHosts = [], templateVariables = {}, verification } = api;
    const texts = [apiBaseUrl ?? '', ...apiHosts, verification?.path ?? ''].join(' ');
    const used = [...texts.matchAll(PLACEHOLDER)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(templateVariables).sort());
    expect(TemplateVariables.safeParse(templateVariables).success).toBe(true);
    for (const { pattern, default: value } of Object.values(templateVariables)) {
      expect(isPattern(pattern)).toBe(true);
      if (value !== undefined) expect(matchesPattern(pattern, value)).toBe(true);
      for (const evil of [
        '',
        'evil.example',
        'a.evil.example',
        'a/b',
        'a@b',
        'a:1',
        'a#',
        'a?',
        'a\nb',
        'A B',
        'a\\b',
      ]) {
        expect(matchesPattern(pattern, evil)).toBe(false);
      }
    }
  });

  it.each(listed)('places the key of %s in a header or parameter that can be sent, and not as by default', (_, api) => {
    const { key, type } = api;
    if (key === undefined) return;
    expect(type).toBeUndefined();
    expect(key).not.toEqual({ header: { name: 'authorization', prefix: 'Bearer ' } });
    if ('query' in key) {
      expect(key.query).toMatch(/^\w+$/);
    } else {
      expect(key.header.name).toBe(HeaderName.parse(key.header.name));
      // Nothing, or a scheme and a space; `Token token=` is the one of old Rails.
      expect(key.header.prefix).toMatch(/^(?:|[A-Za-z-]+ |Token token=)$/);
    }
  });

  it.each(checked)(
    'checks a secret of %s with a well-formed call below its base URL',
    (_, { apiBaseUrl, verification }) => {
      expect(apiBaseUrl).not.toBeNull();
      expect(Verification.parse(verification)).toEqual(verification);
    },
  );

  it.each(listed)('has the address of %s in the OAuth record of that name too, if that has one', (name, api) => {
    const record = findCatalogueProvider(name);
    if (record?.apiBaseUrl === undefined) return;
    expect(record.apiBaseUrl).toBe(api.apiBaseUrl);
    expect(record.apiHosts ?? []).toEqual(expect.arrayContaining([...(api.apiHosts ?? [])]));
  });
});

describe('the sources of the catalogue of keys', () => {
  it('are those of its providers', () => {
    expect([...keySources.keys()].sort()).toEqual([...keyProviders.keys()]);
  });

  it.each([...keySources])('are two for each fact of %s, or the vendor’s own', (name, { call, check, end = [] }) => {
    expect(check !== undefined).toBe(keyProviders.get(name)?.verification !== undefined);
    const sources = [...call, ...(check ?? []), ...end].filter((source) => source !== OAUTH_RECORD);
    expect(sources.filter((source) => !/^https:\/\/[\w.-]+\.[a-z]+\//.test(`${source}/`))).toEqual([]);
    expect(new Set(call).size).toBeGreaterThanOrEqual(2);
    if (check?.length === 1) expect(check[0]).toContain(VENDOR_SAYS[name as keyof typeof VENDOR_SAYS] ?? '–');
    expect(new Set(check).size).toBe(check?.length ?? 0);
  });

  it('refer to the OAuth record only where there is one', () => {
    const referring = [...keySources].filter(([, { call, check = [] }]) => [...call, ...check].includes(OAUTH_RECORD));
    expect(referring.filter(([name]) => findCatalogueProvider(name) === undefined)).toEqual([]);
  });
});
