// The sources of `keys/system-p-z.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { autogpt, type KeySources, NANGO } from '../key-source.ts';

/** By provider. */
export const systemPToZSources: KeySources = {
  replicate: {
    call: ['https://replicate.com/docs/reference/http', NANGO],
    check: [NANGO, 'https://replicate.com/docs/reference/http'],
  },
  revid: {
    call: ['https://www.revid.ai/skills/revid-api-foundations', autogpt('ai_shortform_video_block.py')],
  },
  screenshotone: {
    call: ['https://screenshotone.com/docs/getting-started', autogpt('screenshotone.py')],
    check: [
      'https://screenshotone.com/docs/get-usage',
      'https://raw.githubusercontent.com/api-evangelist/screenshotone/main/collections/screenshotone-account-api.opencollection.json',
    ],
  },
  smartlead: {
    call: ['https://api.smartlead.ai/authentication', NANGO],
    check: [NANGO, 'https://api.smartlead.ai/authentication'],
  },
  unreal_speech: {
    call: ['https://docs.unrealspeech.com', autogpt('text_to_speech_block.py')],
  },
  v0: {
    call: ['https://v0.app/docs/api/model', 'https://ai-sdk.dev/providers/ai-sdk-providers/vercel'],
    check: ['https://v0.app/docs/api/platform/user/get', 'https://v0.dev/docs/v0-platform-api/user/user.get'],
  },
  webshare_proxy: {
    call: ['https://apidocs.webshare.io/proxy-connection', 'https://github.com/jdepoix/youtube-transcript-api'],
  },
  zerobounce: {
    call: [
      'https://www.zerobounce.net/docs/email-validation-api-quickstart',
      'https://www.rubydoc.info/gems/zerobounce-sdk',
    ],
    check: [
      'https://www.zerobounce.net/docs/email-validation-api-quickstart',
      'https://www.rubydoc.info/gems/zerobounce-sdk',
    ],
  },
};
