// Generates the next request of a client from what clients know so far, with some wrong values.
import { type ConnectKind, isConnectRequest } from '../connect/connect-requests.ts';
import { type ConnectKnowledge, createConnectKnowledge, generateConnect } from '../connect/generate-connect.ts';
import type { Environment } from '../environment/environment.ts';
import type { Prng } from '../environment/prng.ts';
import { createLinkKnowledge, generateByLink, generateMakeLink, type LinkKnowledge } from '../link/generate-link.ts';
import { ACME, type ClientRequestKind, getProvider, type NewItem, type Request, WIDE_SCOPES } from './request.ts';
import { requestWeights, type Scenario, usesConnect, usesRefresh, type Workload } from './scenario.ts';

export interface Knowledge {
  /** Tokens of OAuth states, each with its user and provider. */
  tokens: { token: string; userId: string; provider: string }[];
  /** Ids the service answered. */
  ids: string[];
  /** The newest version seen, by user. */
  versions: Map<string, number>;
  /** Names of tokens that resolve answered, the newest last. */
  tokenRefs: { userId: string; tokenRef: string }[];
  /** Numbers the secrets and titles. */
  written: number;
  signIn: SignIn;
  connect: ConnectKnowledge;
  link: LinkKnowledge;
}

/** The tokens of a new sign-in at the OAuth provider. */
type SignIn = () => { accessToken: string; refreshToken: string; expiresAt: number };

export const createKnowledge = (signIn: SignIn): Knowledge => ({
  tokens: [],
  ids: [],
  versions: new Map(),
  tokenRefs: [],
  written: 0,
  signIn,
  connect: createConnectKnowledge(),
  link: createLinkKnowledge(),
});

interface GeneratorContext {
  prng: Prng;
  knowledge: Knowledge;
  userId: string;
  workload: Workload;
}

const STATE_PROVIDERS = ['github', 'google'] as const;
const MANAGED_PROVIDER = 'ayrshare';
const UNKNOWN_TOKEN = 'x'.repeat(43);

/** The one grant of a user that can be refreshed. */
const GRANT = 'g';

const someId = ({ prng, knowledge, workload }: GeneratorContext): string =>
  usesConnect(workload)
    ? prng.pick(knowledge.ids.length > 0 ? knowledge.ids : [GRANT])
    : usesRefresh(workload)
      ? GRANT
      : prng.pick(['a', 'a', 'b', 'o', WIDE, ...knowledge.ids.slice(-2)]);

/** Has one scope more than `o`. */
const WIDE = 'w';

const isOauthId = (id: string | undefined) => id === 'o' || id === WIDE;

