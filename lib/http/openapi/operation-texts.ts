// What a caller must know about each operation, as Markdown. Apart from the routes, which are part of every function's bundle.
import type { RouteId } from '../routes/routes.ts';

/** The subject an operation belongs to in the API reference. */
export type Tag =
  | 'Credentials'
  | 'Connections'
  | 'Device connections'
  | 'OAuth states'
  | 'Managed credentials'
  | 'Connect links'
  | 'Providers'
  | 'Users'
  | 'Health';

interface OperationText {
  tag: Tag;
  /** One imperative line, no full stop. */
  summary: string;
  /** Markdown. */
  description: string;
}

/** An operation of the user and link planes has the text of its twin on the runtime plane, unless it has its own. */
type Described =
  | Exclude<RouteId, `${string}My${string}` | `${string}LinkC${string}` | `${string}LinkD${string}`>
  | 'getMyCredential';

const descriptions: Readonly<Record<Described, OperationText>> = {
  startConnection: {
    tag: 'Connections',
    summary: 'Start an OAuth connection',
    description:
      'Answers the URL to open in the browser of the user, and a `state` that only this user can complete. With ' +
      '`credentialId` the connection adds scopes to a stored credential instead of storing a new one. With `mcpServerUrl` an MCP server ' +
      'is connected: how it is authorized is found out, and a client registered there if need be.',
  },
  completeConnection: {
    tag: 'Connections',
    summary: 'Complete an OAuth connection',
    description:
      'Exchanges the code the provider sent and stores the credential. Send the `receipt` that the browser brought back ' +
      'from the callback, or `code` and `iss` where `callbackUrl` pointed at a page of your own. 201: a new credential; ' +
      '200: merged into the credential of the same account. A refused check leaves the state usable.',
  },
  startDeviceConnection: {
    tag: 'Device connections',
    summary: 'Start a device connection',
    description:
      'For a device without a browser (RFC 8628): show the user `userCode` and `verificationUri`, then poll. The device ' +
      'code itself stays in the service.',
  },
  pollDeviceConnection: {
    tag: 'Device connections',
    summary: 'Poll a device connection',
    description:
      'Says whether the user has approved the device; once approved, answers the stored credential. Wait `interval` ' +
      'seconds between polls, and five more after each `slow_down`.',
  },
  receiveOAuthCallback: {
    tag: 'Connections',
    summary: 'Receive the redirect of a provider',
    description:
      'Register this URL as redirect URI at the provider. It keeps the code and gives this browser a one-time receipt: in ' +
      'the query of the return URL (303), or on a page (200). Only the first code of a state is taken; the same one again within ' +
      'a minute gets a new receipt and voids the older. A prefetch (`Sec-Purpose`, `Purpose`) takes nothing (204). A bad ' +
      'state, a later code and a failed check all show one and the same page (400).',
  },
  receiveOAuthFormPost: {
    tag: 'Connections',
    summary: 'Receive the form of a provider',
    description:
      'As the redirect, for a provider that lets the browser post a form (response mode `form_post`) instead of a query.',
  },
  listCredentials: {
    tag: 'Credentials',
    summary: 'List credentials',
    description:
      "The user's own credentials in order of creation, then the system credentials the operator has configured, in the " +
      'order of the catalogue. The answer never contains a secret. `next`, when present, continues the list.',
  },
  addCredential: {
    tag: 'Credentials',
    summary: 'Store a credential',
    description:
      'Stores a new credential. Give an `id` to make the request safe to repeat: a second attempt answers ' +
      '`credential_exists` instead of storing another one.',
  },
  getCredential: {
    tag: 'Credentials',
    summary: 'Get a credential',
    description:
      'The answer contains the secret, an OAuth access token as stored: resolve the credential for a token that works now.',
  },
  replaceCredential: {
    tag: 'Credentials',
    summary: 'Replace a credential',
    description:
      'Replaces the secret of a credential by one of the same type and provider. The id, the position in the list and ' +
      '`createdAt` stay. An omitted `title` keeps the stored one; an omitted `expiresAt` means the new secret does not expire.',
  },
  renameCredential: {
    tag: 'Credentials',
    summary: 'Rename a credential',
    description: 'Changes the title of a credential and nothing else.',
  },
  deleteCredential: {
    tag: 'Credentials',
    summary: 'Revoke and delete a credential',
    description:
      'Revokes the tokens at the provider, within a few seconds, then deletes the credential whatever the provider answered. ' +
      'Works on an unreadable credential too. Where only an access token can be revoked, one that has expired is refreshed ' +
      'first. Nothing is revoked where that would end another credential of the same account.',
  },
  checkCredential: {
    tag: 'Credentials',
    summary: 'Check a credential before it is stored',
    description:
      'Asks the provider with a harmless call whether it takes the credential, and stores nothing. A provider that is out of ' +
      'reach or overloaded, and one for which no such call is known, is `unknown`. A user has 60 checks at once, and one more ' +
      'every five seconds.',
  },
  checkStoredCredential: {
    tag: 'Credentials',
    summary: 'Check a stored credential',
    description:
      'As for one that is not stored. An expired access token is refreshed first. The result changes nothing of what is stored.',
  },
  resolveCredential: {
    tag: 'Credentials',
    summary: 'Resolve a working credential',
    description:
      'The main call: chooses the credential for a provider, id or URL, refreshes it if needed, and answers the headers and ' +
      "query parameters to send. The user's own credential is chosen before the operator's; one that needs reconnecting " +
      'answers 409 and is never replaced by the key of the operator. A credential named by `credentialId` that does not fit ' +
      'the rest of the request is `not_connected`.',
  },
  editCredentials: {
    tag: 'Credentials',
    summary: 'Change many credentials at once',
    description:
      'Stores, replaces and deletes credentials in one transaction: all changes or none. A `put` whose id exists replaces ' +
      'it, any other creates one. At most 99 changes.',
  },
  eraseUser: {
    tag: 'Users',
    summary: 'Erase a user',
    description:
      'Revokes the tokens of the user at their providers, then deletes credentials, managed keys and open flows. Writes are ' +
      'refused meanwhile. Repeat the request after `store_busy`: it goes on where it ended.',
  },
  importUser: {
    tag: 'Users',
    summary: 'Import a document',
    description:
      'Stores the credentials, managed keys and open OAuth flows of a document, in batches: not all or nothing. Each entry is judged ' +
      'by itself, and what is stored already is never overwritten, so the request can be repeated: it goes on where an earlier one ' +
      'ended (`not_reached`, 503). With `If-Match` the version is checked before each batch.',
  },
  exportUser: {
    tag: 'Users',
    summary: 'Export a user',
    description:
      'Everything that is stored of a user, with the refresh tokens: at most 100 entries a page. A page is a document to import. ' +
      'What cannot be read is shown with the reason `unreadable`. Open flows and what the operator configured are not part of it.',
  },
  listSystemCredentials: {
    tag: 'Credentials',
    summary: 'List system credentials',
    description: 'The credentials of the operator that are configured, which every user can use.',
  },
  putManagedCredential: {
    tag: 'Managed credentials',
    summary: 'Store a managed key',
    description: 'Stores the key that the operator holds for this user at a provider, replacing an earlier one.',
  },
  getManagedCredential: {
    tag: 'Managed credentials',
    summary: 'Get a managed key',
    description: 'Answers the key that the operator holds for this user at a provider.',
  },
  deleteManagedCredential: {
    tag: 'Managed credentials',
    summary: 'Delete a managed key',
    description: 'Deletes the stored key. Nothing is called at the provider.',
  },
  createOAuthState: {
    tag: 'OAuth states',
    summary: 'Create an OAuth state',
    description:
      'For an application that runs its own code exchange: a one-time state token, and the PKCE challenge (RFC 7636) of a ' +
      'verifier that the service keeps until the state is consumed.',
  },
  consumeOAuthState: {
    tag: 'OAuth states',
    summary: 'Consume an OAuth state',
    description:
      'Answers what the state was created with, and the PKCE verifier. Works once per state; a request that names another ' +
      'user or provider leaves the state usable.',
  },
  createConnectLink: {
    tag: 'Connect links',
    summary: 'Make a connect link',
    description:
      'Answers the URL of the connect page for this user, with a token in its fragment. Send it to the user and to no one else: ' +
      'the first browser that opens it holds it. A link without `manage` is used up by its first success; what it presets, its ' +
      'user cannot change.',
  },
  getLink: {
    tag: 'Connect links',
    summary: 'Get what a link allows',
    description:
      'For the page: what can be connected by this link, what it presets and, with `manage`, what is stored.',
  },
  getHealth: {
    tag: 'Health',
    summary: 'Check that the service answers',
    description: 'Served by a function of its own without any right: it says that the service can be reached.',
  },
  getConnectPage: {
    tag: 'Connect links',
    summary: 'Get the connect page',
    description:
      'The page that a connect link opens, where a person connects and manages accounts. It is the same for everybody: the token of ' +
      'the link is in the fragment, which no browser sends. After the OAuth callback the browser comes back to it with `state` and ' +
      '`receipt`, or `error`.',
  },
  getClientMetadata: {
    tag: 'Connections',
    summary: 'Get the client metadata document',
    description:
      'This deployment as an OAuth client (draft-ietf-oauth-client-id-metadata-document). Its URL is the `client_id` at authorization ' +
      'servers that accept one, so that nothing is registered there. It may be cached.',
  },
  listProviders: {
    tag: 'Providers',
    summary: 'List providers',
    description: 'All providers a user can store a key for or connect to, in order of their names.',
  },
  getMyCredential: {
    tag: 'Credentials',
    summary: 'Get a credential',
    description: 'The answer never contains a secret.',
  },
};

const BY_LINK =
  'Within what the link allows. The first stored credential uses up a link without `manage`, and renaming and deleting need one with it.';

/** Summary and description of an operation. */
export const describeOperation = (id: RouteId): OperationText => {
  if (id in descriptions) return descriptions[id as Described];
  const twin = descriptions[id.replace(/My|Link/, '') as Described];
  return id.includes('Link') ? { ...twin, tag: 'Connect links', description: `${twin.description} ${BY_LINK}` } : twin;
};
