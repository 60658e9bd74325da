// APIs of the system credentials, G to O: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const systemGToOKeys: KeyProviders = {
  // Only newer Maps APIs read a header. No wildcard: below googleapis.com are also buckets whose owners read the queries of requests.
  google_maps: {
    displayName: 'Google Maps',
    apiBaseUrl: 'https://maps.googleapis.com',
    apiHosts: [
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
    key: { query: 'key' },
  },
  groq: {
    displayName: 'Groq',
    apiBaseUrl: 'https://api.groq.com/openai',
    verification: { method: 'GET', path: '/v1/models' },
  },
  ideogram: {
    displayName: 'Ideogram',
    apiBaseUrl: 'https://api.ideogram.ai',
    key: header('api-key'),
  },
  // Each service has its own host: the reader, the search, the fact checker, the segmenter.
  jina: {
    displayName: 'Jina',
    apiBaseUrl: 'https://api.jina.ai',
    apiHosts: ['deepsearch.jina.ai', 'g.jina.ai', 'r.jina.ai', 's.jina.ai', 'segment.jina.ai'],
  },
  llama_api: {
    displayName: 'Llama API',
    apiBaseUrl: 'https://api.llama.com',
    verification: { method: 'GET', path: '/v1/models' },
  },
  mem0: {
    displayName: 'Mem0',
    apiBaseUrl: 'https://api.mem0.ai',
    key: header('authorization', 'Token '),
    verification: { method: 'GET', path: '/v1/ping/' },
  },
  nvidia: {
    displayName: 'Nvidia',
    apiBaseUrl: 'https://integrate.api.nvidia.com',
    apiHosts: ['ai.api.nvidia.com'],
  },
  // Its list of models needs no key.
  open_router: {
    displayName: 'Open Router',
    apiBaseUrl: 'https://openrouter.ai/api',
    apiHosts: ['eu.openrouter.ai', 'us.openrouter.ai'],
    verification: { method: 'GET', path: '/v1/key' },
  },
  // Regions have hosts of their own.
  openai: {
    displayName: 'OpenAI',
    apiBaseUrl: 'https://api.openai.com',
    apiHosts: ['*.api.openai.com'],
    verification: { method: 'GET', path: '/v1/models' },
  },
  openweathermap: {
    displayName: 'OpenWeatherMap',
    apiBaseUrl: 'https://api.openweathermap.org',
    apiHosts: [
      'history.openweathermap.org',
      'maps.openweathermap.org',
      'pro.openweathermap.org',
      'tile.openweathermap.org',
    ],
    key: { query: 'appid' },
    verification: { method: 'GET', path: '/data/2.5/weather?q=London' },
  },
};
