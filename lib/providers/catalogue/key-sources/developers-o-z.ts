// The sources of `keys/developers-o-z.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { type KeySources, NANGO, n8n, trufflehog } from '../key-source.ts';

/** By provider. */
export const developersOToZSources: KeySources = {
  okta: {
    call: [NANGO, n8n('OktaApi')],
    check: [NANGO, trufflehog('okta/okta')],
  },
  pipedream: {
    call: [NANGO, trufflehog('pipedream/pipedream')],
    check: [NANGO, trufflehog('pipedream/pipedream')],
  },
  rootly: {
    call: [NANGO, trufflehog('rootly/rootly')],
  },
  sentry: {
    call: [n8n('SentryIoApi'), trufflehog('sentrytoken/v1/sentrytoken')],
    check: [n8n('SentryIoApi'), trufflehog('sentrytoken/v1/sentrytoken')],
  },
  supabase: {
    call: [NANGO, trufflehog('supabasetoken/supabasetoken')],
    check: [trufflehog('supabasetoken/supabasetoken'), 'https://supabase.com/docs/reference/api/introduction'],
  },
  terraform: {
    call: [NANGO, trufflehog('terraformcloudpersonaltoken/terraformcloudpersonaltoken')],
    check: [
      trufflehog('terraformcloudpersonaltoken/terraformcloudpersonaltoken'),
      'https://developer.hashicorp.com/terraform/enterprise/v202411-2/api-docs/account',
    ],
  },
  urlscan: {
    call: [n8n('UrlScanIoApi'), trufflehog('urlscan/urlscan')],
    check: [n8n('UrlScanIoApi'), trufflehog('urlscan/urlscan')],
  },
  vercel: {
    call: [NANGO, trufflehog('vercel/vercel')],
    check: [NANGO, 'https://vercel.com/docs/rest-api/user/get-the-user'],
  },
  virustotal: {
    call: [n8n('VirusTotalApi'), trufflehog('virustotal/virustotal')],
    check: [n8n('VirusTotalApi'), 'https://docs.virustotal.com/reference/popular_threat_categories'],
  },
  xai: {
    call: [NANGO, trufflehog('xai/xai')],
    check: [NANGO, trufflehog('xai/xai')],
  },
};
