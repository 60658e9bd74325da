// Draws the requests of one client before the run, so that faults do not change them. Only what clients learn (the newest
// version, tokens of states) is filled in when a request is made.

import type { Prng } from '../../simulation/environment/prng.ts';
import type { NewItem, Request } from '../../simulation/workload/request.ts';

/** Knowledge shared by all clients, so that they compete for the newest version and tokens. */
export interface Knowledge {
  version: number;
  tokens: { token: string; provider: string }[];
}

/** A request to be completed with the knowledge of the moment. */
export type PlannedRequest = (userId: string, knowledge: Knowledge) => Request;

/** Few, so that clients conflict; `o` is an OAuth credential, whose deletion takes another path. */
export const IDS = ['a', 'b', 'c', 'o'] as const;
const PROVIDERS = ['github', 'google'] as const;

const WEIGHTS = {
  ...{ add: 6, replace: 4, rename: 3, delete: 4, edit: 4 },
  ...{ list: 3, get: 4, resolve: 2, createState: 2, consume: 5 },
};
type Kind = keyof typeof WEIGHTS;

interface Planning {
  prng: Prng;
  /** Unique per request, and part of its keys and titles, so that mixed writes are visible. */
  name: string;
}

const someId = ({ prng }: Planning): string => prng.pick(['a', ...IDS]);

const newItem = ({ prng, name }: Planning, id: string): NewItem & { id: string } => ({
  id,
  oauth: id === 'o',
  key: `key-${name}-${id}`,
  title: prng.chance(0.6) ? `title-${name}-${id}` : undefined,
});

/** The newest known version, or sometimes one that never exists. */
const versionPlan = ({ prng }: Planning): ((knowledge: Knowledge) => number) => {
  const beyond = prng.chance(0.1) ? 1000 : 0;
  return ({ version }) => version + beyond;
};

const editPlan = (planning: Planning): PlannedRequest => {
  const chosen = IDS.filter(() => planning.prng.chance(0.5));
  const remove = chosen.filter(() => planning.prng.chance(0.3));
  const put = chosen.filter((id) => !remove.includes(id)).map((id) => newItem(planning, id));
  const version = versionPlan(planning);
  return (userId, knowledge) => ({ kind: 'edit', userId, put, remove, expectedVersion: version(knowledge) });
};

const createPlan = ({ prng, name }: Planning): PlannedRequest => {
  const provider = prng.pick(PROVIDERS);
  return (userId) => ({ kind: 'createState', userId, provider, scopes: [`scope-${name}`] });
};

const consumePlan = (planning: Planning): PlannedRequest => {
  const { prng } = planning;
  const create = createPlan(planning);
  const [back, wrongProvider, wrongUser] = [1 + prng.below(2), prng.chance(0.1), prng.chance(0.05)];
  return (userId, knowledge) => {
    const found = knowledge.tokens.at(-back) ?? knowledge.tokens.at(-1);
    if (!found) return create(userId, knowledge);
    const provider = wrongProvider ? 'gitlab' : found.provider;
    return { kind: 'consume', userId: wrongUser ? `not-${userId}` : userId, provider, token: found.token };
  };
};

type WritePlans = Record<'add' | 'replace' | 'rename' | 'delete', (userId: string) => Request>;

const writePlan = (kind: keyof WritePlans, planning: Planning): PlannedRequest => {
  const id = someId(planning);
  const item = newItem(planning, id);
  const version = planning.prng.chance(0.4) ? versionPlan(planning) : () => undefined;
  const plans: WritePlans = {
    add: (userId) => ({ kind: 'add', userId, item }),
    replace: (userId) => ({ kind: 'replace', userId, id, item: { ...item, id: undefined } }),
    rename: (userId) => ({ kind: 'rename', userId, id, title: `title-${planning.name}` }),
    delete: (userId) => ({ kind: 'delete', userId, id }),
  };
  return (userId, knowledge) => ({ ...plans[kind](userId), expectedVersion: version(knowledge) }) as Request;
};

const planOne = (planning: Planning): PlannedRequest => {
  const kind = planning.prng.weighted<Kind>(WEIGHTS);
  if (kind === 'edit') return editPlan(planning);
  if (kind === 'createState') return createPlan(planning);
  if (kind === 'consume') return consumePlan(planning);
  if (kind === 'list') return (userId) => ({ kind, userId });
  const id = someId(planning);
  if (kind === 'get') return (userId) => ({ kind, userId, id });
  const provider = planning.prng.pick(PROVIDERS);
  if (kind === 'resolve') return (userId) => ({ kind, userId, provider });
  return writePlan(kind, planning);
};

/** The plan of one client. */
export const planRequests = (prng: Prng, client: number, count: number): PlannedRequest[] =>
  Array.from({ length: count }, (_, index) => planOne({ prng, name: `${client}.${index + 1}` }));
