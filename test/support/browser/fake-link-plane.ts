// The connect page and a link plane without a server: the page is the answer of its function, the link plane a few lines that follow the
// contract. For states that a real server shows rarely, and for pictures. What the real one does is shown by the suites on it.
import type { BrowserContext, Page, Request, Route } from 'playwright-core';
import { handler } from '../../../functions/connect-page.ts';
import type { Account, Link, NewCredential } from '../../../web/app/logic/contract.ts';
import { fakeAccount, fakeProviders } from './fake-providers.ts';

/** The service's address. It is https, as deployed, and is never called: every request is answered here. */
export const BASE = 'https://keys.example.com';
export const TOKEN = 'dGhlLXRva2VuLW9mLXRoZS1saW5r';
/** A key that the check of the fake accepts, one that it refuses, and one that it knows nothing about. */
export const KEYS = { valid: 'sk-valid-key', invalid: 'sk-invalid-key', unknown: 'sk-unknown-key' };

type Answer = { status: number; json?: unknown; headers?: Record<string, string> };

/** A problem document. */
export const problem = (status: number, code: string, more: object = {}): Answer => ({
  status,
  json: { type: `urn:keyhold:problem:${code}`, title: code, status, code, ...more },
});

/** The fake, which a test changes as it likes. */
export interface FakeLinkPlane {
  link: Link;
  accounts: Account[];
  /** Answers in place of the usual ones, by `METHOD /path` below `/v1/link`; `offline` drops the connection. */
  instead: Map<string, Answer | 'offline'>;
  /** What the polls of a device answer, one after the other; the last one again and again. */
  polls: string[];
  /** Whether the link was used up or has expired. */
  isSpent: boolean;
  /** Every request, as `METHOD /path`, with its body. */
  requests: { key: string; body: Record<string, unknown> }[];
}

export const makeLinkPlane = (link: Partial<Link> = {}, accounts: readonly Account[] = []): FakeLinkPlane => ({
  link: {
    ...{ manage: false, providers: fakeProviders, preset: null, credentials: null },
    ...{ returnUrl: 'https://app.example.com/settings', expiresAt: '2030-01-01T00:30:00.000Z' },
    ...link,
  },
  accounts: [...accounts],
  instead: new Map(),
  polls: ['pending'],
  isSpent: false,
  requests: [],
});

const succeed = (plane: FakeLinkPlane, account: Account): Answer => {
  plane.accounts = [...plane.accounts.filter(({ id }) => id !== account.id), account];
  plane.isSpent = !plane.link.manage;
  return { status: 201, json: account };
};

const checkKey = ({ apiKey }: NewCredential): Answer => {
  const result = { [KEYS.valid]: 'valid', [KEYS.invalid]: 'invalid' }[String(apiKey)] ?? 'unknown';
  const account = result === 'valid' ? { id: '1', name: 'Ada Lovelace' } : null;
  return { status: 200, json: { result, providerStatus: null, account } };
};

const pollDevice = (plane: FakeLinkPlane): Answer => {
  const status = plane.polls.length > 1 ? plane.polls.shift() : plane.polls[0];
  const credential = status === 'approved' ? fakeAccount() : null;
  if (credential) succeed(plane, credential);
  return { status: 200, json: { status, credential } };
};

const STATE = 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT';

