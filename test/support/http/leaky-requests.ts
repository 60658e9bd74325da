// Requests that must be refused and contain a secret: beside the mistake, as the mistake, or in the wrong place.
import { systemCredentials } from '../../../lib/domain/credential/system-credentials.ts';
import { bodies, found, plantedSecret } from '../secrets/planted-secrets.ts';

export const openaiId = systemCredentials.find(({ provider }) => provider === 'openai')?.id;

export const MINE = '/v1/me/credentials';
export const ALICE = '/v1/users/alice';
const JSON_TYPE = { 'content-type': 'application/json' };

export type Wrong = [
  caller: 'alice' | 'worker' | 'anonymous',
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
];

/** Bodies with a mistake beside a secret, or a secret in the wrong field. */
const wrongBodies = (body: object): unknown[] => {
  const texts = Object.values({ ...body, headers: plantedSecret('header value') }).filter(
    (value) => found(String(value)).length > 0,
  );
  const misplaced = ['type', 'provider', 'id', 'host', 'expiresAt', 'scopes', 'headers', 'metadata', 'colour'];
  return [
    ...[{ colour: 'red' }, { title: 7 }, { id: 'a b' }, { provider: null }, { type: 'saml' }].map((wrong) => ({
      ...body,
      ...wrong,
    })),
    ...Object.keys(body).map((name) => ({ ...body, [name]: { value: body } })),
    ...texts.flatMap((text) => misplaced.map((name) => ({ ...body, [name]: text }))),
    ...texts.flatMap((text) => [{ ...body, title: `${text}\n` }, { ...body, apiKey: [text] }, [text], text]),
    { ...body, padding: 'x'.repeat(70_000) },
  ];
};

const brokenTexts = (body: object): unknown[] => {
  const text = JSON.stringify(body);
  const bare = text.replace(/"([\w-]{20}\\")/, '$1');
  const broken = [
    text.slice(0, -1),
    text.slice(0, -5),
    `${text}}`,
    `[${text}`,
    bare,
    text.replaceAll('"', "'"),
    `\uFEFF${text}`,
  ];
  return [...broken, Buffer.concat([Buffer.from(text), Buffer.from([0xff])]), Buffer.from(text, 'utf16le'), `x${text}`];
};

export const wrongRequests = (body: object): Wrong[] => [
  ...[...wrongBodies(body)].flatMap((wrong): Wrong[] => [
    ['alice', 'POST', MINE, JSON.stringify(wrong), JSON_TYPE],
    ['worker', 'PUT', `${ALICE}/credentials/key`, JSON.stringify(wrong), JSON_TYPE],
    ['worker', 'POST', `${ALICE}/edit`, { put: [wrong] }, { 'if-match': '"v1"' }],
  ]),
  ...brokenTexts(body).flatMap((text): Wrong[] => [
    ['alice', 'POST', MINE, text, JSON_TYPE],
    ['worker', 'POST', `${ALICE}/edit`, text, { ...JSON_TYPE, 'if-match': '"v1"' }],
  ]),
  ...['text/plain', 'application/x-www-form-urlencoded', ''].map(
    (type): Wrong => ['alice', 'PUT', `${MINE}/key`, JSON.stringify(body), { 'content-type': type }],
  ),
  ['worker', 'POST', `${ALICE}/credentials`, { ...body, id: 'key' }],
  ['worker', 'POST', `${ALICE}/credentials`, { ...body, id: openaiId }],
  ['worker', 'PUT', `${ALICE}/credentials/unknown`, body],
  ['worker', 'PUT', `${ALICE}/credentials/key`, { ...body, provider: 'other' }],
  ['worker', 'POST', `${ALICE}/credentials`, body, { 'if-match': '"v1"' }],
  [
    'worker',
    'POST',
    `${ALICE}/edit`,
    { put: [body, { ...body, id: 'x' }, { ...body, id: 'x' }] },
    { 'if-match': '"v1"' },
  ],
  ['anonymous', 'POST', MINE, body],
  ['anonymous', 'POST', `${ALICE}/credentials`, body],
  ['alice', 'POST', `${MINE}/nowhere/at/all`, body],
];

/** A secret in every other place where a person may paste one by mistake. */
export const pasted = (secret: string): Wrong[] => [
  ['alice', 'GET', `${MINE}/${encodeURIComponent(secret).replaceAll('%2F', '')}`],
  ['alice', 'DELETE', `${MINE}/${encodeURIComponent(secret)}`],
  ['anonymous', 'GET', MINE, undefined, { authorization: `Bearer ${secret}` }],
  ['anonymous', 'GET', `${ALICE}/credentials`, undefined, { authorization: secret }],
  ['alice', 'PATCH', `${MINE}/key`, { title: 'x' }, { 'if-match': secret }],
  ['alice', 'PATCH', `${MINE}/key`, { title: `${secret}\t` }],
  ['alice', 'POST', MINE, bodies.key, { 'content-type': secret }],
  [
    'anonymous',
    'GET',
    `/v1/nowhere?key=${encodeURIComponent(secret)}`,
    undefined,
    { cookie: `key=${encodeURIComponent(secret)}` },
  ],
  ...[{ provider: secret }, { credentialId: secret }, { url: secret }, { provider: 'x', scopes: [secret] }].map(
    (body): Wrong => ['worker', 'POST', `${ALICE}/resolve`, body],
  ),
  ...[{ secret: [secret] }, { secret, colour: 'red' }, secret, `${secret}${'x'.repeat(20_000)}`].map(
    (body): Wrong => ['worker', 'PUT', `${ALICE}/managed-credentials/ayrshare`, JSON.stringify(body), JSON_TYPE],
  ),
  ...[{ metadata: { a: secret.repeat(200) } }, { callbackUrl: secret }, { provider: secret }, { scopes: secret }].map(
    (wrong): Wrong => ['worker', 'POST', `${ALICE}/oauth-states`, { provider: 'github', scopes: [], ...wrong }],
  ),
  ['worker', 'POST', `${ALICE}/oauth-states/consume`, { token: secret, provider: 'github' }],
];

/** Name and value swapped: an error that names the field would repeat the secret. */
export const swapped = (secret: string): Wrong[] => [
  ['alice', 'POST', MINE, { ...bodies.key, [secret]: 'apiKey' }],
  ['alice', 'POST', MINE, { ...bodies.host, headers: { [secret]: 'x-api-key' } }],
  ['alice', 'POST', MINE, { ...bodies.host, headers: { [`Bearer ${secret}`]: 'authorization' } }],
  ['alice', 'PATCH', `${MINE}/key`, { title: 'x', [secret]: '' }],
  ['worker', 'POST', `${ALICE}/edit`, { put: [{ [secret]: bodies.key }] }, { 'if-match': '"v1"' }],
  ['worker', 'PUT', `${ALICE}/managed-credentials/ayrshare`, { [secret]: 'secret' }],
  ['worker', 'POST', `${ALICE}/resolve`, { provider: 'openai', [secret]: 1 }],
];
