// Marketing, sales, post, payment and support, M to Z: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const businessMToZKeys: KeyProviders = {
  // The user name is `api`.
  mailgun: {
    displayName: 'Mailgun',
    type: 'user_password',
    apiBaseUrl: 'https://{region}.mailgun.net',
    templateVariables: { region: { pattern: 'api(?:\\.eu)?', default: 'api', oneOf: ['api', 'api.eu'] } },
    verification: { method: 'GET', path: '/v3/domains?limit=1' },
  },
  mailjet: {
    displayName: 'Mailjet',
    type: 'user_password',
    apiBaseUrl: 'https://api.mailjet.com',
    verification: { method: 'GET', path: '/v3/REST/myprofile' },
  },
  pandadoc: {
    displayName: 'PandaDoc',
    apiBaseUrl: 'https://api.pandadoc.com',
    key: header('authorization', 'API-Key '),
    verification: { method: 'GET', path: '/public/v1/documents?count=1' },
  },
  postmark: {
    displayName: 'Postmark',
    apiBaseUrl: 'https://api.postmarkapp.com',
    key: header('x-postmark-server-token'),
    verification: { method: 'GET', path: '/server' },
  },
  razorpay: {
    displayName: 'Razorpay',
    type: 'user_password',
    apiBaseUrl: 'https://api.razorpay.com',
    verification: { method: 'GET', path: '/v1/orders?count=1' },
  },
  resend: {
    displayName: 'Resend',
    apiBaseUrl: 'https://api.resend.com',
  },
  sendgrid: {
    displayName: 'SendGrid',
    apiBaseUrl: 'https://api.sendgrid.com',
    apiHosts: ['api.eu.sendgrid.com'],
    verification: { method: 'GET', path: '/v3/scopes' },
  },
  shippo: {
    displayName: 'Shippo',
    apiBaseUrl: 'https://api.goshippo.com',
    key: header('authorization', 'ShippoToken '),
    verification: { method: 'GET', path: '/shippo-accounts?page=1&results=1' },
  },
  square: {
    displayName: 'Square',
    apiBaseUrl: 'https://connect.squareup.com',
    verification: { method: 'GET', path: '/v2/merchants/me' },
  },
  stripe: {
    displayName: 'Stripe',
    apiBaseUrl: 'https://api.stripe.com',
    apiHosts: ['files.stripe.com'],
    verification: { method: 'GET', path: '/v1/charges?limit=1' },
  },
  // With an API token, the password is `api_token`.
  toggl: {
    displayName: 'Toggl Track',
    type: 'user_password',
    apiBaseUrl: 'https://api.track.toggl.com',
    verification: { method: 'GET', path: '/api/v9/me' },
  },
  twilio: {
    displayName: 'Twilio',
    type: 'user_password',
    apiBaseUrl: 'https://api.twilio.com',
    apiHosts: ['*.twilio.com'],
    verification: { method: 'GET', path: '/2010-04-01/Accounts.json?PageSize=1' },
  },
};
