// Web pages and the local server. The kernel names the listeners, so that a new one cannot be forgotten: each refuses the
// requests of foreign pages, DNS rebinding included, or listens on an address that no page can know.
import { request as sendRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keyhold, startKeyhold } from '../support/http/local-server.ts';
import { findListeningSockets, type ListeningSocket } from '../support/process/listening-sockets.ts';

const FRONT_END = 'http://localhost:5173';
const EVIL = 'https://evil.example';
/** Gateway, demo provider, KMS, Secrets Manager, EventBridge, Lambda, engine. */
const LISTENERS = 7;

let keyhold: Keyhold;
let sockets: ListeningSocket[];
beforeAll(async () => {
  keyhold = await startKeyhold({ env: { ALLOWED_ORIGINS: FRONT_END } });
  sockets = findListeningSockets(keyhold.pid);
});
afterAll(() => keyhold.stop());

type Target = { host: string; port: number };
const ask = (target: Target, headers: Record<string, string>, [method, path] = ['POST', '/']): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = sendRequest({ ...target, method, path, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });

const gateway = (): Target => ({ host: '127.0.0.1', port: Number(new URL(keyhold.url).port) });
const isEngine = ({ program }: ListeningSocket) => program === 'dynoxide';

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('every listener', () => {
  const foreign: [string, (port: number) => Record<string, string>][] = [
    ['a foreign host (DNS rebinding)', (port) => ({ host: `evil.example:${port}` })],
    [
      'a foreign host and its own origin',
      (port) => ({ host: `a.example:${port}`, origin: `http://a.example:${port}` }),
    ],
    ['a name that begins with localhost', (port) => ({ host: `localhost.evil.example:${port}` })],
    ['a foreign origin', (port) => ({ host: `127.0.0.1:${port}`, origin: EVIL })],
    ['an opaque origin', (port) => ({ host: `127.0.0.1:${port}`, origin: 'null' })],
    ['another port of this machine', (port) => ({ host: `localhost:${port}`, origin: `http://localhost:${port - 1}` })],
  ];
  it.each(foreign)('but the engine answers 403 to %s', async (_, headers) => {
    const checked = sockets.filter((socket) => !isEngine(socket));
    expect(checked.length).toBe(LISTENERS - 1);
    const answers = checked.flatMap(({ host, port }) => {
      const { host: name = '', ...rest } = headers(port);
      return ['GET', 'POST', 'OPTIONS'].map((method) => ask({ host, port }, { host: name, ...rest }, [method, '/']));
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set([403]));
  });

  // A TCP proxy may be in front of a stand-in; the gateway is called by its own address only.
  it.each([
    ['on another port', () => `127.0.0.1:${gateway().port - 1}`],
    ['without a port', () => 'localhost'],
  ])('of the API answers 403 to a loopback host %s', async (_, host) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      expect(await ask(gateway(), { host: host() }, [method, '/'])).toBe(403);
    }
  });

  it('of the engine has a random loopback address and no other', async () => {
    const engines = sockets.filter(isEngine);
    expect(engines.map(({ host }) => host)).toEqual([expect.stringMatching(/^127\.\d+\.\d+\.\d+$/)]);
    const [{ host, port } = { host: '', port: 0 }] = engines;
    expect(host).not.toMatch(/^127\.0\.0\.|\.0$|\.255$/);
    for (const known of ['127.0.0.1', '0.0.0.0', '::1']) {
      await expect(ask({ host: known, port }, { host: `${known}:${port}` })).rejects.toThrow(/ECONNREFUSED/);
    }
    expect(await ask({ host, port }, {}, ['GET', '/'])).toBe(200);
  });

  it('is on this machine only', () => {
    expect(sockets.filter(({ host }) => !host.startsWith('127.'))).toEqual([]);
    expect(sockets.length).toBe(LISTENERS);
  });
});

describe('the gateway', () => {
  const own = () => `127.0.0.1:${gateway().port}`;

  it.each([
    ['POST', '/v1/users/alice/resolve'],
    ['OPTIONS', '/v1/users/alice/resolve'],
    ['GET', '/v1/system/credentials'],
    ['GET', '/v1/health'],
    ['GET', '/'],
    ['GET', '/_local/demo'],
    ['GET', '/_local/api'],
    ['GET', '/_local/events'],
    ['POST', '/_local/resolve'],
    ['GET', '/_local/connect?user=alice'],
    ['GET', '/v1/none'],
  ])('refuses %s %s from the page of an allowed origin: it may use the user plane only', async (method, path) => {
    const from = async (origin: string) => ask(gateway(), { host: own(), origin }, [method, path]);
    expect([await from(FRONT_END), await from(EVIL)]).toEqual([403, 403]);
  });

  it.each([
    ['GET', '/v1/me/credentials', 401],
    ['POST', '/v1/me/credentials', 401],
    ['GET', '/v1/providers', 401],
    ['OPTIONS', '/v1/me/credentials', 204],
    ['OPTIONS', '/_local/token', 204],
    ['POST', '/_local/token', 400],
  ])('admits %s %s from an allowed origin and refuses it from another', async (method, path, status) => {
    const from = async (origin: string) => ask(gateway(), { host: own(), origin }, [method, path]);
    expect([await from(FRONT_END), await from(EVIL), await from('null')]).toEqual([status, 403, 403]);
  });

  it('admits its own pages under each of its names, and programs', async () => {
    const { port } = gateway();
    for (const host of ['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'].map((name) => `${name}:${port}`)) {
      expect(await ask(gateway(), { host }, ['GET', '/v1/health'])).toBe(200);
      expect(await ask(gateway(), { host, origin: `http://${host.toLowerCase()}` }, ['GET', '/v1/health'])).toBe(200);
    }
  });

  it.each([EVIL, 'null'])('takes the form post of a provider at %s to the callback', async (origin) => {
    const status = await ask(gateway(), { host: own(), origin }, ['POST', '/v1/oauth/callback']);
    expect(status).not.toBe(403);
    const rebound = { host: `evil.example:${gateway().port}`, origin };
    expect(await ask(gateway(), rebound, ['POST', '/v1/oauth/callback'])).toBe(403);
  });
});
