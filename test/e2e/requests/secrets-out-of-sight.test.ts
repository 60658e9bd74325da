// Secrets stay hidden (L1): a canary of each kind is sent to every route, in valid and invalid requests and under faults. No
// answer, log line or file contains one, except the answers that are meant to.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller, Reply } from '../../support/http/http-caller.ts';
import {
  ALICE,
  MINE,
  openaiId,
  pasted,
  swapped,
  type Wrong,
  wrongRequests,
} from '../../support/http/leaky-requests.ts';
import { linkInBrowser } from '../../support/http/link-in-browser.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { canary, findCanaries, listEncodings } from '../../support/secrets/canaries.ts';
import {
  bodies,
  canaries,
  found,
  KINDS,
  type Kind,
  plantedSecret,
  SEEN_TITLE,
} from '../../support/secrets/planted-secrets.ts';

/** What an authorized worker is answered of each: never a refresh token. */
const CARRIED: Record<keyof typeof bodies, Kind[]> = {
  key: ['API key'],
  login: ['user name', 'password'],
  host: ['header value'],
  grant: ['access token', 'metadata'],
};
/** A URL that each may be sent to: keys and tokens go only to their provider. */
const URLS: Record<keyof typeof bodies, string> = {
  ...{ key: 'https://api.anthropic.com/v1/models', login: 'https://api.example.com' },
  ...{ host: 'https://api.example.com', grant: 'https://api.github.com/user' },
};
const ids = Object.keys(bodies) as (keyof typeof bodies)[];
let home: string;
let keyhold: Keyhold;
let printed = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'keyhold-canaries-'));
  await mkdir(join(home, 'secrets'));
  await writeFile(
    join(home, 'secrets', 'system-keys.json'),
    JSON.stringify({ openai_api_key: plantedSecret('system key') }),
  );
  keyhold = await startKeyhold({ home, env: { ALLOWED_CALLBACK_URLS: 'https://app.example.com/cb' } });
});
afterAll(async () => {
  await keyhold.stop();
  await rm(home, { recursive: true });
});

/** Sends a request and checks that the answer contains exactly these canaries. */
const ask = async (carried: Kind[], caller: Caller, ...request: Parameters<Caller['call']>): Promise<Reply> => {
  const reply = await caller.call(...request);
  const [method, path] = request;
  expect([method, path, found(JSON.stringify(reply.headers)), found(reply.text)]).toEqual([method, path, [], carried]);
  return reply;
};
const answers = async (status: number, carried: Kind[], ...rest: [Caller, ...Parameters<Caller['call']>]) => {
  const reply = await ask(carried, ...rest);
  expect([rest[2], reply.status, reply.json?.code]).toEqual([rest[2], status, undefined]);
  return reply;
};

describe('the search for canaries', () => {
  const secret = canary();
  const finds = (haystack: string | Buffer) => findCanaries(haystack, new Map([['it', secret]])).length === 1;

  it.each(Object.keys(listEncodings(secret)))('finds one as %s', (encoding) => {
    const written = Buffer.from(listEncodings(secret)[encoding] as string);
    expect(finds(Buffer.concat([Buffer.from('before'), written, Buffer.from('after')]))).toBe(true);
  });

  it('finds one in text that libraries have transformed', () => {
    const json = JSON.stringify({ note: { key: secret } });
    const whole = [0, 1, 2].map((length) => Buffer.from('x'.repeat(length) + json));
    const written = [
      json,
      JSON.stringify(json),
      encodeURIComponent(json),
      inspect({ secret }),
      escape(json),
      `<${secret}>`,
    ];
    const encoded = whole.flatMap((bytes) =>
      (['base64', 'base64url', 'hex', 'utf8'] as const).map((as) => bytes.toString(as)),
    );
    expect([...written, ...encoded].map(finds)).toEqual([...written, ...encoded].map(() => true));
    expect(whole.map(finds)).toEqual([true, true, true]);
  });

  it('finds none in text without canaries', () => {
    expect(findCanaries(JSON.stringify([canary(), SEEN_TITLE, bodies]), new Map([['it', secret]]))).toEqual([]);
  });
});

