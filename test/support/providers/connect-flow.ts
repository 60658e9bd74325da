// The steps of a connection over HTTP, one function each, so that a suite can call them in the wrong order, twice, or as
// another user; and a minimal browser for the demo provider's pages.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Reply } from '../http/http-caller.ts';
import { type Keyhold, type StartOptions, startKeyhold } from '../http/local-server.ts';

export type Plane = 'user' | 'runtime';
export const PLANES: readonly Plane[] = ['user', 'runtime'];

type Body = Record<string, unknown>;
type Step = (body: Body) => Promise<Reply>;

/** One user's calls on one plane. Resolve and erase are calls of a worker on either. */
export interface Connector {
  userId: string;
  start: Step;
  complete: Step;
  startDevice: Step;
  poll: Step;
  resolve: Step;
  rename(id: string, title: string): Promise<Reply>;
  remove(id: string): Promise<Reply>;
  erase(): Promise<Reply>;
  /** Starts a connection and expects success. */
  begin(body?: Body): Promise<Started>;
  /** The user's own credentials, in order. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it stored, and asserts it.
  own(): Promise<any[]>;
}

export interface Started {
  state: string;
  url: URL;
  expiresAt: string;
}

export const makeConnector = (keyhold: Keyhold, plane: Plane, userId: string): Connector => {
  const { worker } = keyhold;
  const theirs = `/v1/users/${userId}`;
  const [caller, base] = plane === 'user' ? [keyhold.user(userId), '/v1/me'] : [worker, theirs];
  const post =
    (path: string): Step =>
    (body) =>
      caller.call('POST', base + path, body);
  const start = post('/connections');
  return {
    userId,
    start,
    complete: post('/connections/complete'),
    startDevice: post('/device-connections'),
    poll: post('/device-connections/poll'),
    resolve: (body) => worker.call('POST', `${theirs}/resolve`, body),
    rename: (id, title) => caller.call('PATCH', `${base}/credentials/${id}`, { title }),
    remove: (id) => caller.call('DELETE', `${base}/credentials/${id}`),
    erase: () => worker.call('DELETE', theirs),
    begin: async (body = {}) => {
      const { status, json, text } = await start({ provider: 'acme', ...body });
      expect([status, status === 201 ? '' : text]).toEqual([201, '']);
      return { state: json.state, url: new URL(json.authorizationUrl), expiresAt: json.expiresAt };
    },
    own: async () => {
      const { json } = await caller.call('GET', `${base}/credentials`);
      return json.credentials.filter((view: { source: string }) => view.source === 'user');
    },
  };
};

/** A server whose operator has these providers. */
export const startConnecting = async (
  providers: Record<string, object> = {},
  env: Record<string, string> = {},
  options: Pick<StartOptions, 'fromSource'> = {},
): Promise<Keyhold> => {
  const home = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'keyhold-connect-'));
  mkdirSync(join(home, 'secrets'));
  writeFileSync(join(home, 'secrets', 'oauth-clients.json'), JSON.stringify(providers));
  return startKeyhold({ ...options, home, env });
};

type Query = Record<string, string> | [string, string][];

/** The browser's request to the callback. */
export const comeBack = (keyhold: Keyhold, query: Query): Promise<Reply> =>
  keyhold.anonymous.call('GET', `/v1/oauth/callback?${new URLSearchParams(query)}`);

/** The receipt on the page or in the redirect; undefined without one. */
export const receiptIn = ({ headers, text }: Reply): string | undefined => {
  const { location } = headers;
  if (location !== undefined) return new URL(location).searchParams.get('receipt') ?? undefined;
  return /<code id="receipt">([^<]*)<\/code>/.exec(text)?.[1];
};

/** As `comeBack`, and expects a receipt. */
export const receiptFor = async (keyhold: Keyhold, query: Query): Promise<string> => {
  const receipt = receiptIn(await comeBack(keyhold, query));
  expect(receipt).toMatch(/^[\w-]{43}$/);
  return receipt as string;
};

/** All steps, at a provider that approves automatically. */
export const connect = async (keyhold: Keyhold, connector: Connector, body: Body = {}): Promise<Reply> => {
  const { state } = await connector.begin(body);
  return connector.complete({ state, receipt: await receiptFor(keyhold, { state, code: 'code-1' }) });
};

/** Status and code of a refusal. */
export const refusal = ({ status, json, headers }: Reply): unknown => {
  expect(headers['content-type']).toBe('application/problem+json');
  expect([json.status, json.type]).toEqual([status, `urn:keyhold:problem:${json.code}`]);
  return [status, json.code];
};

interface Page {
  url: URL;
  html: string;
}

export const openBrowser = () => {
  const cookies = new Map<string, string>();
  const keep = (response: Response) => {
    for (const text of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      cookies.set(name, value);
    }
  };
  /** Follows redirects to a page, or to the first address of another origin, which is not visited. */
  const visit = async (url: URL, form?: Record<string, string>): Promise<Page> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form && { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...body });
    keep(response);
    const location = response.headers.get('location');
    if (location === null) return { url, html: await response.text() };
    const next = new URL(location, url);
    return next.origin === url.origin ? visit(next) : { url: next, html: '' };
  };
  return { visit };
};

/** A person approves at the demo provider, or denies (`''`); returns where the browser is sent. */
export const decideAtDemo = async (url: URL, account: 'ada' | 'grace' | ''): Promise<URL> => {
  const browser = openBrowser();
  const page = await browser.visit(url);
  expect(page.url.pathname).toMatch(/^\/interaction\//);
  return (await browser.visit(page.url, { account })).url;
};

/** The URL of the demo MCP server, from the banner. */
export const readDemoMcpUrl = ({ stdout }: Keyhold): string =>
  /^http:\/\/127\.0\.0\.1:\d+\/mcp$/m.exec(stdout())?.[0] ?? 'none';

/** All steps at the demo provider. */
export const connectDemo = async (
  keyhold: Keyhold,
  connector: Connector,
  { as, ...body }: Body & { as: 'ada' | 'grace' },
): Promise<Reply> => {
  const { state, url } = await connector.begin({ provider: 'demo', ...body });
  const back = await decideAtDemo(url, as);
  return connector.complete({ state, receipt: await receiptFor(keyhold, [...back.searchParams]) });
};

/** A person enters the user code at the demo provider and approves or denies. */
export const decideDeviceAtDemo = async (address: string, account: 'ada' | 'grace' | ''): Promise<string> => {
  const browser = openBrowser();
  let page = await browser.visit(new URL(address));
  // Confirming the code (up to twice) leads to the page that asks for the account.
  for (let step = 0; step < 2; step += 1) {
    const fields = [...page.html.matchAll(/<input[^>]*name="(\w+)"[^>]*value="([^"]*)"/g)];
    const form = Object.fromEntries(fields.map(([, name, value]) => [name, value]));
    const action = /<form[^>]*action="([^"]+)"/.exec(page.html)?.[1] ?? '';
    page = await browser.visit(new URL(action, page.url), { ...form, confirm: 'yes' });
    if (page.url.pathname.startsWith('/interaction/')) break;
  }
  expect(page.url.pathname).toMatch(/^\/interaction\//);
  return (await browser.visit(page.url, { account })).html;
};
