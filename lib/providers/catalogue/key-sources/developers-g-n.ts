// The sources of `keys/developers-g-n.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { type KeySources, NANGO, n8n, OAUTH_RECORD, trufflehog } from '../key-source.ts';

/** By provider. */
export const developersGToNSources: KeySources = {
  github: {
    call: [NANGO, n8n('GithubApi')],
    check: [NANGO, n8n('GithubApi')],
  },
  gitlab: {
    call: [NANGO, n8n('GitlabApi')],
    check: [OAUTH_RECORD, NANGO],
  },
  'google-gemini': {
    call: [NANGO, trufflehog('googlegemini/googlegemini')],
    check: [NANGO, trufflehog('googlegemini/googlegemini')],
  },
  heroku: {
    call: [OAUTH_RECORD, trufflehog('heroku/v1/heroku')],
    check: [OAUTH_RECORD, trufflehog('heroku/v1/heroku')],
  },
  'incident-io': {
    call: [NANGO, 'https://hexdocs.pm/incident_io/IncidentIo.IdentityV1.html'],
    check: [NANGO, 'https://hexdocs.pm/incident_io/IncidentIo.IdentityV1.html'],
  },
  jumpcloud: {
    call: [NANGO, trufflehog('jumpcloud/jumpcloud')],
  },
  neon: {
    call: [NANGO, OAUTH_RECORD],
    check: [NANGO, OAUTH_RECORD],
  },
  netlify: {
    call: [n8n('NetlifyApi'), trufflehog('netlify/netlify')],
    check: [n8n('NetlifyApi'), trufflehog('netlify/netlify')],
  },
  npm: {
    call: [n8n('NpmApi'), trufflehog('npmtoken/npmtoken')],
    check: [n8n('NpmApi'), trufflehog('npmtoken/npmtoken')],
  },
};