const answers: Record<string, (plane: FakeLinkPlane, body: never, id: string) => Answer> = {
  'GET ': ({ link, accounts }) => ({ status: 200, json: { ...link, credentials: link.manage ? accounts : null } }),
  'POST /connections': (plane, body: { provider?: string; mcpServerUrl?: string; credentialId?: string }) => {
    const { provider = 'mcp', mcpServerUrl = '' } = body;
    const reconnected = plane.accounts.find(({ id }) => id === body.credentialId);
    const url = `https://provider.example.com/authorize?${new URLSearchParams({
      ...{ state: STATE, provider, id: reconnected?.id ?? `${provider}-2`, resource: mcpServerUrl },
    })}`;
    return { status: 201, json: { state: STATE, authorizationUrl: url, expiresAt: '2030-01-01T00:10:00.000Z' } };
  },
  'POST /connections/complete': (plane, body: { receipt: string }) => {
    const [provider = '', id = '', resource = ''] = body.receipt.split(' ');
    const account = resource ? { resource, username: null } : { username: 'Ada Lovelace' };
    return succeed(plane, fakeAccount({ id, provider, ...account }));
  },
  'POST /device-connections': () => ({
    status: 201,
    json: {
      ...{ state: STATE, userCode: 'WDJB-MJHT', verificationUri: 'https://github.com/login/device', interval: 0.2 },
      expiresAt: new Date(Date.now() + 899_000).toISOString(),
    },
  }),
  'POST /device-connections/poll': pollDevice,
  'POST /credentials/check': (_, body) => checkKey(body),
  'POST /credentials': (plane, body: NewCredential) =>
    succeed(
      plane,
      fakeAccount({
        id: body.id ?? 'key-1',
        type: body.type,
        provider: body.provider,
        title: (body.title as string) ?? null,
        username: null,
      }),
    ),
  'PATCH /credentials/': (plane, { title }: { title: string }, id) => {
    plane.accounts = plane.accounts.map((account) => (account.id === id ? { ...account, title } : account));
    return { status: 200, json: plane.accounts.find((account) => account.id === id) };
  },
  'DELETE /credentials/': (plane, _, id) => {
    plane.accounts = plane.accounts.filter((account) => account.id !== id);
    return { status: 200, json: { deleted: true, revoked: true, revokedTokens: [] } };
  },
};

const answer = (plane: FakeLinkPlane, request: Request): Answer | 'offline' => {
  const path = new URL(request.url()).pathname.replace(/^\/v1\/link/, '');
  const body = (request.postDataJSON() ?? {}) as never;
  plane.requests.push({ key: `${request.method()} ${path}`, body });
  const instead = plane.instead.get(`${request.method()} ${path}`);
  if (instead) return instead;
  if (plane.isSpent || request.headers().authorization !== `Link ${TOKEN}`) return problem(401, 'link_invalid');
  const [, shape = path, id = ''] = /^(\/credentials\/)(?!check$)(.+)$/.exec(path) ?? [];
  return answers[`${request.method()} ${shape}`]?.(plane, body, id) ?? problem(404, 'credential_not_found');
};

const fulfil = async (route: Route, reply: Answer | 'offline'): Promise<void> => {
  if (reply === 'offline') return route.abort('internetdisconnected');
  const { status, json, headers } = reply;
  await route.fulfill({
    status,
    json: json ?? {},
    ...(headers && { headers: { ...headers, 'content-type': 'application/problem+json' } }),
  });
};

const providerPage = (url: URL): string => {
  const { state = '', provider = '', id = '', resource = '' } = Object.fromEntries(url.searchParams);
  const back = (query: Record<string, string>) => `${BASE}/connect?${new URLSearchParams({ state, ...query })}`;
  return `<h1>Provider</h1><a href="${back({ receipt: `${provider} ${id} ${resource}` })}">Allow</a> <a href="${back({ error: 'access_denied' })}">Deny</a>
    <a href="${back({ error: 'server_error' })}">Break</a>`;
};

/** Answers every request of the browser. */
export const serveFake = async (context: BrowserContext, plane: FakeLinkPlane): Promise<void> => {
  await context.route('**/*', (route) => route.abort());
  await context.route('https://provider.example.com/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: providerPage(new URL(route.request().url())) }),
  );
  await context.route('https://app.example.com/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<h1>The application</h1>' }),
  );
  await context.route(`${BASE}/connect*`, async (route) => {
    const page = await handler({ headers: {} });
    await route.fulfill({ status: 200, headers: page.headers as Record<string, string>, body: page.body ?? '' });
  });
  await context.route(`${BASE}/v1/link**`, (route) => fulfil(route, answer(plane, route.request())));
  await context.route(`${BASE}/v1/link/**`, (route) => fulfil(route, answer(plane, route.request())));
};

/** Opens the link and waits for the first view. */
export const openLink = async (page: Page, fragment = `#${TOKEN}`): Promise<void> => {
  await page.goto(`${BASE}/connect${fragment}`);
  await page.locator('h1').waitFor();
};
