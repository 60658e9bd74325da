// What the named requests and answers are, by the id of their schema. Apart from the schemas, which are part of every function's
// bundle; schemas of the domain carry their own description.
import * as z from 'zod';

const descriptions: Readonly<Record<string, string>> = {
  ResolveRequest: 'The call the credential is for. At least one of `provider`, `credentialId` and `url`.',
  ResolvedCredential: 'A credential that works now, and how to send it.',
  CredentialEdit: 'Changes to make together: `put` and `delete` hold at most 99 entries in all, each id once.',
  EditedUser: 'The edit was made.',
  ErasedUser: 'What was erased. A repeated request counts only what it deleted itself.',
  SystemCredentialList: 'The credentials of the operator.',
  Credential: 'A credential with its secret.',
  CredentialTitle: 'A new title.',
  CredentialList: 'The credentials of a user and those of the operator.',
  DeletedCredential: 'What was revoked at the provider before the credential was deleted.',
  CheckResult: 'What the provider says of a credential.',
  NoBody: 'An empty object; it may be left out.',
  Health: 'The service answers.',
  NewConnectLink: 'A connect link to make.',
  ConnectLink: 'A connect link.',
  LinkView: 'What a link allows.',
  ProviderList: 'The providers of this deployment.',
  NewConnection: 'An OAuth connection to start.',
  StartedConnection: 'A started OAuth connection.',
  ReceiptCompletion: 'Completes a connection that came back to the callback.',
  CodeCompletion: 'Completes a connection that came back to `callbackUrl`.',
  ConnectionCompletion: 'What the browser of the user brought back.',
  CallbackForm: 'What a provider lets the browser post.',
  CallbackPage: 'An HTML page. A receipt, if there is one, is the text of the element with the id `receipt`.',
  ConnectPage: 'The page, as one HTML document. Sent with gzip to a browser that takes it.',
  ClientMetadataDocument: 'This deployment as an OAuth client.',
  NewDeviceConnection: 'A device connection to start.',
  StartedDeviceConnection: 'A started device connection (RFC 8628 §3.2).',
  DeviceConnectionPoll: 'The device connection to ask about.',
  DeviceConnectionStatus: 'How far a device connection is.',
  NewOAuthState: 'An OAuth state to create.',
  CreatedOAuthState: 'A state and a PKCE challenge, to send to the provider.',
  OAuthStateToken: 'The state to consume.',
  ConsumedOAuthState: 'What was kept under a state.',
  ImportRequest: 'A document of one user to import.',
  ImportReport: 'What became of each entry of the document.',
  SkippedEntry: 'An entry that was not stored.',
  ExportedCredential: 'A credential with all that is stored of it.',
  ExportedManagedKey: 'A managed key with its secret.',
  ExportedTokens: 'The secret of an `oauth2` credential, with all that a refresh needs.',
  ExportedUser: 'A page of an export. It is also a document to import.',
  ManagedSecret: 'A managed key to store.',
  ManagedCredential: 'A managed key.',
};

/** The description of a schema; undefined for one that has none. */
export const describeSchema = (schema: z.core.$ZodType): string | undefined => {
  const { id = '', description } = z.globalRegistry.get(schema) ?? {};
  return description ?? descriptions[id];
};
