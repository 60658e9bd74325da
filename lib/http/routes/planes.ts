// The planes that offer the same routes to different callers. A plane is data: where its routes begin, which functions serve
// them, and where they differ. A new plane is a new object here, one line in routes.ts and a function file.
import { CredentialView } from '../../domain/credential/credential-view.ts';
import { NewCredential, NewStaticCredential } from '../../domain/credential/new-credential.ts';
import type { ErrorCode } from '../../domain/values/service-error.ts';
import { Credential } from '../schemas/credentials.ts';
import {
  LIST_FOR_WORKER,
  READ_SECRET,
  READ_VIEWS,
  STORE_AND_OPEN,
  STORE_AS_USER,
  STORE_FOR_WORKER,
} from './capabilities.ts';
import type { Capability, FunctionName, Plane, Schema } from './route.ts';

/** What differs between the planes that serve credentials and connections. */
export interface PlaneSettings {
  plane: Plane;
  /** The path before `/credentials` and `/connections`. */
  base: string;
  /** Follows the verb in operation ids: `My` makes `listMyCredentials`. */
  owner: string;
  /** The function of credentials. */
  credentialFunction: FunctionName;
  /** The function that starts connections. It opens no stored secret and refreshes nothing. */
  startFunction: FunctionName;
  /** The function of everything else that needs an OAuth client. */
  connectFunction: FunctionName;
  /** What may be stored, and what reading one credential answers. */
  newCredential: Schema;
  credential: Schema;
  listCapabilities: readonly Capability[];
  readCapabilities: readonly Capability[];
  addCapabilities: readonly Capability[];
  replaceCapabilities: readonly Capability[];
  /** Codes that only this plane answers. */
  readErrors: readonly ErrorCode[];
  replaceErrors: readonly ErrorCode[];
}

/** An end user and their own credentials: views only, and no OAuth tokens in requests. */
export const USER_PLANE = {
  plane: 'user',
  base: '/v1/me',
  owner: 'My',
  credentialFunction: 'user-api',
  startFunction: 'start-api',
  connectFunction: 'connect-api',
  newCredential: NewStaticCredential,
  credential: CredentialView,
  listCapabilities: READ_VIEWS,
  readCapabilities: READ_VIEWS,
  addCapabilities: STORE_AS_USER,
  replaceCapabilities: STORE_AS_USER,
  readErrors: [],
  replaceErrors: [],
} as const satisfies PlaneSettings;

const makeLinkPlane = () =>
  ({
    ...USER_PLANE,
    plane: 'link',
    base: '/v1/link',
    owner: 'Link',
    credentialFunction: 'link-api',
    startFunction: 'link-start-api',
    connectFunction: 'link-connect-api',
  }) as const satisfies PlaneSettings;

/**
 * The browser that holds a connect link: as a user, within what the link allows. A call without effects, so that a bundle of another
 * plane leaves it out: esbuild keeps a spread, which could have some.
 */
export const LINK_PLANE = /* @__PURE__ */ makeLinkPlane();

/** A trusted worker and the credentials of any user, secrets included. */
export const RUNTIME_PLANE = {
  plane: 'runtime',
  base: '/v1/users/{userId}',
  owner: '',
  credentialFunction: 'runtime-api',
  startFunction: 'runtime-start-api',
  connectFunction: 'runtime-api',
  newCredential: NewCredential,
  credential: Credential,
  listCapabilities: LIST_FOR_WORKER,
  readCapabilities: READ_SECRET,
  addCapabilities: STORE_FOR_WORKER,
  replaceCapabilities: STORE_AND_OPEN,
  readErrors: ['credential_unreadable'],
  replaceErrors: ['scopes_narrowed'],
} as const satisfies PlaneSettings;

type Verb = 'list' | 'add' | 'get' | 'replace' | 'rename' | 'delete' | 'start' | 'complete' | 'poll' | 'check';

type Owned<Name, Owner extends string, V extends string = Verb> = V extends V
  ? Name extends `${V}${infer Noun}`
    ? `${V}${Owner}${Noun}`
    : never
  : never;

/** Routes or handlers under the names of one plane. */
export type NamedFor<Owner extends string, T> = { [K in keyof T as Owned<K, Owner>]: T[K] };

/** Puts the owner after the verb of each name, in routes and in handlers: `addCredential` → `addMyCredential`. */
export const nameFor = <const Owner extends string, T extends object>(
  { owner }: { owner: Owner },
  named: T,
): NamedFor<Owner, T> =>
  Object.fromEntries(
    Object.entries(named).map(([name, value]) => [name.replace(/^[a-z]+/, `$&${owner}`), value]),
  ) as NamedFor<Owner, T>;
