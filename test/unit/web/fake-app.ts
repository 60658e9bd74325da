// The page without a browser: a scripted link plane, a storage in memory, and a clock that waits in no time.
import { vi } from 'vitest';
import type { LinkApi } from '../../../web/app/logic/api.ts';
import { type App, makeApp } from '../../../web/app/logic/app.ts';
import type { Link } from '../../../web/app/logic/contract.ts';
import type { Model } from '../../../web/app/logic/model.ts';
import type { Problem, Result } from '../../../web/app/logic/problem.ts';
import { openSession } from '../../../web/app/logic/session.ts';
import { makeLinkPlane } from '../../support/browser/fake-link-plane.ts';
import { memoryStorage } from './memory-storage.ts';

type Answers = { [K in keyof LinkApi]?: Awaited<ReturnType<LinkApi[K]>> | Awaited<ReturnType<LinkApi[K]>>[] };

export const ok = <T>(value: T): Result<T> => ({ kind: 'ok', value });
export const refused = (code: string, more: Partial<Problem> = {}): { kind: 'problem'; problem: Problem } => ({
  kind: 'problem',
  problem: { code, ...more },
});

export const NO_PRESET = { provider: null, mcpServerUrl: null, credentialId: null, scopes: null, variables: null };

interface Given {
  hash?: string;
  search?: string;
  storage?: ReturnType<typeof memoryStorage>;
}

/** `answers`: of each call; a list is answered one by one, its last entry again and again. A call without an answer fails the test. */
export const fakeApp = (
  answers: Answers = {},
  { hash = '#tok', search = '', storage = memoryStorage() }: Given = {},
) => {
  const calls: [string, unknown][] = [];
  const api = new Proxy({} as LinkApi, {
    get: (_, name: keyof LinkApi) => async (body: unknown) => {
      calls.push([name, body]);
      const answer = answers[name];
      if (!answer) throw new Error(`unexpected call of ${name}`);
      return Array.isArray(answer) ? (answer.length > 1 ? answer.shift() : answer[0]) : answer;
    },
  });
  const leave = vi.fn();
  let time = 1_893_456_000_000;
  let ids = 0;
  const waits: number[] = [];
  const app: App = makeApp({
    api,
    session: openSession(storage, { hash, search }),
    pageUrl: 'https://k.example.com/connect',
    leave,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      time += milliseconds;
    },
    now: () => time,
    newId: () => `id-${++ids}`,
  });
  const views: Model['view'][] = [];
  app.subscribe(({ view }) => views.push(view));
  return { app, calls, leave, waits, views, storage, view: () => app.get().view };
};

export const link = (given: Partial<Link> = {}): Result<Link> => ok({ ...makeLinkPlane().link, ...given });
