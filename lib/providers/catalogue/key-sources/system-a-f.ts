// The sources of `keys/system-a-f.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { autogpt, type KeySources, NANGO, trufflehog } from '../key-source.ts';

/** By provider. */
export const systemAToFSources: KeySources = {
  aiml_api: {
    call: ['https://docs.litellm.ai/docs/providers/aiml', autogpt('llm.py')],
  },
  anthropic: {
    call: ['https://docs.anthropic.com/claude/reference/getting-started-with-the-api', NANGO],
    check: [NANGO, trufflehog('anthropic/anthropic')],
  },
  apollo: {
    call: ['https://docs.apollo.io/reference/authentication', NANGO],
    check: [
      'https://smithery.ai/skills/jeremylongshore/apollo-install-auth',
      'https://dev.to/billionverify/apolloio-api-key-endpoints-limits-and-mcp-server-148g',
    ],
  },
  d_id: {
    call: ['https://docs.d-id.com/docs/api-keys', autogpt('talking_head.py')],
    check: [
      'https://raw.githubusercontent.com/api-evangelist/d-id/main/collections/d-id-credits-api.opencollection.json',
      'https://tryagi.github.io/DId/examples/credits',
    ],
  },
  e2b: {
    call: ['https://github.com/e2b-dev/infra/blob/main/spec/openapi.yml', 'https://e2b.dev/docs/api-reference'],
    check: [
      'https://e2b.dev/docs/api-reference',
      'https://support.huaweicloud.com/productdesc-agentsphere/agentsphere_01_0010.html',
    ],
  },
  elevenlabs: {
    call: ['https://elevenlabs.io/docs/api-reference/authentication', NANGO],
    check: [NANGO, trufflehog('elevenlabs/v2/elevenlabs')],
  },
  enrichlayer: {
    call: ['https://enrichlayer.com/agents.md', autogpt('enrichlayer/_api.py')],
    check: [
      'https://enrichlayer.com/docs/knowledge-base/billing/understanding-credits',
      'https://pipedream.com/apps/enrich-layer/actions/get-credit-balance.md',
    ],
  },
  exa: {
    call: ['https://docs.exa.ai/reference/search', NANGO],
  },
  fal: {
    call: ['https://fal.ai/docs/api-reference/inference-api', NANGO],
  },
};
