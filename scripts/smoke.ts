// Checks a deployment with a throw-away user: health, add, list, resolve, erase. Signs with the credentials in the standard
// environment variables, which must be allowed to call the runtime routes. `npm run smoke -- --url https://…`
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SignatureV4 } from '@smithy/signature-v4';
import { NodeSha256 } from '../lib/adapters/signing/node-sha256.ts';

const CALL_MILLISECONDS = 30_000;

const required = (...names: string[]): string => {
  const value = names.map((name) => process.env[name]).find(Boolean);
  if (!value) throw new Error(`set ${names.join(' or ')}`);
  return value;
};

const { url } = parseArgs({ options: { url: { type: 'string' } } }).values;
if (!url || !URL.canParse(url)) throw new Error('usage: npm run smoke -- --url <the output ApiUrl>');

const sessionToken = process.env.AWS_SESSION_TOKEN;
const signer = new SignatureV4({
  service: 'execute-api',
  region: required('AWS_REGION', 'AWS_DEFAULT_REGION'),
  credentials: {
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken && { sessionToken }),
  },
  sha256: NodeSha256,
});

/** Makes one call and prints its outcome, never its answer. Throws when the status is not the expected one. */
const call = async (step: string, [method, path]: [string, string], given: { status: number; body?: object }) => {
  const target = new URL(path, url);
  const body = given.body && JSON.stringify(given.body);
  const { protocol, hostname, port, host } = target;
  const address = { protocol, hostname, ...(port && { port: Number(port) }), method, path };
  const headers = { host, ...(body && { 'content-type': 'application/json' }) };
  const signed = await signer.sign({ ...address, headers, body });
  const signal = AbortSignal.timeout(CALL_MILLISECONDS);
  const init = { method, headers: signed.headers, signal, redirect: 'error' as const };
  const answer = await fetch(target, { ...init, ...(body && { body }) });
  if (answer.status !== given.status) throw new Error(`${step}: expected ${given.status}, got ${answer.status}`);
  console.log(`ok  ${step}`);
  return answer.text();
};

const user = `/v1/users/smoke-${randomUUID()}`;
const apiKey = randomUUID();

const checkUser = async (): Promise<void> => {
  const added = { type: 'api_key', provider: 'openai', id: 'smoke', apiKey };
  await call('add', ['POST', `${user}/credentials`], { status: 201, body: added });
  const list = await call('list', ['GET', `${user}/credentials`], { status: 200 });
  if (!list.includes('"smoke"')) throw new Error('list: the credential is missing');
  const resolved = await call('resolve', ['POST', `${user}/resolve`], { status: 200, body: { credentialId: 'smoke' } });
  if (!resolved.includes(apiKey)) throw new Error('resolve: the answer does not have the stored key');
};

try {
  await call('health', ['GET', '/v1/health'], { status: 200 });
  await checkUser().finally(() => call('delete', ['DELETE', user], { status: 200 }));
} catch (error) {
  console.error(error instanceof Error ? error.message : 'failed');
  process.exitCode = 1;
}
