// What the page reads of the link plane's answers, and what it sends. The contract may say more; the page uses no more than this.

/** A field of a form for a key or a password; `name` is the field of the request. */
export interface Field {
  name: string;
  label: string;
  secret: boolean;
  required: boolean;
}

/** A variable of a provider's addresses, such as a tenant. */
export interface Variable {
  name: string;
  label: string;
  required: boolean;
  oneOf?: readonly string[];
  example?: string;
  default?: string;
}

/** A provider that the link allows. */
export interface Provider {
  provider: string;
  displayName: string;
  authTypes: readonly string[];
  oauth: { configured: boolean; device?: boolean } | null;
  /** By type of credential; a type that nobody types in is absent. */
  fields: Readonly<Record<string, readonly Field[]>>;
  variables: readonly Variable[];
  /** Whether a call is known that tells if a key works. */
  verifiable: boolean;
}

/** A connected account, without its secret. */
export interface Account {
  id: string;
  provider: string | null;
  type: string | null;
  title: string | null;
  source: 'user' | 'system';
  status: 'active' | 'reconnect_required' | 'unreadable';
  reason: string | null;
  username: string | null;
  /** The URL of an MCP server; null for everything else. */
  resource: string | null;
  scopes: readonly string[] | null;
}

/** What the back end chose for its user; each null where it chose nothing. */
export interface Preset {
  provider: string | null;
  mcpServerUrl: string | null;
  credentialId: string | null;
  scopes: readonly string[] | null;
  variables: Readonly<Record<string, string>> | null;
}

/** `GET /v1/link`. */
export interface Link {
  manage: boolean;
  providers: readonly Provider[];
  preset: Preset | null;
  credentials: readonly Account[] | null;
  returnUrl: string | null;
  expiresAt: string;
}

/** A started connection in the browser. */
export interface StartedConnection {
  state: string;
  authorizationUrl: string;
}

/** A started connection by code. `interval` in seconds, `expiresAt` ISO 8601. */
export interface StartedDevice {
  state: string;
  userCode: string;
  verificationUri: string;
  verificationUriComplete?: string;
  interval: number;
  expiresAt: string;
}

/** The answer to a poll. */
export interface DeviceStatus {
  status: 'pending' | 'slow_down' | 'approved' | 'denied' | 'expired';
  credential: Account | null;
}

/** The answer to a check of a key. */
export interface CheckResult {
  result: 'valid' | 'invalid' | 'unknown';
  account: { id: string; name: string | null } | null;
}

/** A key or password as it is sent. */
export interface NewCredential extends Readonly<Record<string, unknown>> {
  type: string;
  provider: string;
  /** Makes the request safe to repeat: a second one is refused with `credential_exists`. */
  id?: string;
}

/** What starts a connection, in the browser or by code. */
export interface NewConnection {
  provider?: string;
  mcpServerUrl?: string;
  credentialId?: string;
  scopes?: readonly string[];
  variables?: Readonly<Record<string, string>>;
}
