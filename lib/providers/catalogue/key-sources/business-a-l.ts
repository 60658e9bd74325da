// The sources of `keys/business-a-l.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { type KeySources, NANGO, n8n, OAUTH_RECORD, trufflehog } from '../key-source.ts';

/** By provider. */
export const businessAToLSources: KeySources = {
  'active-campaign': {
    call: [NANGO, n8n('ActiveCampaignApi')],
    check: [NANGO, 'https://glama.ai/mcp/servers/ohneben/ActiveCampaign-MCP/tools/get_user_loggedin'],
  },
  affinity: {
    call: [NANGO, 'https://developer.affinity.co/api-reference/2026-09-17/auth/get-current-user'],
    check: [NANGO, 'https://developer.affinity.co/api-reference/2026-09-17/auth/get-current-user'],
  },
  brevo: {
    call: [NANGO, n8n('SendInBlueApi')],
    check: [NANGO, n8n('SendInBlueApi'), trufflehog('sendinbluev2/sendinbluev2')],
  },
  freshdesk: {
    call: [NANGO, n8n('FreshdeskApi')],
  },
  front: {
    call: [NANGO, OAUTH_RECORD],
    check: [NANGO, OAUTH_RECORD],
  },
  getresponse: {
    call: [n8n('GetResponseApi'), trufflehog('getresponse/getresponse')],
  },
  hubspot: {
    call: [n8n('HubspotAppToken'), OAUTH_RECORD],
    check: [n8n('HubspotAppToken'), OAUTH_RECORD],
  },
  intercom: {
    call: [n8n('IntercomApi'), trufflehog('intercom/intercom')],
    check: [
      n8n('IntercomApi'),
      'https://developers.intercom.com/docs/references/2.15/rest-api/api.intercom.io/admins/identifyadmin',
    ],
  },
  klaviyo: {
    call: [NANGO, trufflehog('klaviyo/klaviyo')],
    check: [NANGO, 'https://developers.klaviyo.com/en/v2025-01-15/reference/get_accounts.md'],
    end: [
      'https://docs.gitguardian.com/secrets-detection/secrets-detection-engine/detectors/specifics/klaviyo_api_key',
    ],
  },
  lob: {
    call: [NANGO, trufflehog('lob/lob')],
    check: [
      NANGO,
      'https://raw.githubusercontent.com/api-evangelist/lob/main/collections/lob-addresses-api.opencollection.json',
    ],
  },
  loops: {
    call: [NANGO, 'https://loops.so/docs/api'],
    check: [NANGO, 'https://loops.so/docs/api'],
    end: ['https://loops.so/help/api'],
  },
};