describe('answers', () => {
  it('to writes contain no secret', async () => {
    const [alice, worker] = [keyhold.user('alice'), keyhold.worker];
    const edit = { put: Object.values(bodies).map((body, index) => ({ ...body, id: `edit-${index}` })), delete: [] };
    await answers(200, [], worker, 'POST', `${ALICE}/edit`, edit, { 'if-match': '"v0"' });
    for (const id of ids) {
      const [caller, path] = id === 'grant' ? [worker, `${ALICE}/credentials`] : [alice, MINE];
      await answers(201, [], caller, 'POST', path, { ...bodies[id], id });
      for (const [who, where] of id === 'grant' ? [] : [[worker, `${ALICE}/credentials`] as const]) {
        await answers(201, [], who, 'POST', where, { ...bodies[id], id: `${id}-2` });
      }
      await answers(200, [], caller, 'PUT', `${path}/${id}`, bodies[id]);
      await answers(200, [], worker, 'PUT', `${ALICE}/credentials/${id}`, bodies[id]);
      await answers(200, [], alice, 'PATCH', `${MINE}/${id}`, { title: SEEN_TITLE });
      await answers(200, [], worker, 'PATCH', `${ALICE}/credentials/${id}`, { title: SEEN_TITLE });
    }
    await answers(204, [], worker, 'PUT', `${ALICE}/managed-credentials/ayrshare`, {
      secret: plantedSecret('managed secret'),
    });
    await answers(200, [], alice, 'DELETE', `${MINE}/edit-0`);
    await answers(200, [], worker, 'DELETE', `${ALICE}/credentials/edit-1`);
  });

  it('of states contain the token once and the verifier once', async () => {
    const path = `${ALICE}/oauth-states`;
    const wanted = {
      provider: 'github',
      scopes: ['repo'],
      metadata: { a: 1 },
      callbackUrl: 'https://app.example.com/cb',
    };
    const lost = await answers(201, [], keyhold.worker, 'POST', path, wanted);
    const opened = await keyhold.worker.call('POST', path, wanted);
    canaries.set('state token', opened.json.token);
    const consume = (user: string, given: object) =>
      [
        keyhold.worker,
        'POST',
        `/v1/users/${user}/oauth-states/consume`,
        { token: opened.json.token, ...given },
      ] as const;
    expectProblem(await ask([], ...consume('alice', { provider: 'google' })), 'state_invalid');
    expectProblem(await ask([], ...consume('bob', { provider: 'github' })), 'state_invalid');
    expectProblem(await ask([], ...consume('alice', { provider: 7 })), 'invalid_request');
    const consumed = await answers(200, [], ...consume('alice', { provider: 'github' }));
    canaries.set('code verifier', consumed.json.codeVerifier);
    expect(found(consumed.text)).toEqual(['code verifier']);
    expect(found(opened.text)).toEqual(['state token']);
    expectProblem(await ask([], ...consume('alice', { provider: 'github' })), 'state_invalid');
    expect(lost.json.token).not.toBe(opened.json.token);
  });

  it('of connect links contain the token once, and the cookie once as a header', async () => {
    const made = await keyhold.worker.call('POST', `${ALICE}/connect-links`, { manage: true });
    const link = linkInBrowser(keyhold, new URL(made.json.url).hash.slice(1));
    canaries.set('link token', link.token);
    expect(found(made.text)).toEqual(['link token']);
    const first = await link.call('GET', '');
    const cookie = /=([\w-]{43})/.exec(String(first.headers['set-cookie']))?.[1] ?? '';
    canaries.set('link cookie', cookie);
    expect([found(JSON.stringify(first.headers)), found(first.text)]).toEqual([['link cookie'], []]);
    const stranger = linkInBrowser(keyhold, link.token);
    const replies = [
      await link.call('GET', ''),
      await link.call('POST', '/credentials', { ...bodies.host, id: 'by-link' }),
      await link.call('POST', '/credentials', { ...bodies.key, type: 'wrong' }),
      await link.call('PATCH', '/credentials/by-link', { title: SEEN_TITLE }),
      await link.call('POST', '/connections', { provider: link.token }),
      await stranger.call('GET', ''),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 201, 400, 200, 404, 401]);
    expect(replies.flatMap(({ headers, text }) => found(JSON.stringify(headers) + text))).toEqual([]);
  });

  it('to an import contain no secret, and to an export all of them', async () => {
    const document = {
      credentials: [
        { ...bodies.key, id: 'moved' },
        { ...bodies.grant, id: 'wrong', scopes: 7 },
      ],
    };
    await answers(200, [], keyhold.worker, 'POST', `${ALICE}/import`, { format: 'keyhold', document });
    const moved = await keyhold.worker.call('GET', `${ALICE}/export`);
    expect(found(moved.text).toSorted()).toEqual([...KINDS, 'managed secret'].toSorted());
  });

  it('to reads contain the requested secret on the runtime plane and none on the user plane', async () => {
    const [alice, worker] = [keyhold.user('alice'), keyhold.worker];
    for (const query of ['', '?provider=anthropic', '?provider=openai'])
      await answers(200, [], alice, 'GET', MINE + query);
    for (const path of ['credentials', 'credentials?provider=github'])
      await answers(200, [], worker, 'GET', `${ALICE}/${path}`);
    await answers(200, [], worker, 'GET', '/v1/system/credentials');
    await answers(200, [], alice, 'GET', '/v1/providers');
    await answers(200, [], alice, 'GET', `${MINE}/${openaiId}`);
    await answers(200, ['system key'], worker, 'GET', `${ALICE}/credentials/${openaiId}`);
    await answers(200, ['system key'], worker, 'POST', `${ALICE}/resolve`, { provider: 'openai' });
    await answers(200, ['managed secret'], worker, 'GET', `${ALICE}/managed-credentials/ayrshare`);
    for (const id of ids) {
      await answers(200, [], alice, 'GET', `${MINE}/${id}`);
      await answers(200, CARRIED[id], worker, 'GET', `${ALICE}/credentials/${id}`);
      await answers(200, CARRIED[id], worker, 'POST', `${ALICE}/resolve`, { credentialId: id });
      await answers(200, CARRIED[id], worker, 'POST', `${ALICE}/resolve`, {
        provider: bodies[id].provider,
        url: URLS[id],
      });
    }
  });
});

