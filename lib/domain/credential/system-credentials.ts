// The operator's own credentials, which every user can use. They are never stored: reads build them from the operator's settings.
// Their ids are reserved for every user, configured or not. The data stands beside its rules because the domain, which needs
// both, imports nothing from `providers`.
import type { CredentialType } from './credential.ts';

/**
 * A credential that the operator may offer to every user. It has an id and no row: its secret is in the operator's
 * keys.
 */
export interface SystemCredential {
  /** A UUID, the same in every deployment. */
  id: string;
  provider: string;
  /** The provider's name as shown to users. */
  displayName: string;
  title: string;
  type: Extract<CredentialType, 'api_key' | 'user_password'>;
  /** Names in the system-keys secret, all required; for `user_password`, the user name precedes the password. */
  settings: readonly string[];
  /** The secret of a provider that accepts any key. */
  fixedSecret?: string;
}

const apiKey = (id: string, provider: string, displayName: string): SystemCredential => ({
  id,
  provider,
  displayName,
  title: `Use Credits for ${displayName}`,
  type: 'api_key',
  settings: [`${provider}_api_key`],
});

/** In the order of every list of them. */
export const systemCredentials: readonly SystemCredential[] = [
  { ...apiKey('744fdc56-071a-4761-b5a5-0af0ce10a2b5', 'ollama', 'Ollama'), settings: [], fixedSecret: 'FAKE_API_KEY' },
  apiKey('fdb7f412-f519-48d1-9b5f-d2f73d0e01fe', 'revid', 'Revid'),
  apiKey('760f84fc-b270-42de-91f6-08efe1b512d0', 'ideogram', 'Ideogram'),
  apiKey('4ec22295-8f97-4dd1-b42b-2c6957a02545', 'groq', 'Groq'),
  apiKey('6b9fc200-4726-4973-86c9-cd526f5ce5db', 'replicate', 'Replicate'),
  apiKey('53c25cb8-e3ee-465c-a4d1-e75a4c899c2a', 'openai', 'OpenAI'),
  { ...apiKey('aad82a89-9794-4ebb-977f-d736aa5260a3', 'aiml_api', 'AI/ML API'), settings: ['aiml_api_key'] },
  apiKey('24e5d942-d9e3-4798-8151-90143ee55629', 'anthropic', 'Anthropic'),
  { ...apiKey('7f7b0654-c36b-4565-8fa7-9a52575dfae2', 'd_id', 'D-ID'), settings: ['did_api_key'] },
  apiKey('7f26de70-ba0d-494e-ba76-238e65e7b45f', 'jina', 'Jina'),
  apiKey('66f20754-1b81-48e4-91d0-f4f0dd82145f', 'unreal_speech', 'Unreal Speech'),
  apiKey('b5a0e27d-0c98-4df3-a4b9-10193e1f3c40', 'open_router', 'Open Router'),
  apiKey('d9fce73a-6c1d-4e8b-ba2e-12a456789def', 'enrichlayer', 'Enrichlayer'),
  apiKey('6c0f5bd0-9008-4638-9d79-4b40b631803e', 'fal', 'FAL'),
  apiKey('96153e04-9c6c-4486-895f-5bb683b1ecec', 'exa', 'Exa search'),
  apiKey('78d19fd7-4d59-4a16-8277-3ce310acf2b7', 'e2b', 'E2B'),
  apiKey('96b83908-2789-4dec-9968-18f0ece4ceb3', 'nvidia', 'Nvidia'),
  apiKey('3b1bdd16-8818-4bc2-8cbb-b23f9a3439ed', 'screenshotone', 'ScreenshotOne'),
  apiKey('ed55ac19-356e-4243-a6cb-bc599e9b716f', 'mem0', 'Mem0'),
  apiKey('544c62b5-1d0f-4156-8fb4-9525f11656eb', 'apollo', 'Apollo'),
  apiKey('3bcdbda3-84a3-46af-8fdb-bfd2472298b8', 'smartlead', 'SmartLead'),
  apiKey('63a6e279-2dc2-448e-bf57-85776f7176dc', 'zerobounce', 'ZeroBounce'),
  apiKey('9aa1bde0-4947-4a70-a20c-84daa3850d52', 'google_maps', 'Google Maps'),
  { ...apiKey('d44045af-1c33-4833-9e19-752313214de2', 'llama_api', 'Llama API'), settings: ['llama_api_key'] },
  apiKey('c4e6d1a0-3b5f-4789-a8e2-9b123456789f', 'v0', 'v0 by Vercel'),
  {
    ...apiKey('a5b3c7d9-2e4f-4a6b-8c1d-9e0f1a2b3c4d', 'webshare_proxy', 'Webshare Proxy'),
    type: 'user_password',
    settings: ['webshare_proxy_username', 'webshare_proxy_password'],
  },
  apiKey('8b3d4e5f-6a7b-8c9d-0e1f-2a3b4c5d6e7f', 'openweathermap', 'OpenWeatherMap'),
  apiKey('f4a8b6c2-3d1e-4f5a-9b8c-7d6e5f4a3b2c', 'elevenlabs', 'ElevenLabs'),
];

const byId = new Map(systemCredentials.map((credential) => [credential.id, credential]));

/** Whether an id is reserved for the operator. Only the exact spelling is. */
export const isSystemCredential = (credentialId: string): boolean => byId.has(credentialId);

/** The system credential with this id, if there is one. */
export const findSystemCredential = (credentialId: string): SystemCredential | undefined => byId.get(credentialId);

/** Ids of the usable system credentials, given the names of the settings that have a value. */
export const configuredSystemIds = (settingNames: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(systemCredentials.filter((c) => c.settings.every((name) => settingNames.has(name))).map((c) => c.id));
