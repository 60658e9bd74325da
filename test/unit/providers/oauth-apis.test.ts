// What the catalogue says of calls: each record has a base URL that the answer of resolve can be filled with, and what it keeps fits.
import { describe, expect, it } from 'vitest';
import { fillApiAddress, isApiBaseUrl, isApiHost, isApiUrl } from '../../../lib/domain/oauth/api-address.ts';
import { namedTenant } from '../../../lib/domain/oauth/kept/callback-parameters.ts';
import { type Keep, keepCallback, keepValues } from '../../../lib/domain/oauth/kept/kept-values.ts';
import { type ProviderProfile, providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import { fillTemplate } from '../../../lib/domain/oauth/provider-template.ts';
import { PLACEHOLDER } from '../../../lib/domain/oauth/url-template.ts';
import { checkOutboundUrl } from '../../../lib/domain/values/outbound-url.ts';
import { oauthApis } from '../../../lib/providers/catalogue/oauth-apis.ts';
import { catalogueProviders } from '../../../lib/providers/catalogue.ts';

const names = [...catalogueProviders.keys()];

const findProfile = (name: string): ProviderProfile => {
  const record = catalogueProviders.get(name);
  if (!record) throw new Error(`no record ${name}`);
  return providerProfile(name, record);
};

/** What a provider brings, by the path of its reply, and the base URL that follows. */
interface Brought {
  from: Keep['from'];
  reply: Record<string, string>;
  baseUrl?: string;
}

const NOTHING: Brought = { from: 'identity', reply: {} };

const BRINGS: Record<string, Brought> = {
  docusign: {
    from: 'identity',
    reply: { 'accounts.0.base_uri': 'https://na3.docusign.net' },
    baseUrl: 'https://na3.docusign.net/restapi',
  },
  mailchimp: {
    from: 'identity',
    reply: { api_endpoint: 'https://us6.api.mailchimp.com' },
    baseUrl: 'https://us6.api.mailchimp.com',
  },
  pipedrive: {
    from: 'token_reply',
    reply: { api_domain: 'https://acme.pipedrive.com' },
    baseUrl: 'https://acme.pipedrive.com/api',
  },
  salesforce: {
    from: 'token_reply',
    reply: { instance_url: 'https://acme--dev.sandbox.my.salesforce.com' },
    baseUrl: 'https://acme--dev.sandbox.my.salesforce.com',
  },
  zoho: {
    from: 'token_reply',
    reply: { api_domain: 'https://www.zohoapis.com.au' },
    baseUrl: 'https://www.zohoapis.com.au',
  },
};
const TENANTS: Record<string, Record<string, string>> = {
  auth0: { tenant: 'acme.eu' },
  okta: { subdomain: 'acme' },
  quickbooks: { realmId: '4620816365' },
  shopify: { shop: 'acme-shop' },
  zendesk: { subdomain: 'acme' },
};

describe('the API of each record', () => {
  it('is named by every record, and of no other provider', () => {
    expect(Object.keys(oauthApis).toSorted()).toEqual(names);
    expect(names.filter((name) => !catalogueProviders.get(name)?.apiBaseUrl)).toEqual([]);
  });

  it.each(names)('%s is https, and its placeholders are variables or kept values', (name) => {
    const { apiBaseUrl, apiHosts, keeps, templateVariables } = findProfile(name);
    expect(isApiBaseUrl(apiBaseUrl ?? '')).toBe(true);
    expect(apiBaseUrl).toMatch(/^(?:https:\/\/|\{)/);
    expect(apiBaseUrl).not.toMatch(/\/$/);
    expect(apiHosts.filter((host) => !isApiHost(host))).toEqual([]);
    const known = [...Object.keys(templateVariables), ...keeps.filter((keep) => !keep.secret).map((keep) => keep.name)];
    const used = [apiBaseUrl ?? '', ...apiHosts].flatMap((text) =>
      [...text.matchAll(PLACEHOLDER)].map(([, one]) => one),
    );
    expect(used.filter((one) => !known.includes(one ?? ''))).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
  });

  it.each(names)('%s has a base URL once a user is connected', (name) => {
    const { from, reply, baseUrl } = BRINGS[name] ?? NOTHING;
    const profile = findProfile(name);
    const { data, refused } = keepValues(profile, { from, policy: 'public', read: (path) => reply[path] });
    expect(refused).toEqual([]);
    const address = fillApiAddress(profile, { ...TENANTS[name], ...data });
    if (address === null) throw new Error('no address');
    expect(checkOutboundUrl(address.baseUrl ?? '', 'public')).not.toBeNull();
    if (baseUrl !== undefined) expect(address.baseUrl).toBe(baseUrl);
    expect(isApiUrl(address, `${address.baseUrl}/path`)).toBe(true);
    expect(isApiUrl(address, 'https://evil.example.com/')).toBe(false);
  });

  it.each(Object.entries(BRINGS))('%s takes no value of another host', (name, { from, reply }) => {
    const [path = ''] = Object.keys(reply);
    for (const value of [
      'https://evil.example.com',
      'https://evil.com/.salesforce.com',
      'https://10.0.0.1',
      'http://a.b',
    ]) {
      const kept = keepValues(findProfile(name), {
        from,
        policy: 'public',
        read: (at) => (at === path ? value : undefined),
      });
      expect([kept.data, kept.refused.length]).toEqual([{}, 1]);
    }
  });

  it('asks for tenants over https, where values are kept of them', () => {
    const asked = names.filter((name) => findProfile(name).tenantsEndpoint !== null);
    expect(asked).toEqual(names.filter((name) => findProfile(name).keeps.some(({ from }) => from === 'tenants')));
    expect(asked).toEqual(['atlassian', 'xero']);
    for (const name of asked)
      expect(checkOutboundUrl(findProfile(name).tenantsEndpoint ?? '', 'public')).not.toBeNull();
  });
});

describe('the callback', () => {
  it.each([
    [undefined, 'https://accounts.zoho.com/oauth/v2/token'],
    ['us', 'https://accounts.zoho.com/oauth/v2/token'],
    ['eu', 'https://accounts.zoho.eu/oauth/v2/token'],
    ['au', 'https://accounts.zoho.com.au/oauth/v2/token'],
    ['ca', 'https://accounts.zohocloud.ca/oauth/v2/token'],
    ['uk', 'https://accounts.zoho.uk/oauth/v2/token'],
  ])('of Zoho in %s leads to %s', (location, endpoint) => {
    const profile = findProfile('zoho');
    const variables = namedTenant(profile, {}, location === undefined ? {} : { location });
    expect(fillTemplate(profile, variables).tokenEndpoint).toBe(endpoint);
  });

  it.each(['evil.com', 'zoho.eu.evil.com', '', 'EU', 'constructor'])('of Zoho in %j leads nowhere', (location) => {
    const profile = findProfile('zoho');
    expect(() => fillTemplate(profile, namedTenant(profile, {}, { location }))).toThrow('invalid_request');
  });

  it('of QuickBooks names the company', () => {
    expect(keepCallback(findProfile('quickbooks'), { realmId: '123' }, 'public').data).toEqual({ realmId: '123' });
    for (const realmId of ['..', '1/2', '1 ', 'a']) {
      expect(keepCallback(findProfile('quickbooks'), { realmId }, 'public').refused).toEqual(['realmId']);
    }
  });
});
