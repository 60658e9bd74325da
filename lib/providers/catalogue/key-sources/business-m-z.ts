// The sources of `keys/business-m-z.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { type KeySources, NANGO, n8n, OAUTH_RECORD, trufflehog } from '../key-source.ts';

/** By provider. */
export const businessMToZSources: KeySources = {
  mailgun: {
    call: [NANGO, n8n('MailgunApi')],
    check: [n8n('MailgunApi'), trufflehog('mailgun/mailgun')],
  },
  mailjet: {
    call: [NANGO, n8n('MailjetEmailApi')],
    check: [NANGO, 'https://app.unpkg.com/node-mailjet@6.0.2/files/declarations/types/api/Setting.d.ts'],
  },
  pandadoc: {
    call: [NANGO, trufflehog('pandadoc/pandadoc')],
    check: [trufflehog('pandadoc/pandadoc'), 'https://www.skills.sh/okou-ai/vm0-skills/pandadoc'],
  },
  postmark: {
    call: [n8n('PostmarkApi'), trufflehog('postmark/postmark')],
    check: [
      n8n('PostmarkApi'),
      'https://raw.githubusercontent.com/api-evangelist/postmark/main/collections/postmark-server-configuration-api-api.opencollection.json',
    ],
  },
  razorpay: {
    call: [NANGO, trufflehog('razorpay/razorpay')],
    check: [NANGO, trufflehog('razorpay/razorpay')],
  },
  resend: {
    call: [NANGO, trufflehog('resend/resend')],
  },
  sendgrid: {
    call: [NANGO, n8n('SendGridApi'), trufflehog('sendgrid/sendgrid')],
    check: [n8n('SendGridApi'), trufflehog('sendgrid/sendgrid')],
  },
  shippo: {
    call: [NANGO, trufflehog('shippo/shippo')],
    check: [
      trufflehog('shippo/shippo'),
      'https://docs.goshippo.com/api-reference/shippo-accounts/list-all-shippo-accounts',
    ],
  },
  square: {
    call: [OAUTH_RECORD, trufflehog('square/square')],
    check: [OAUTH_RECORD, trufflehog('square/square')],
  },
  stripe: {
    call: [NANGO, n8n('StripeApi'), trufflehog('stripe/stripe')],
    check: [n8n('StripeApi'), trufflehog('stripe/stripe')],
  },
  toggl: {
    call: [NANGO, n8n('TogglApi')],
    check: [NANGO, n8n('TogglApi')],
  },
  twilio: {
    call: [NANGO, n8n('TwilioApi')],
    check: [
      'https://docs.rs/crate/twilio-rust-openapi/latest/source/docs/Api20100401AccountApi.md',
      'https://www.twilio.com/docs/iam/api/account',
    ],
  },
};
