// What the user plane reads of the published configuration, and what it reads before the first one.
import { describe, expect, it, vi } from 'vitest';
import { cachedValue } from '../../../lib/adapters/resilience/cached-value.ts';
import type { PublishedConfiguration } from '../../../lib/domain/ports/configuration-store.ts';
import { catalogueProviders } from '../../../lib/providers/catalogue.ts';
import { publishedConfiguration } from '../../../lib/providers/published-configuration.ts';
import { settableClock } from '../../support/memory/memory-deps.ts';

const OLLAMA = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';
const OPENAI = '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a';

const published = (given: Partial<PublishedConfiguration> | null) =>
  publishedConfiguration(async () => given && { systemCredentialIds: [], providers: [], ...given });

describe('publishedConfiguration', () => {
  it('joins the published ids and those that need no key', async () => {
    const { configuredIds } = published({ systemCredentialIds: [OPENAI] });
    expect(await configuredIds()).toEqual(new Set([OLLAMA, OPENAI]));
  });

  it('lists the ids that need no key before anything is published', async () => {
    expect(await published(null).configuredIds()).toEqual(new Set([OLLAMA]));
  });

  it('lists the catalogue as not configured before anything is published', async () => {
    const listed = await published(null).oauthProviders();
    expect(listed.map(({ provider }) => provider)).toEqual([...catalogueProviders.keys()]);
    expect(listed.filter(({ configured }) => configured)).toEqual([]);
  });

  it('shows a change once the cache that reads it has expired', async () => {
    const clock = settableClock();
    const fetch = vi.fn(async () => ({ systemCredentialIds: [OPENAI], providers: [] }));
    const directory = publishedConfiguration(cachedValue({ fetch, maxAgeMilliseconds: 300_000, clock }));
    await directory.configuredIds();
    clock.advance(299_999);
    await directory.oauthProviders();
    expect(fetch).toHaveBeenCalledTimes(1);
    fetch.mockResolvedValue({ systemCredentialIds: [], providers: [] });
    clock.advance(1);
    expect(await directory.configuredIds()).not.toContain(OPENAI);
  });

  it('lists configured providers in place of their catalogue entries and after them', async () => {
    const own = { provider: 'acme', displayName: 'Acme', defaultScopes: ['a'], device: true, verifiable: false };
    const github = {
      provider: 'github',
      displayName: 'GitHub',
      defaultScopes: ['repo'],
      device: false,
      verifiable: true,
    };
    const listed = await published({ providers: [own, github] }).oauthProviders();
    expect(listed).toHaveLength(catalogueProviders.size + 1);
    expect(listed).toContainEqual({ ...own, configured: true });
    expect(listed).toContainEqual({ ...github, configured: true });
    expect(listed.find(({ provider }) => provider === 'google')).toMatchObject({ configured: false });
  });

  it('tells which providers have a call that checks a credential', async () => {
    const { oauthProviders, keyProviders } = published(null);
    const oauth = new Map((await oauthProviders()).map(({ provider, verifiable }) => [provider, verifiable]));
    expect([oauth.get('google'), oauth.get('asana')]).toEqual([true, false]);
    const keys = new Map(keyProviders().map(({ provider, type, verifiable }) => [provider, [type, verifiable]]));
    expect(keys.get('twilio')).toEqual(['user_password', true]);
    expect(keys.get('openai')).toEqual(['api_key', true]);
    expect(keys.get('exa')).toEqual(['api_key', false]);
  });
});
