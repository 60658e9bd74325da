// Makes up the next request of a client, out of what clients have learned so far and a little ignorance.
import type { Dice } from '../world/dice.ts';
import { ACME, type NewItem, providerOf, type Request, type RequestKind } from './request.ts';
import { playsGrants, requestWeights, type Scenario, type Theme } from './scenario.ts';

export interface Knowledge {
  /** Tokens of OAuth states, with whom and what they are for. */
  tokens: { token: string; userId: string; provider: string }[];
  /** Ids that the service gave out. */
  ids: string[];
  /** The newest version seen, by user. */
  versions: Map<string, number>;
  /** Numbers the secrets and titles. */
  written: number;
  signIn: SignIn;
}

/** The tokens of a new sign-in at the provider of grants. */
type SignIn = () => { accessToken: string; refreshToken: string; expiresAt: number };

export const nothingKnown = (signIn: SignIn): Knowledge => ({
  tokens: [],
  ids: [],
  versions: new Map(),
  written: 0,
  signIn,
});

interface Inventing {
  dice: Dice;
  knowledge: Knowledge;
  userId: string;
  theme: Theme;
}

const STATE_PROVIDERS = ['github', 'google'] as const;
const MANAGED_PROVIDER = 'ayrshare';
const UNKNOWN_TOKEN = 'x'.repeat(43);

/** The one grant of a user that is refreshed. */
const GRANT = 'g';

const someId = ({ dice, knowledge, theme }: Inventing): string =>
  playsGrants(theme) ? GRANT : dice.pick(['a', 'a', 'b', 'o', ...knowledge.ids.slice(-2)]);

const isOauthId = (id: string | undefined) => id === 'o';

/** One that keeps the stored refresh token brings an access token alone. */
const newGrant = (
  { dice, knowledge }: Inventing,
  { number, keepsToken }: { number: number; keepsToken: boolean },
): NewItem => {
  const { accessToken, refreshToken, expiresAt } = knowledge.signIn();
  const title = dice.chance(0.7) ? `title-${number}` : undefined;
  return {
    id: GRANT,
    oauth: true,
    provider: ACME,
    key: accessToken,
    refresh: keepsToken ? undefined : refreshToken,
    expiresAt,
    title,
  };
};

const newItem = (inventing: Inventing, id: string | undefined): NewItem => {
  const { dice, knowledge } = inventing;
  const number = ++knowledge.written;
  if (id === GRANT) return newGrant(inventing, { number, keepsToken: false });
  const oauth = isOauthId(id);
  return {
    id,
    oauth,
    key: `key-${number}`,
    refresh: oauth && dice.chance(0.5) ? `refresh-${number}` : undefined,
    title: dice.chance(0.7) ? `title-${number}` : undefined,
  };
};

const replacement = (inventing: Inventing, id: string): NewItem =>
  id === GRANT && inventing.dice.chance(0.4)
    ? newGrant(inventing, { number: ++inventing.knowledge.written, keepsToken: true })
    : newItem(inventing, id);

const seenVersion = ({ dice, knowledge, userId }: Inventing): number =>
  (knowledge.versions.get(userId) ?? 0) + (dice.chance(0.1) ? 1 : 0);

const edit = (inventing: Inventing) => {
  const { dice, userId } = inventing;
  const ids = ['a', 'b', 'o', undefined].filter(() => dice.chance(0.5));
  const removes = (id: string | undefined): id is string => id !== undefined && dice.chance(0.3);
  const remove = ids.filter(removes);
  const put = ids.filter((id) => id === undefined || !remove.includes(id)).map((id) => newItem(inventing, id));
  return { kind: 'edit' as const, userId, put, remove, expectedVersion: seenVersion(inventing) };
};

const consume = ({ dice, knowledge, userId }: Inventing, users: readonly string[]) => {
  const known = dice.chance(0.03) ? undefined : dice.pick(knowledge.tokens.slice(-2));
  const right = known ?? { userId, provider: 'github', token: UNKNOWN_TOKEN };
  return {
    kind: 'consume' as const,
    userId: dice.chance(0.1) ? dice.pick([...users, 'eve']) : right.userId,
    provider: dice.chance(0.1) ? dice.pick(STATE_PROVIDERS) : right.provider,
    token: right.token,
  };
};

const resolve = ({ dice, userId, theme }: Inventing): Request => {
  const kind = 'resolve';
  if (!playsGrants(theme)) return { kind, userId, provider: providerOf({ oauth: dice.chance(0.4) }) };
  return { kind, userId, provider: ACME, minTtlSeconds: dice.pick([0, 300, 86_400]) };
};

const bodyOf = (kind: RequestKind, inventing: Inventing, users: readonly string[]): Request => {
  const { dice, userId, knowledge } = inventing;
  const id = someId(inventing);
  switch (kind) {
    case 'add':
      return { kind, userId, item: newItem(inventing, id === GRANT || dice.chance(0.75) ? id : undefined) };
    case 'replace':
      return { kind, userId, id, item: { ...replacement(inventing, id), id: undefined } };
    case 'rename':
      return { kind, userId, id, title: `title-${++knowledge.written}` };
    case 'edit':
      return edit(inventing);
    case 'putManaged':
      return { kind, userId, provider: MANAGED_PROVIDER, secret: `secret-${++knowledge.written}` };
    case 'getManaged':
    case 'deleteManaged':
      return { kind, userId, provider: MANAGED_PROVIDER };
    case 'resolve':
      return resolve(inventing);
    case 'createState':
      return { kind, userId, provider: dice.pick(STATE_PROVIDERS), scopes: [`scope-${++knowledge.written}`] };
    case 'consume':
      return consume(inventing, users);
    case 'get':
    case 'delete':
      return { kind, userId, id };
    default:
      return { kind, userId };
  }
};

const CONDITIONAL: ReadonlySet<RequestKind> = new Set([
  'add',
  'replace',
  'rename',
  'delete',
  'putManaged',
  'deleteManaged',
  'erase',
]);

/** Nothing can be consumed before it is created, nor refreshed before anybody has signed in. */
const firstOfAll = (wanted: RequestKind, theme: Theme, { tokens, written }: Knowledge): RequestKind => {
  if (playsGrants(theme) && written === 0) return 'add';
  return wanted === 'consume' && tokens.length === 0 ? 'createState' : wanted;
};

export const inventRequest = (dice: Dice, { theme, users }: Scenario, knowledge: Knowledge): Request => {
  const inventing = { dice, knowledge, theme, userId: dice.pick(users) };
  const wanted: RequestKind = dice.weighted(requestWeights(theme));
  const kind = firstOfAll(wanted, theme, knowledge);
  const request = bodyOf(kind, inventing, users);
  const isConditional = CONDITIONAL.has(kind) && dice.chance(0.3);
  return isConditional ? ({ ...request, expectedVersion: seenVersion(inventing) } as Request) : request;
};
