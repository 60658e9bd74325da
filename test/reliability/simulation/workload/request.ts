// The requests of a client as plain data, so that a run can be logged and checked without looking into an operation.
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';

import type { ConnectRequest } from '../connect/connect-requests.ts';
import type { ByLink, MakeLink } from '../link/link-requests.ts';

/** The provider whose grants can be refreshed. */
export const ACME = 'acme';

/** A credential to store. `key` and `title` differ in every request, so that mixed writes are visible. */
export interface NewItem {
  id?: string | undefined;
  oauth: boolean;
  /** Set for a grant that can be refreshed: `key` and `refresh` are then tokens of a sign-in. */
  provider?: typeof ACME | undefined;
  expiresAt?: number | undefined;
  key: string;
  /** Only with `oauth`: it has one scope more than the others. */
  wide?: boolean | undefined;
  /** Only with `oauth`; when omitted, the stored refresh token is kept. */
  refresh?: string | undefined;
  title?: string | undefined;
}

interface Conditional {
  userId: string;
  expectedVersion?: number | undefined;
}

export type WriteRequest =
  | (Conditional & { kind: 'add'; item: NewItem; byLink?: ByLink })
  | (Conditional & { kind: 'replace'; id: string; item: NewItem })
  | (Conditional & { kind: 'rename'; id: string; title: string })
  | (Conditional & { kind: 'delete'; id: string })
  | (Conditional & { kind: 'edit'; put: NewItem[]; remove: string[]; expectedVersion: number })
  | (Conditional & { kind: 'putManaged'; provider: string; secret: string })
  | (Conditional & { kind: 'deleteManaged'; provider: string });

export type EraseRequest = Conditional & { kind: 'erase' };

export type ReadRequest =
  | { kind: 'list'; userId: string }
  | { kind: 'get'; userId: string; id: string }
  | {
      kind: 'resolve';
      userId: string;
      provider: string;
      minTtlSeconds?: number;
      scopes?: string[];
      /** The `tokenRef` of an earlier answer, reported as refused. */
      refusedTokenRef?: string;
    }
  | { kind: 'getManaged'; userId: string; provider: string };

export type StateRequest =
  | { kind: 'createState'; userId: string; provider: string; scopes: string[] }
  | { kind: 'consume'; userId: string; provider: string; token: string };

/** A request that concerns no user. */
export type ScheduledRequest = { kind: 'publish' | 'sweep'; userId: string };

/** Of a call that handed it over; no client makes it. */
export type RefreshRequest = { kind: 'refresh'; userId: string; id: string; secretRev: string };

export type Request =
  | WriteRequest
  | EraseRequest
  | ReadRequest
  | StateRequest
  | ScheduledRequest
  | ConnectRequest
  | MakeLink
  | RefreshRequest;
export type RequestKind = Request['kind'];
/** Those that a client may make. */
export type ClientRequestKind = Exclude<RequestKind, 'refresh'>;

const WRITES: ReadonlySet<string> = new Set<WriteRequest['kind']>([
  'add',
  'replace',
  'rename',
  'delete',
  'edit',
  'putManaged',
  'deleteManaged',
]);

export const isWrite = (request: Request): request is WriteRequest => WRITES.has(request.kind);

export const getProvider = (item: Pick<NewItem, 'oauth' | 'provider'>): string =>
  item.provider ?? (item.oauth ? 'google' : 'github');

const MAIL = 'mail';

/** The scopes of a credential with `wide`; the others have the first only. */
export const WIDE_SCOPES = [MAIL, 'files'];

export const newCredential = ({
  id,
  oauth,
  key,
  refresh,
  title,
  provider,
  expiresAt,
  wide,
}: NewItem): NewCredential => {
  if (!oauth) return { type: 'api_key', provider: 'github', id, title, apiKey: key };
  const tokens = { accessToken: key, refreshToken: refresh, accessTokenExpiresAt: expiresAt };
  return { type: 'oauth2', provider: provider ?? 'google', id, title, ...tokens, scopes: wide ? WIDE_SCOPES : [MAIL] };
};
