// Where the APIs of the system credentials' providers are. Each entry needs two sources that agree, named beside it. A base URL has
// no version, so that a path such as `/v1/models` can be appended. Hosts are listed where the API has others than that of the base;
// a wildcard only where the vendor itself answers at every name below it, which names of documentation often do not.

/** What is known of one API. */
export interface ListedApi {
  /** null: not an HTTP API. */
  apiBaseUrl: string | null;
  apiHosts: readonly string[];
  /** Vendor's documentation, or the code of a client. */
  sources: readonly [string, string, ...string[]];
}

/** When the sources were last read (ISO 8601). */
export const apisCheckedOn = '2026-11-28';

const NANGO = 'https://github.com/NangoHQ/nango/blob/master/packages/providers/providers.yaml';
const AUTOGPT = 'https://github.com/Significant-Gravitas/AutoGPT/tree/master/autogpt_platform/backend/backend/blocks';
const api = (apiBaseUrl: string | null, apiHosts: readonly string[], ...sources: ListedApi['sources']): ListedApi => ({
  apiBaseUrl,
  apiHosts,
  sources,
});

/** Left out: an Ollama server is the user's own, at any host, and the key of its system credential is no secret. */
export const apisLeftOut: readonly string[] = ['ollama'];

/** By provider. */
export const apiAddresses: Readonly<Record<string, ListedApi>> = {
  aiml_api: api('https://api.aimlapi.com', [], 'https://docs.litellm.ai/docs/providers/aiml', `${AUTOGPT}/llm.py`),
  anthropic: api('https://api.anthropic.com', [], 'https://docs.anthropic.com/claude/reference', NANGO),
  // Some clients still use the host of the application.
  apollo: api('https://api.apollo.io/api', ['app.apollo.io'], 'https://docs.apollo.io/reference/authentication', NANGO),
  d_id: api('https://api.d-id.com', [], 'https://docs.d-id.com/docs/api-keys', `${AUTOGPT}/talking_head.py`),
  e2b: api(
    'https://api.e2b.app',
    [],
    'https://github.com/e2b-dev/infra/blob/main/spec/openapi.yml',
    'https://e2b.dev/docs/api-reference',
  ),
  elevenlabs: api(
    'https://api.elevenlabs.io',
    ['api.us.elevenlabs.io', '*.residency.elevenlabs.io'],
    'https://elevenlabs.io/docs/api-reference/authentication',
    NANGO,
  ),
  enrichlayer: api(
    'https://enrichlayer.com/api',
    ['api.enrichlayer.com'],
    'https://enrichlayer.com/agents.md',
    `${AUTOGPT}/enrichlayer/_api.py`,
  ),
  exa: api('https://api.exa.ai', [], 'https://docs.exa.ai/reference/search', NANGO),
  fal: api(
    'https://queue.fal.run',
    ['fal.run', 'api.fal.ai', 'rest.fal.ai', 'rest.alpha.fal.ai'],
    'https://fal.ai/docs/api-reference/inference-api',
    NANGO,
  ),
  // No wildcard: below googleapis.com are also buckets whose owners read the queries of requests.
  google_maps: api(
    'https://maps.googleapis.com',
    [
      'addressvalidation.googleapis.com',
      'airquality.googleapis.com',
      'places.googleapis.com',
      'pollen.googleapis.com',
      'roads.googleapis.com',
      'routes.googleapis.com',
      'solar.googleapis.com',
      'tile.googleapis.com',
      'weather.googleapis.com',
    ],
    'https://developers.google.com/maps/documentation/geocoding/requests-geocoding',
    NANGO,
  ),
  groq: api(
    'https://api.groq.com/openai',
    [],
    'https://console.groq.com/docs/openai',
    'https://docs.boundaryml.com/ref/llm-client-providers/groq',
  ),
  ideogram: api(
    'https://api.ideogram.ai',
    [],
    'https://developer.ideogram.ai/api-reference/api-reference/generate',
    `${AUTOGPT}/ideogram.py`,
  ),
  // Each service has its own host: the reader, the search, the fact checker, the segmenter.
  jina: api(
    'https://api.jina.ai',
    ['deepsearch.jina.ai', 'g.jina.ai', 'r.jina.ai', 's.jina.ai', 'segment.jina.ai'],
    'https://jina.ai/reader',
    `${AUTOGPT}/jina`,
  ),
  llama_api: api(
    'https://api.llama.com',
    [],
    'https://llama.developer.meta.com/docs/features/compatibility',
    `${AUTOGPT}/llm.py`,
  ),
  mem0: api('https://api.mem0.ai', [], 'https://docs.mem0.ai/api-reference', 'https://github.com/mem0ai/mem0'),
  nvidia: api(
    'https://integrate.api.nvidia.com',
    ['ai.api.nvidia.com'],
    'https://docs.api.nvidia.com/nim/reference',
    'https://docs.litellm.ai/docs/providers/nvidia_nim',
  ),
  open_router: api(
    'https://openrouter.ai/api',
    ['eu.openrouter.ai', 'us.openrouter.ai'],
    'https://openrouter.ai/docs/api-reference/overview',
    'https://tanstack.com/ai/latest/docs/adapters/openrouter',
  ),
  // Regions have hosts of their own.
  openai: api(
    'https://api.openai.com',
    ['*.api.openai.com'],
    'https://developers.openai.com/api/docs/guides/data-residency',
    NANGO,
  ),
  openweathermap: api(
    'https://api.openweathermap.org',
    ['history.openweathermap.org', 'maps.openweathermap.org', 'pro.openweathermap.org', 'tile.openweathermap.org'],
    'https://openweathermap.org/api/one-call-3',
    'https://nango.dev/docs/api-integrations/openweather-api',
  ),
  replicate: api('https://api.replicate.com', [], 'https://replicate.com/docs/reference/http', NANGO),
  revid: api(
    'https://www.revid.ai/api',
    [],
    'https://www.revid.ai/skills/revid-api-foundations',
    `${AUTOGPT}/ai_shortform_video_block.py`,
  ),
  screenshotone: api(
    'https://api.screenshotone.com',
    [],
    'https://screenshotone.com/docs/getting-started',
    `${AUTOGPT}/screenshotone.py`,
  ),
  smartlead: api('https://server.smartlead.ai/api', [], 'https://api.smartlead.ai/authentication', NANGO),
  // The version is part of the host.
  unreal_speech: api(
    'https://api.v8.unrealspeech.com',
    ['api.v6.unrealspeech.com', 'api.v7.unrealspeech.com'],
    'https://docs.unrealspeech.com',
    `${AUTOGPT}/text_to_speech_block.py`,
  ),
  v0: api(
    'https://api.v0.dev',
    [],
    'https://v0.app/docs/api/model',
    'https://ai-sdk.dev/providers/ai-sdk-providers/vercel',
  ),
  // User name and password are those of the proxy; an http proxy is spoken to in plain text on the ports named here.
  webshare_proxy: api(
    null,
    ['p.webshare.io', 'p.webshare.io:80', 'p.webshare.io:1080', 'p.webshare.io:3128'],
    'https://apidocs.webshare.io/proxy-connection',
    'https://github.com/jdepoix/youtube-transcript-api',
  ),
  zerobounce: api(
    'https://api.zerobounce.net',
    ['api-eu.zerobounce.net', 'api-us.zerobounce.net', 'bulkapi.zerobounce.net'],
    'https://www.zerobounce.net/docs/email-validation-api-quickstart',
    'https://www.rubydoc.info/gems/zerobounce-sdk',
  ),
};
