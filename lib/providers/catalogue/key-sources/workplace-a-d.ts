// The sources of `keys/workplace-a-d.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { type KeySources, NANGO, n8n, OAUTH_RECORD, trufflehog } from '../key-source.ts';

/** By provider. */
export const workplaceAToDSources: KeySources = {
  airtable: {
    call: [NANGO, n8n('AirtableTokenApi')],
    check: [n8n('AirtableTokenApi'), trufflehog('airtablepersonalaccesstoken/airtablepersonalaccesstoken')],
  },
  asana: {
    call: [n8n('AsanaApi'), trufflehog('asanapersonalaccesstoken/asanapersonalaccesstoken')],
    check: [n8n('AsanaApi'), trufflehog('asanapersonalaccesstoken/asanapersonalaccesstoken')],
  },
  'cal-com': {
    call: [NANGO, n8n('CalApi')],
    check: [NANGO, n8n('CalApi')],
  },
  calendly: {
    call: [n8n('CalendlyApi'), trufflehog('calendlyapikey/calendlyapikey')],
    check: [n8n('CalendlyApi'), trufflehog('calendlyapikey/calendlyapikey')],
  },
  clickup: {
    call: [n8n('ClickUpApi'), trufflehog('clickuppersonaltoken/clickuppersonaltoken')],
    check: [trufflehog('clickuppersonaltoken/clickuppersonaltoken'), OAUTH_RECORD],
  },
  clockify: {
    call: [n8n('ClockifyApi'), trufflehog('clockify/clockify')],
    check: [
      n8n('ClockifyApi'),
      'https://github.com/PipedreamHQ/pipedream/blob/master/components/clockify/clockify.app.mjs',
    ],
  },
  coda: {
    call: [NANGO, trufflehog('coda/coda')],
    check: [NANGO, trufflehog('coda/coda')],
  },
  discord: {
    call: [n8n('DiscordBotApi'), trufflehog('discordbottoken/discordbottoken')],
    check: [n8n('DiscordBotApi'), OAUTH_RECORD],
  },
  dropbox: {
    call: [n8n('DropboxApi'), trufflehog('dropbox/dropbox')],
    check: [n8n('DropboxApi'), trufflehog('dropbox/dropbox')],
  },
};
