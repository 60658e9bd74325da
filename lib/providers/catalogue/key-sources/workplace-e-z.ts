// The sources of `keys/workplace-e-z.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { type KeySources, NANGO, n8n, OAUTH_RECORD, trufflehog } from '../key-source.ts';

/** By provider. */
export const workplaceEToZSources: KeySources = {
  figma: {
    call: [OAUTH_RECORD, trufflehog('figmapersonalaccesstoken/v2/figmapersonalaccesstoken_v2')],
    check: [OAUTH_RECORD, trufflehog('figmapersonalaccesstoken/v2/figmapersonalaccesstoken_v2')],
  },
  guru: {
    call: [NANGO, trufflehog('guru/guru')],
    check: [
      NANGO,
      'https://raw.githubusercontent.com/api-evangelist/guru/main/collections/guru-user-api.opencollection.json',
    ],
  },
  jira: {
    call: [NANGO, n8n('JiraSoftwareCloudApi')],
    check: [NANGO, n8n('JiraSoftwareCloudApi')],
  },
  jotform: {
    call: [NANGO, 'https://github.com/PipedreamHQ/pipedream/blob/master/components/jotform/jotform.app.mjs'],
    check: [trufflehog('jotform/jotform'), 'https://www.skills.sh/okou-ai/vm0-skills/jotform'],
  },
  linear: {
    call: [n8n('LinearApi'), OAUTH_RECORD],
  },
  notion: {
    call: [n8n('NotionApi'), trufflehog('notion/notion')],
    check: [n8n('NotionApi'), trufflehog('notion/notion')],
  },
  shortcut: {
    call: [NANGO, trufflehog('shortcut/shortcut')],
    check: [NANGO, 'https://hexdocs.pm/shortcut_api_ex/ShortcutApi.Members.html'],
  },
  slack: {
    call: [n8n('SlackApi'), trufflehog('slack/slack')],
    check: [trufflehog('slack/slack'), 'https://docs.rs/crate/slack-chat-api/latest/source/src/auth.rs'],
  },
  todoist: {
    call: [n8n('TodoistApi'), OAUTH_RECORD],
    check: [OAUTH_RECORD, n8n('TodoistApi')],
  },
  typeform: {
    call: [n8n('TypeformApi'), trufflehog('typeform/v1/typeform')],
    check: [trufflehog('typeform/v1/typeform'), OAUTH_RECORD],
  },
  webflow: {
    call: [n8n('WebflowApi'), trufflehog('webflow/webflow')],
    check: [n8n('WebflowApi'), 'https://developers.webflow.com/data/reference/sites/list.md'],
  },
};
