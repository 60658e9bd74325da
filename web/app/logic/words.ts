// The words for every refusal: what happened and what the person can do. Each error code of the contract has an entry (a test compares the
// table with the codes of the service), and so has each failure that only the page can see.

/** Words for one refusal. */
export interface Words {
  title: string;
  text: string;
  /** Whether the same request may succeed a little later. */
  canRetry?: boolean;
}

const LATER = 'Nothing was changed. Try again in a moment.';
const FROM_APP = 'Go back to the application and open a new link there.';

const notHere = (title: string): Words => ({ title, text: `${FROM_APP} If this happens again, tell its support.` });

const busy: Words = { title: 'The service is busy', text: LATER, canRetry: true };
const unavailable: Words = {
  title: 'The service does not answer at the moment',
  text: 'Try again in a moment.',
  canRetry: true,
};

const foreign = notHere('The request was not understood');

/** By error code of the contract. */
export const codeWords: Readonly<Record<string, Words>> = {
  invalid_request: { title: 'Something in the form is not right', text: 'Check what you entered and try again.' },
  state_invalid: {
    title: 'This attempt is over',
    text: 'It took too long, or it was already finished. Start connecting again.',
  },
  // Of the addresses that the page sends, only that of an MCP server may be one that the service does not call.
  url_not_allowed: {
    title: 'This address cannot be connected',
    text: 'Enter the web address of an MCP server. It must be open to the internet.',
  },
  not_upgradable: {
    title: 'This account changed meanwhile',
    text: 'It can no longer be reconnected. Connect it again as a new account.',
  },
  connection_denied: { title: 'You did not allow access', text: 'Nothing was connected. You can try again.' },
  device_flow_unsupported: {
    title: 'Connecting with a code is not possible here',
    text: 'Choose another way to connect.',
  },
  system_credential: {
    title: 'This account belongs to the application',
    text: 'You can use it, but not change or disconnect it.',
  },
  credential_not_found: { title: 'This account is no longer there', text: 'It may have been disconnected elsewhere.' },
  provider_unknown: notHere('This provider is not available'),
  account_mismatch: {
    title: 'That was a different account',
    text: 'Nothing was changed. Sign in to the provider with the account that you want to reconnect.',
  },
  credential_exists: { title: 'This account is already connected', text: 'There is nothing more to do.' },
  credential_limit: {
    title: 'Too many accounts are connected',
    text: 'Disconnect one that you no longer need, then try again.',
  },
  credential_unreadable: {
    title: 'This account cannot be read any more',
    text: 'Disconnect it and connect it again.',
  },
  user_erasing: {
    title: 'Your data is being deleted',
    text: 'Accounts can be connected again once that has finished.',
  },
  version_conflict: { title: 'Something changed meanwhile', text: 'Load the page again and repeat the change.' },
  body_too_large: { title: 'That is too long', text: 'Enter only the key itself.' },
  too_many_open_states: {
    title: 'Too many attempts are open',
    text: 'Wait a few minutes, then try again.',
    canRetry: true,
  },
  too_many_requests: { title: 'Too many requests', text: 'Wait a minute, then try again.', canRetry: true },
  internal_error: { title: 'Something went wrong', text: 'It is not your fault. Try again.', canRetry: true },
  provider_not_configured: notHere('This provider is not set up yet'),
  provider_rejected: {
    title: 'The provider refused the connection',
    text: 'Nothing was stored. Try again; if it happens again, the provider may have a problem.',
    canRetry: true,
  },
  server_not_connectable: {
    title: 'This server cannot be connected',
    text: 'Check the address, or ask the operator of the server.',
  },
  keys_unavailable: unavailable,
  refresh_unavailable: unavailable,
  secrets_unavailable: unavailable,
  store_busy: busy,
  store_unavailable: unavailable,
  timed_out: unavailable,
  link_invalid: {
    title: 'This link cannot be used any more',
    text: `It has expired, was already used, or was opened in another browser. ${FROM_APP}`,
  },
  link_not_allowed: { title: 'This link does not allow that', text: FROM_APP },
  // No route of the link plane answers one of these to what the page sends.
  too_many_changes: foreign,
  not_connected: foreign,
  insufficient_scopes: foreign,
  provider_mismatch: foreign,
  reconnect_required: foreign,
  scopes_narrowed: foreign,
  type_mismatch: foreign,
  precondition_required: foreign,
  unsupported_media_type: foreign,
};

/** By failure that only the page can see. */
export const pageWords = {
  offline: {
    title: 'No connection',
    text: 'The service cannot be reached. Check your network and try again.',
    canRetry: true,
  },
  unavailable,
  no_link: {
    title: 'Open your link again',
    text: 'This page works only with the link that the application gave you, in the tab in which you opened it.',
  },
  unexpected: { title: 'Something went wrong', text: 'The answer was not understood. Try again.', canRetry: true },
  refused_by_provider: {
    title: 'The provider refused the connection',
    text: 'Nothing was stored. You can try again, or ask the support of the application.',
  },
  code_expired: { title: 'The code has expired', text: 'Nothing was connected. Get a new code and try again.' },
  key_refused: {
    title: 'The provider did not accept this',
    text: 'Nothing was stored. Check for missing or extra characters, and that it was not withdrawn.',
  },
  maybe_stored: {
    title: 'It is not certain whether this was saved',
    text: 'The answer was lost. Save it again: it is stored only once.',
  },
  maybe_connected: {
    title: 'This was most likely connected',
    text: 'The answer was lost, and the link cannot be used any more. Go back to the application and look there.',
  },
  unsafe_address: notHere('The address of the provider is not a web address'),
} as const satisfies Readonly<Record<string, Words>>;

/** A failure that only the page can see. */
export type PageCode = keyof typeof pageWords;

const find = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** The words for a code; a code from a newer service than this page gets general ones. */
export const findWords = (code: string): Words => find({ ...codeWords, ...pageWords }, code) ?? pageWords.unexpected;

const REASONS: Readonly<Record<string, string>> = {
  expired: 'It has expired.',
  invalid_grant: 'Access was withdrawn at the provider, or it ran out.',
  uncertain_refresh: 'The provider no longer accepts the access that was granted.',
  no_refresh_token: 'The access that was granted has run out.',
  refused: 'The provider no longer accepts it.',
  issuer_changed: 'The server has another way of signing in now.',
  client_gone: 'The server no longer knows this application.',
  unreadable: 'It cannot be read any more.',
};

/** Why an account must be reconnected, as a sentence. */
export const findReason = (reason: string | null): string => find(REASONS, reason ?? '') ?? 'It no longer works.';