describe('refusals', () => {
  const every = (requests: Wrong[]) => async () => {
    const callers = { alice: keyhold.user('alice'), worker: keyhold.worker, anonymous: keyhold.anonymous };
    const leaks: unknown[] = [];
    for (const [who, ...request] of requests) {
      const reply = await callers[who].call(...request);
      expect([request[0], request[1], reply.status >= 400 && reply.status < 500]).toEqual([
        request[0],
        request[1],
        true,
      ]);
      const kinds = found(reply.text + JSON.stringify(reply.headers));
      if (kinds.length > 0) leaks.push([...request.slice(0, 2), kinds, reply.text]);
    }
    expect(leaks).toEqual([]);
  };
  it('never repeat a secret sent as a field name', every(swapped(plantedSecret('header value'))));
  it.each(ids)('of a wrong %s never repeat its secrets', (id) => every(wrongRequests(bodies[id]))());
  it.each([...KINDS, 'managed secret' as const])('never repeat a pasted %s', (kind) =>
    every(pasted(plantedSecret(kind)))(),
  );
});

describe('faults', () => {
  it('of KMS and Secrets Manager are answered and logged without a secret', async () => {
    await keyhold.stop();
    printed += keyhold.stdout() + keyhold.stderr();
    const dead = 'http://127.0.0.1:1';
    keyhold = await startKeyhold({ home, env: { AWS_ENDPOINT_URL_KMS: dead, AWS_ENDPOINT_URL_SECRETS_MANAGER: dead } });
    const [alice, worker] = [keyhold.user('alice'), keyhold.worker];
    await Promise.all([
      ...ids.map(async (id) => {
        expectProblem(await ask([], worker, 'POST', `${ALICE}/credentials`, bodies[id]), 'keys_unavailable');
        expectProblem(await ask([], worker, 'GET', `${ALICE}/credentials/${id}`), 'keys_unavailable');
        expectProblem(await ask([], worker, 'POST', `${ALICE}/resolve`, { credentialId: id }), 'keys_unavailable');
        if (id === 'grant') return;
        expectProblem(await ask([], alice, 'PUT', `${MINE}/${id}`, bodies[id]), 'keys_unavailable');
      }),
      (async () => {
        const managed = `${ALICE}/managed-credentials/ayrshare`;
        const put = { secret: plantedSecret('managed secret') };
        expectProblem(await ask([], worker, 'PUT', managed, put), 'keys_unavailable');
        expectProblem(await ask([], worker, 'POST', `${ALICE}/resolve`, { provider: 'openai' }), 'secrets_unavailable');
      })(),
    ]);
    for (const code of ['keys_unavailable', 'secrets_unavailable']) expect(keyhold.stderr()).toContain(code);
  });
});

describe('after all of that', () => {
  const filesIn = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    });

  it('the output of the servers contains no secret', () => {
    printed += keyhold.stdout() + keyhold.stderr();
    expect(printed.split('\n').filter((line) => line.includes('"request'))).not.toHaveLength(0);
    expect(found(printed)).toEqual([]);
  });

  it('no file under KEYHOLD_HOME contains a secret, except those the operator wrote', () => {
    const files = filesIn(home).filter((path) => !path.startsWith(join(home, 'secrets')));
    const table = files.filter((path) => path.startsWith(join(home, 'table.db')));
    // Proves that the searched bytes are those of the rows: a field that is not secret is found in them.
    expect(table.some((path) => readFileSync(path).includes(SEEN_TITLE))).toBe(true);
    expect(files.flatMap((path) => found(readFileSync(path)).map((kind) => [path.slice(home.length), kind]))).toEqual(
      [],
    );
    expect(found(readFileSync(join(home, 'secrets', 'system-keys.json')))).toEqual(['system key']);
  });
});
