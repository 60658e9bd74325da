// The sources of `keys/developers-a-f.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { type KeySources, NANGO, n8n, OAUTH_RECORD, trufflehog } from '../key-source.ts';

/** By provider. */
export const developersAToFSources: KeySources = {
  apify: {
    call: [NANGO, 'https://docs.apify.com/api/v2'],
    check: [
      'https://docs.apify.com/api/v2/users-me-get.md',
      'https://raw.githubusercontent.com/api-evangelist/apify/main/collections/apify-users-api.opencollection.json',
    ],
  },
  bitbucket: {
    call: [n8n('BitbucketAccessTokenApi'), OAUTH_RECORD],
    check: [n8n('BitbucketAccessTokenApi'), OAUTH_RECORD],
  },
  cloudflare: {
    call: [NANGO, n8n('CloudflareApi')],
    check: [n8n('CloudflareApi'), trufflehog('cloudflareapitoken/cloudflareapitoken')],
  },
  codeclimate: {
    call: [NANGO, trufflehog('codeclimate/codeclimate')],
    check: [NANGO, trufflehog('codeclimate/codeclimate')],
  },
  datadog: {
    call: [NANGO, n8n('DatadogApi')],
    check: [NANGO, n8n('DatadogApi'), trufflehog('datadogapikey/datadogapikey')],
  },
  deepl: {
    call: [n8n('DeepLApi'), 'https://developers.deepl.com/docs/getting-started/auth'],
    check: [n8n('DeepLApi'), 'https://rdrr.io/cran/deeplr/man/usage.html'],
  },
  diffbot: {
    call: [NANGO, trufflehog('diffbot/diffbot')],
    check: [NANGO, trufflehog('diffbot/diffbot')],
  },
  digitalocean: {
    call: [OAUTH_RECORD, trufflehog('digitaloceanv2/digitaloceanv2')],
    check: [OAUTH_RECORD, trufflehog('digitaloceanv2/digitaloceanv2')],
  },
};
