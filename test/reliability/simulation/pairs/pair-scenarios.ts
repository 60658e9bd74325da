// The scenarios that are enumerated: the state before, a call that crashes, and the call that follows. They cover every
// pair of operations on one user where one could affect the other.

import type { ProviderKind } from '../../../support/memory/token-provider.ts';
import type { Call } from '../trace/call.ts';
import type { Request } from '../workload/request.ts';

/** Makes a request from the answers so far. */
export type Step = (past: Past) => Request;

interface Past {
  calls: readonly Call[];
  signIn: () => { accessToken: string; refreshToken: string; expiresAt: number };
  now: () => number;
}

export interface PairScenario {
  before: readonly Step[];
  first: Step;
  second: Step;
  /** Milliseconds between them: by default longer than a lease and a token's lifetime. */
  between?: number;
  providerKind?: ProviderKind;
}

const userId = 'ann';

const key =
  (kind: 'add' | 'replace', id: string, text: string, expectedVersion?: number): Step =>
  () =>
    ({
      kind,
      userId,
      id,
      item: { id: kind === 'add' ? id : undefined, oauth: false, key: text },
      expectedVersion,
    }) as Request;
const remove =
  (id: string): Step =>
  () => ({ kind: 'delete', userId, id });
const erase: Step = () => ({ kind: 'erase', userId });
const rename: Step = () => ({ kind: 'rename', userId, id: 'a', title: 'renamed' });
const edit =
  (expectedVersion: number): Step =>
  () => ({
    kind: 'edit',
    userId,
    expectedVersion,
    put: [{ id: 'b', oauth: false, key: `edited-${expectedVersion}` }],
    remove: ['a'],
  });
const managed =
  (kind: 'putManaged' | 'deleteManaged'): Step =>
  () =>
    ({ kind, userId, provider: 'ayrshare', secret: 'managed' }) as Request;
const create: Step = () => ({ kind: 'createState', userId, provider: 'github', scopes: ['s'] });
const consume: Step = ({ calls }) => {
  const created = calls.find(({ request, outcome }) => request.kind === 'createState' && outcome.kind === 'ok');
  const { token } = (created?.outcome as { value: { token: string } } | undefined)?.value ?? { token: 'none' };
  return { kind: 'consume', userId, provider: 'github', token };
};
const signIn =
  (kind: 'add' | 'replace'): Step =>
  ({ signIn: tokens, now }) => {
    const { accessToken, refreshToken } = tokens();
    const item = { oauth: true, provider: 'acme', key: accessToken, refresh: refreshToken, expiresAt: now() + 1_000 };
    return { kind, userId, id: 'g', item: { ...item, id: kind === 'add' ? 'g' : undefined } } as Request;
  };
const resolve: Step = () => ({ kind: 'resolve', userId, provider: 'acme', minTtlSeconds: 300 });
/** Of a token that is due and valid for minutes. */
const signInForMinutes: Step = (past) => {
  const request = signIn('add')(past) as Extract<Request, { kind: 'add' }>;
  return { ...request, item: { ...request.item, expiresAt: past.now() + 250_000 } };
};
const resolveDue: Step = () => ({ kind: 'resolve', userId, provider: 'acme', minTtlSeconds: 249 });
const sweep: Step = () => ({ kind: 'sweep', userId });

const storeScenarios: Readonly<Record<string, PairScenario>> = {
  'add, add of the same id': { before: [], first: key('add', 'a', '1'), second: key('add', 'a', '2') },
  'add, delete': { before: [], first: key('add', 'a', '1'), second: remove('a') },
  'replace, replace': {
    before: [key('add', 'a', '1')],
    first: key('replace', 'a', '2'),
    second: key('replace', 'a', '3', 1),
  },
  'rename, replace': { before: [key('add', 'a', '1')], first: rename, second: key('replace', 'a', '2') },
  'delete, add of the same id': { before: [key('add', 'a', '1')], first: remove('a'), second: key('add', 'a', '2') },
  'edit, edit at the same version': { before: [key('add', 'a', '1')], first: edit(1), second: edit(1) },
  'erase, add': { before: [key('add', 'a', '1')], first: erase, second: key('add', 'b', '2') },
  'erase, erase': { before: [key('add', 'a', '1'), managed('putManaged')], first: erase, second: erase },
  'managed key stored, deleted': { before: [], first: managed('putManaged'), second: managed('deleteManaged') },
  'state created, created': { before: [], first: create, second: create, between: 0 },
  'state consumed, consumed': { before: [create], first: consume, second: consume, between: 0 },
  'erase, state consumed': { before: [create], first: erase, second: consume, between: 0 },
};

const refreshScenarios: Readonly<Record<string, PairScenario>> = {
  'resolve, resolve': { before: [signIn('add')], first: resolve, second: resolve },
  'resolve, resolve at once after it': { before: [signIn('add')], first: resolve, second: resolve, between: 2_000 },
  'handed over, resolve': { before: [signInForMinutes], first: resolveDue, second: resolveDue, between: 14_000 },
  'handed over, resolve after its end': {
    before: [signInForMinutes],
    first: resolveDue,
    second: resolve,
    between: 250_000,
  },
  'handed over, delete': { before: [signInForMinutes], first: resolveDue, second: remove('g'), between: 100 },
  'resolve, sweep': { before: [signIn('add'), resolve], first: resolve, second: sweep },
  'sweep, resolve': { before: [signIn('add'), resolve], first: sweep, second: resolve },
  'resolve, replace': { before: [signIn('add')], first: resolve, second: signIn('replace') },
  'replace, resolve': { before: [signIn('add')], first: signIn('replace'), second: resolve },
  'resolve, delete': { before: [signIn('add')], first: resolve, second: remove('g') },
  'delete, resolve': { before: [signIn('add')], first: remove('g'), second: resolve },
  'resolve, erase': { before: [signIn('add')], first: resolve, second: erase },
  'erase, resolve': { before: [signIn('add')], first: erase, second: resolve },
};

/** By name; scenarios with grants exist for each kind of provider. */
export const pairScenarios: readonly [string, PairScenario][] = [
  ...Object.entries(storeScenarios),
  ...(['strict', 'grace', 'static'] as const).flatMap((providerKind) =>
    Object.entries(refreshScenarios).map(([name, scenario]): [string, PairScenario] => [
      `${name} (${providerKind})`,
      { ...scenario, providerKind },
    ]),
  ),
];
