// The credential routes that both planes have: what differs is only who asks and what may be sent.
import type { StoredCredential } from '../../lib/domain/credential/credential.ts';
import { viewStored } from '../../lib/domain/credential/credential-view.ts';
import type { NewCredential } from '../../lib/domain/credential/new-credential.ts';
import type { Deps } from '../../lib/domain/ports/deps.ts';
import { encodeUserSegment } from '../../lib/domain/values/user-path.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { addCredential } from '../../lib/operations/credential/add-credential.ts';
import { deleteCredential } from '../../lib/operations/credential/delete-credential.ts';
import { listCredentials } from '../../lib/operations/credential/list-credentials.ts';
import { renameCredential } from '../../lib/operations/credential/rename-credential.ts';
import { replaceCredential } from '../../lib/operations/credential/replace-credential.ts';

interface Asked {
  userId: string;
  expectedVersion: number | undefined;
}
type Changing = Pick<Deps, 'users' | 'sealer' | 'clock' | 'random' | 'sleep' | 'limits'>;

/** The version after a write is known only to who named the one before it. */
export const nextVersion = (expectedVersion: number | undefined): number | undefined =>
  expectedVersion === undefined ? undefined : expectedVersion + 1;

const stored = (deps: Changing, credential: StoredCredential, { expectedVersion }: Asked): HandlerResult => ({
  status: 200,
  body: viewStored(credential, deps.clock.now()),
  version: nextVersion(expectedVersion),
});

export const list =
  (deps: Pick<Deps, 'users' | 'systemDirectory' | 'clock'>) =>
  async (asked: { userId: string; query: { provider?: string | undefined } }): Promise<HandlerResult> => {
    const found = await listCredentials(deps, { userId: asked.userId, provider: asked.query.provider });
    return { status: 200, body: found, version: found.version };
  };

/** `place` gives the path of the collection, for Location. */
export const add =
  (deps: Changing, place: (userId: string) => string) =>
  async (asked: Asked & { body: NewCredential }): Promise<HandlerResult> => {
    const { userId, body: credential, expectedVersion } = asked;
    const added = await addCredential(deps, { userId, credential, expectedVersion });
    const location = `${place(userId)}/${encodeURIComponent(added.id)}`;
    return { ...stored(deps, added, asked), status: 201, headers: { location } };
  };

export const replace =
  (deps: Changing) =>
  async (asked: Asked & { params: { id: string }; body: NewCredential }): Promise<HandlerResult> => {
    const { userId, params, body: credential, expectedVersion } = asked;
    return stored(deps, await replaceCredential(deps, { userId, id: params.id, credential, expectedVersion }), asked);
  };

export const rename =
  (deps: Changing) =>
  async (asked: Asked & { params: { id: string }; body: { title: string } }): Promise<HandlerResult> => {
    const { userId, params, body, expectedVersion } = asked;
    const request = { userId, id: params.id, title: body.title, expectedVersion };
    return stored(deps, await renameCredential(deps, request), asked);
  };

export const remove =
  (deps: Changing & Pick<Deps, 'providers' | 'oauth'>) =>
  async ({ userId, params, expectedVersion }: Asked & { params: { id: string } }): Promise<HandlerResult> => {
    const body = await deleteCredential(deps, { userId, id: params.id, expectedVersion });
    return { status: 200, body, version: nextVersion(expectedVersion) };
  };

export const myPlace = (): string => '/v1/me/credentials';
export const userPlace = (userId: string): string => `/v1/users/${encodeUserSegment(userId)}/credentials`;