/** A replacement that keeps the stored refresh token contains an access token only. */
const newGrant = (
  { prng, knowledge }: GeneratorContext,
  { number, keepsToken }: { number: number; keepsToken: boolean },
): NewItem => {
  const { accessToken, refreshToken, expiresAt } = knowledge.signIn();
  const title = prng.chance(0.7) ? `title-${number}` : undefined;
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

const newItem = (context: GeneratorContext, id: string | undefined): NewItem => {
  const { prng, knowledge, workload } = context;
  const number = ++knowledge.written;
  if (id === GRANT || usesConnect(workload)) return newGrant(context, { number, keepsToken: false });
  const oauth = isOauthId(id);
  return {
    id,
    oauth,
    ...(id === WIDE && { wide: true }),
    key: `key-${number}`,
    refresh: oauth && prng.chance(0.5) ? `refresh-${number}` : undefined,
    title: prng.chance(0.7) ? `title-${number}` : undefined,
  };
};

const replacement = (context: GeneratorContext, id: string): NewItem =>
  id === GRANT && context.prng.chance(0.4)
    ? newGrant(context, { number: ++context.knowledge.written, keepsToken: true })
    : newItem(context, id);

const pickExpectedVersion = ({ prng, knowledge, userId }: GeneratorContext): number =>
  (knowledge.versions.get(userId) ?? 0) + (prng.chance(0.1) ? 1 : 0);

const edit = (context: GeneratorContext) => {
  const { prng, userId } = context;
  const ids = ['a', 'b', 'o', WIDE, undefined].filter(() => prng.chance(0.5));
  const removes = (id: string | undefined): id is string => id !== undefined && prng.chance(0.3);
  const remove = ids.filter(removes);
  const put = ids.filter((id) => id === undefined || !remove.includes(id)).map((id) => newItem(context, id));
  return { kind: 'edit' as const, userId, put, remove, expectedVersion: pickExpectedVersion(context) };
};

const consume = ({ prng, knowledge, userId }: GeneratorContext, users: readonly string[]) => {
  const known = prng.chance(0.03) ? undefined : prng.pick(knowledge.tokens.slice(-2));
  const right = known ?? { userId, provider: 'github', token: UNKNOWN_TOKEN };
  return {
    kind: 'consume' as const,
    userId: prng.chance(0.1) ? prng.pick([...users, 'eve']) : right.userId,
    provider: prng.chance(0.1) ? prng.pick(STATE_PROVIDERS) : right.provider,
    token: right.token,
  };
};

/** Of several clients with the newest name, some report it at once; some are late, with an older one. */
const pickRefused = ({ prng, knowledge, userId }: GeneratorContext): string | undefined => {
  const own = knowledge.tokenRefs.filter((known) => known.userId === userId).slice(-3);
  if (own.length === 0 || !prng.chance(0.3)) return undefined;
  return (prng.chance(0.7) ? own.at(-1) : prng.pick(own))?.tokenRef;
};

const resolve = (context: GeneratorContext): Request => {
  const { prng, userId, workload } = context;
  const kind = 'resolve';
  if (!usesRefresh(workload) && !usesConnect(workload)) {
    const oauth = prng.chance(0.4);
    const scopes = oauth && prng.chance(0.7) ? WIDE_SCOPES : [];
    return { kind, userId, provider: getProvider({ oauth }), scopes };
  }
  const minTtlSeconds = prng.pick([0, 300, 86_400]);
  const refusedTokenRef = usesRefresh(workload) ? pickRefused(context) : undefined;
  return { kind, userId, provider: ACME, minTtlSeconds, ...(refusedTokenRef && { refusedTokenRef }) };
};

const generateBody = (
  kind: Exclude<ClientRequestKind, ConnectKind>,
  context: GeneratorContext,
  users: readonly string[],
): Request => {
  const { prng, userId, knowledge } = context;
  const id = someId(context);
  switch (kind) {
    case 'add':
      return { kind, userId, item: newItem(context, id === GRANT || prng.chance(0.75) ? id : undefined) };
    case 'replace':
      return { kind, userId, id, item: { ...replacement(context, id), id: undefined } };
    case 'rename':
      return { kind, userId, id, title: `title-${++knowledge.written}` };
    case 'edit':
      return edit(context);
    case 'makeLink':
      return generateMakeLink(prng, userId);
    case 'putManaged':
      return { kind, userId, provider: MANAGED_PROVIDER, secret: `secret-${++knowledge.written}` };
    case 'getManaged':
    case 'deleteManaged':
      return { kind, userId, provider: MANAGED_PROVIDER };
    case 'resolve':
      return resolve(context);
    case 'createState':
      return { kind, userId, provider: prng.pick(STATE_PROVIDERS), scopes: [`scope-${++knowledge.written}`] };
    case 'consume':
      return consume(context, users);
    case 'get':
    case 'delete':
      return { kind, userId, id };
    default:
      return { kind, userId };
  }
};

const CONDITIONAL: ReadonlySet<ClientRequestKind> = new Set([
  'add',
  'replace',
  'rename',
  'delete',
  'putManaged',
  'deleteManaged',
  'erase',
]);

/** No state can be consumed before one is created, and no grant refreshed before a sign-in. */
const chooseKind = <K extends ClientRequestKind>(
  wanted: K,
  workload: Workload,
  { tokens, written }: Knowledge,
): K | 'add' | 'createState' => {
  if (usesRefresh(workload) && written === 0) return 'add';
  return wanted === 'consume' && tokens.length === 0 ? 'createState' : wanted;
};

const generateDirect = (environment: Environment, { workload, users }: Scenario, knowledge: Knowledge): Request => {
  const { prng } = environment;
  const context = { prng, knowledge, workload, userId: prng.pick(users) };
  const wanted: ClientRequestKind = prng.weighted(requestWeights(workload));
  const asked = { kind: wanted };
  if (isConnectRequest(asked)) {
    const { ids, connect } = knowledge;
    return generateConnect(asked.kind, { environment, knowledge: connect, users, userId: context.userId, ids });
  }
  const kind = chooseKind(wanted as Exclude<ClientRequestKind, ConnectKind>, workload, knowledge);
  const request = generateBody(kind, context, users);
  const isConditional = CONDITIONAL.has(kind) && prng.chance(0.3);
  return isConditional ? ({ ...request, expectedVersion: pickExpectedVersion(context) } as Request) : request;
};

/** The next request. Where the workload is about links, mostly by one. */
export const generateRequest = (environment: Environment, scenario: Scenario, knowledge: Knowledge): Request => {
  const request = generateDirect(environment, scenario, knowledge);
  return scenario.workload === 'linking' ? generateByLink(environment.prng, knowledge.link, request) : request;
};
