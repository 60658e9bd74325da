// The list of system credentials: their ids are reserved, and the settings decide which can be used.
import { describe, expect, it } from 'vitest';
import {
  configuredSystemIds,
  findSystemCredential,
  isSystemCredential,
  systemCredentials,
} from '../../../../lib/domain/credential/system-credentials.ts';

/** Clients know them by id, operators by setting: written down a second time, so that no slip changes one. */
const PROMISED = `
  744fdc56-071a-4761-b5a5-0af0ce10a2b5 | ollama | Use Credits for Ollama | api_key |
  fdb7f412-f519-48d1-9b5f-d2f73d0e01fe | revid | Use Credits for Revid | api_key | revid_api_key
  760f84fc-b270-42de-91f6-08efe1b512d0 | ideogram | Use Credits for Ideogram | api_key | ideogram_api_key
  4ec22295-8f97-4dd1-b42b-2c6957a02545 | groq | Use Credits for Groq | api_key | groq_api_key
  6b9fc200-4726-4973-86c9-cd526f5ce5db | replicate | Use Credits for Replicate | api_key | replicate_api_key
  53c25cb8-e3ee-465c-a4d1-e75a4c899c2a | openai | Use Credits for OpenAI | api_key | openai_api_key
  aad82a89-9794-4ebb-977f-d736aa5260a3 | aiml_api | Use Credits for AI/ML API | api_key | aiml_api_key
  24e5d942-d9e3-4798-8151-90143ee55629 | anthropic | Use Credits for Anthropic | api_key | anthropic_api_key
  7f7b0654-c36b-4565-8fa7-9a52575dfae2 | d_id | Use Credits for D-ID | api_key | did_api_key
  7f26de70-ba0d-494e-ba76-238e65e7b45f | jina | Use Credits for Jina | api_key | jina_api_key
  66f20754-1b81-48e4-91d0-f4f0dd82145f | unreal_speech | Use Credits for Unreal Speech | api_key | unreal_speech_api_key
  b5a0e27d-0c98-4df3-a4b9-10193e1f3c40 | open_router | Use Credits for Open Router | api_key | open_router_api_key
  d9fce73a-6c1d-4e8b-ba2e-12a456789def | enrichlayer | Use Credits for Enrichlayer | api_key | enrichlayer_api_key
  6c0f5bd0-9008-4638-9d79-4b40b631803e | fal | Use Credits for FAL | api_key | fal_api_key
  96153e04-9c6c-4486-895f-5bb683b1ecec | exa | Use Credits for Exa search | api_key | exa_api_key
  78d19fd7-4d59-4a16-8277-3ce310acf2b7 | e2b | Use Credits for E2B | api_key | e2b_api_key
  96b83908-2789-4dec-9968-18f0ece4ceb3 | nvidia | Use Credits for Nvidia | api_key | nvidia_api_key
  3b1bdd16-8818-4bc2-8cbb-b23f9a3439ed | screenshotone | Use Credits for ScreenshotOne | api_key | screenshotone_api_key
  ed55ac19-356e-4243-a6cb-bc599e9b716f | mem0 | Use Credits for Mem0 | api_key | mem0_api_key
  544c62b5-1d0f-4156-8fb4-9525f11656eb | apollo | Use Credits for Apollo | api_key | apollo_api_key
  3bcdbda3-84a3-46af-8fdb-bfd2472298b8 | smartlead | Use Credits for SmartLead | api_key | smartlead_api_key
  63a6e279-2dc2-448e-bf57-85776f7176dc | zerobounce | Use Credits for ZeroBounce | api_key | zerobounce_api_key
  9aa1bde0-4947-4a70-a20c-84daa3850d52 | google_maps | Use Credits for Google Maps | api_key | google_maps_api_key
  d44045af-1c33-4833-9e19-752313214de2 | llama_api | Use Credits for Llama API | api_key | llama_api_key
  c4e6d1a0-3b5f-4789-a8e2-9b123456789f | v0 | Use Credits for v0 by Vercel | api_key | v0_api_key
  a5b3c7d9-2e4f-4a6b-8c1d-9e0f1a2b3c4d | webshare_proxy | Use Credits for Webshare Proxy | user_password | webshare_proxy_username webshare_proxy_password
  8b3d4e5f-6a7b-8c9d-0e1f-2a3b4c5d6e7f | openweathermap | Use Credits for OpenWeatherMap | api_key | openweathermap_api_key
  f4a8b6c2-3d1e-4f5a-9b8c-7d6e5f4a3b2c | elevenlabs | Use Credits for ElevenLabs | api_key | elevenlabs_api_key
`;

describe('systemCredentials', () => {
  it('are these, in this order', () => {
    const lines = systemCredentials.map(({ id, provider, title, type, settings }) =>
      [id, provider, title, type, settings.join(' ')].join(' | '),
    );
    expect(lines).toEqual(
      PROMISED.trim()
        .split('\n')
        .map((line) => line.trim().replace(/\|$/, '| ')),
    );
  });

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
