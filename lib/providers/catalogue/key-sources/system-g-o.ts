// The sources of `keys/system-g-o.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { autogpt, type KeySources, NANGO, n8n, trufflehog } from '../key-source.ts';

/** By provider. */
export const systemGToOSources: KeySources = {
  google_maps: {
    call: ['https://developers.google.com/maps/documentation/geocoding/requests-geocoding', NANGO],
  },
  groq: {
    call: ['https://console.groq.com/docs/openai', 'https://docs.boundaryml.com/ref/llm-client-providers/groq'],
    check: ['https://console.groq.com/docs/models', trufflehog('groq/groq')],
  },
  ideogram: {
    call: ['https://developer.ideogram.ai/api-reference/api-reference/generate', autogpt('ideogram.py')],
  },
  jina: {
    call: ['https://jina.ai/reader', autogpt('jina')],
  },
  llama_api: {
    call: ['https://llama.developer.meta.com/docs/features/compatibility', autogpt('llm.py')],
    check: ['https://llama.developer.meta.com/docs/api-keys'],
    end: ['https://llama.developer.meta.com/docs/api-keys'],
  },
  mem0: {
    call: ['https://docs.mem0.ai/api-reference/memory/add-memories', 'https://github.com/mem0ai/mem0'],
    check: ['https://github.com/mem0ai/mem0/blob/main/mem0/client/main.py'],
  },
  nvidia: {
    call: ['https://docs.api.nvidia.com/nim/reference', 'https://docs.litellm.ai/docs/providers/nvidia_nim'],
  },
  open_router: {
    call: [
      'https://openrouter.ai/docs/api-reference/overview',
      'https://tanstack.com/ai/latest/docs/adapters/openrouter',
    ],
    check: [
      'https://www.openrouter.ai/docs/api/api-reference/api-keys/get-current-api-key',
      'https://docs.rs/openrouter-rs/latest/openrouter_rs/api/api_keys/fn.get_current_api_key.html',
    ],
  },
  openai: {
    call: ['https://developers.openai.com/api/docs/guides/data-residency', NANGO],
    check: [NANGO, n8n('OpenAiApi')],
  },
  openweathermap: {
    call: ['https://openweathermap.org/api/one-call-3', 'https://nango.dev/docs/api-integrations/openweather-api'],
    check: [n8n('OpenWeatherMapApi'), trufflehog('openweather/openweather')],
  },
};
