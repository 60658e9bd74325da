// What every server of the matrix shares: it listens on a free loopback port, and prints one line of JSON that describes it.
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** The client that an operator of Keyhold has there. */
export const CLIENT = { id: 'keyhold-interop', secret: 'keyhold-interop-secret-0123456789' };

/** The redirect URIs of Keyhold; the harness sets the variable. */
export const redirectUris = (process.env.REDIRECT_URIS ?? '').split(',').filter(Boolean);

/** The version that is installed: here, or with the project's own packages. */
export const installedVersion = (name) => {
  const places = ['.', '../../..'].map(
    (folder) => new URL(`${folder}/node_modules/${name}/package.json`, import.meta.url),
  );
  return JSON.parse(readFileSync(places.find(existsSync), 'utf8')).version;
};

/** The MCP server whose tokens it issues; the harness sets the variable. */
export const resource = process.env.RESOURCE ?? '';

/** Tells the harness of a token request. `form`: its parameters. */
export const tellTokenRequest = (form) => {
  const tokenRequest = { grant_type: form.get('grant_type'), resource: form.get('resource') };
  console.log(JSON.stringify({ tokenRequest }));
};

/** Reads along as the body of a request comes in, and leaves it to the server. */
const readAlong = (request) => {
  const { push } = request;
  const chunks = [];
  request.push = (chunk, ...rest) => {
    if (chunk) chunks.push(chunk);
    const form = chunk ? null : new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    if (form?.has('grant_type')) tellTokenRequest(form);
    return push.call(request, chunk, ...rest);
  };
};

/** Listens on a free port of `host`; answers the server and its origin. */
export const listen = async (host = '127.0.0.1') => {
  const server = createServer();
  server.on('request', readAlong);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://${host}:${server.address().port}` };
};

/** A port that is free now, for a program that listens itself. */
export const freePort = async () => {
  const { server } = await listen();
  const { port } = server.address();
  server.close();
  return port;
};

/** Tells the harness that the server answers. */
export const describe = (description) => console.log(JSON.stringify(description));

/** The body of a request as text. */
export const readText = async (request) => Buffer.concat(await request.toArray()).toString('utf8');

/** A Node request as a web request. */
export const toWebRequest = async (request, origin) => {
  const text = await readText(request);
  const { method } = request;
  const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return new Request(new URL(request.url, origin), { method, headers, ...(text && { body: text }) });
};

/** Sends a web response. */
export const sendWebResponse = async (response, answer) => {
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.writeHead(answer.status);
  response.end(Buffer.from(await answer.arrayBuffer()));
};

/** Sends a redirect. */
export const redirect = (response, location, cookies = []) => {
  response.writeHead(302, { location, ...(cookies.length > 0 && { 'set-cookie': cookies }) });
  response.end();
};
