// What one client is going to ask, drawn before anything runs, so that the faults of a run change none of it; only what the
// clients have learned by then (the newest version, tokens of states) is filled in when a request is made.
import type { NewItem, Request } from '../../simulation/clients/request.ts';
import type { Dice } from '../../simulation/world/dice.ts';

/** What all clients know together: so they are rivals for what is newest. */
export interface Known {
  version: number;
  tokens: { token: string; provider: string }[];
}

export type Planned = (userId: string, known: Known) => Request;

/** Few, so that clients meet; one is an OAuth grant, whose deletion is another path. */
export const IDS = ['a', 'b', 'c', 'o'] as const;
const PROVIDERS = ['github', 'google'] as const;

const WEIGHTS = {
  ...{ add: 6, replace: 4, rename: 3, delete: 4, edit: 4 },
  ...{ list: 3, get: 4, resolve: 2, createState: 2, consume: 5 },
};
type Kind = keyof typeof WEIGHTS;

interface Planning {
  dice: Dice;
  /** Different for every request, and so are the keys and titles made of it: a mix of two writes shows. */
  name: string;
}

const someId = ({ dice }: Planning): string => dice.pick(['a', ...IDS]);

const newItem = ({ dice, name }: Planning, id: string): NewItem & { id: string } => ({
  id,
  oauth: id === 'o',
  key: `key-${name}-${id}`,
  title: dice.chance(0.6) ? `title-${name}-${id}` : undefined,
});

/** The newest version that was seen, or now and then one that will never be. */
const versionPlan = ({ dice }: Planning): ((known: Known) => number) => {
  const beyond = dice.chance(0.1) ? 1000 : 0;
  return ({ version }) => version + beyond;
};

const editPlan = (planning: Planning): Planned => {
  const chosen = IDS.filter(() => planning.dice.chance(0.5));
  const remove = chosen.filter(() => planning.dice.chance(0.3));
  const put = chosen.filter((id) => !remove.includes(id)).map((id) => newItem(planning, id));
  const version = versionPlan(planning);
  return (userId, known) => ({ kind: 'edit', userId, put, remove, expectedVersion: version(known) });
};

const createPlan = ({ dice, name }: Planning): Planned => {
  const provider = dice.pick(PROVIDERS);
  return (userId) => ({ kind: 'createState', userId, provider, scopes: [`scope-${name}`] });
};

const consumePlan = (planning: Planning): Planned => {
  const { dice } = planning;
  const create = createPlan(planning);
  const [back, wrongProvider, wrongUser] = [1 + dice.below(2), dice.chance(0.1), dice.chance(0.05)];
  return (userId, known) => {
    const found = known.tokens.at(-back) ?? known.tokens.at(-1);
    if (!found) return create(userId, known);
    const provider = wrongProvider ? 'gitlab' : found.provider;
    return { kind: 'consume', userId: wrongUser ? `not-${userId}` : userId, provider, token: found.token };
  };
};

type WritePlans = Record<'add' | 'replace' | 'rename' | 'delete', (userId: string) => Request>;

const writePlan = (kind: keyof WritePlans, planning: Planning): Planned => {
  const id = someId(planning);
  const item = newItem(planning, id);
  const version = planning.dice.chance(0.4) ? versionPlan(planning) : () => undefined;
  const plans: WritePlans = {
    add: (userId) => ({ kind: 'add', userId, item }),
    replace: (userId) => ({ kind: 'replace', userId, id, item: { ...item, id: undefined } }),
    rename: (userId) => ({ kind: 'rename', userId, id, title: `title-${planning.name}` }),
    delete: (userId) => ({ kind: 'delete', userId, id }),
  };
  return (userId, known) => ({ ...plans[kind](userId), expectedVersion: version(known) }) as Request;
};

const planOne = (planning: Planning): Planned => {
  const kind = planning.dice.weighted<Kind>(WEIGHTS);
  if (kind === 'edit') return editPlan(planning);
  if (kind === 'createState') return createPlan(planning);
  if (kind === 'consume') return consumePlan(planning);
  if (kind === 'list') return (userId) => ({ kind, userId });
  const id = someId(planning);
  if (kind === 'get') return (userId) => ({ kind, userId, id });
  const provider = planning.dice.pick(PROVIDERS);
  if (kind === 'resolve') return (userId) => ({ kind, userId, provider });
  return writePlan(kind, planning);
};

export const planRequests = (dice: Dice, client: number, count: number): Planned[] =>
  Array.from({ length: count }, (_, index) => planOne({ dice, name: `${client}.${index + 1}` }));
