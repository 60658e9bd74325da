import { describe, expect, it } from 'vitest';
import {
  configuredSystemIds,
  findSystemCredential,
  isSystemCredential,
  isSystemProvider,
  systemCredentials,
} from '../../../lib/domain/system-credentials.ts';

describe('systemCredentials', () => {
  it('are 28, with ids and providers of their own', () => {
    expect(systemCredentials).toHaveLength(28);
    expect(new Set(systemCredentials.map(({ id }) => id)).size).toBe(28);
    expect(new Set(systemCredentials.map(({ provider }) => provider)).size).toBe(28);
  });

  it('begin with ollama, the only one that needs no setting', () => {
    expect(systemCredentials.filter(({ settings }) => settings.length === 0)).toEqual([
      expect.objectContaining({ provider: 'ollama', fixedSecret: 'FAKE_API_KEY' }),
    ]);
    expect(systemCredentials[0]?.provider).toBe('ollama');
  });

  it('have two settings for user name and password, and one for a key', () => {
    for (const { type, settings, fixedSecret } of systemCredentials) {
      expect(settings.length).toBe(type === 'user_password' ? 2 : fixedSecret === undefined ? 1 : 0);
    }
    expect(systemCredentials.filter(({ type }) => type === 'user_password').map(({ provider }) => provider)).toEqual([
      'webshare_proxy',
    ]);
  });

  it('share no setting', () => {
    const settings = systemCredentials.flatMap((credential) => credential.settings);
    expect(new Set(settings).size).toBe(settings.length);
  });
});

describe('isSystemCredential', () => {
  it.each(systemCredentials.map(({ id }) => id))('reserves %s, in that spelling only', (id) => {
    expect(isSystemCredential(id)).toBe(true);
    expect(findSystemCredential(id)?.id).toBe(id);
    expect(isSystemCredential(id.toUpperCase())).toBe(false);
  });

  it.each(['', 'own', '__proto__', 'ollama'])('leaves %j to the users', (id) => {
    expect(isSystemCredential(id)).toBe(false);
    expect(findSystemCredential(id)).toBeUndefined();
  });
});

describe('isSystemProvider', () => {
  it.each([
    ['openai', true],
    ['webshare_proxy', true],
    ['github', false],
    ['OpenAI', false],
  ])('%s: %s', (provider, is) => {
    expect(isSystemProvider(provider)).toBe(is);
  });
});

describe('configuredSystemIds', () => {
  const providers = (...settings: string[]) => {
    const ids = configuredSystemIds(new Set(settings));
    return systemCredentials.filter(({ id }) => ids.has(id)).map(({ provider }) => provider);
  };

  it.each<[string[], string[]]>([
    [[], ['ollama']],
    [['did_api_key'], ['ollama', 'd_id']],
    [
      ['aiml_api_key', 'llama_api_key'],
      ['ollama', 'aiml_api', 'llama_api'],
    ],
    [['webshare_proxy_username'], ['ollama']],
    [
      ['webshare_proxy_username', 'webshare_proxy_password'],
      ['ollama', 'webshare_proxy'],
    ],
    [['OPENAI_API_KEY'], ['ollama']],
  ])('of %j are %j', (settings, expected) => {
    expect(providers(...settings)).toEqual(expected);
  });
});
