// A page that plays the application: it starts a connection to the demo provider as alice, gets the browser back with a
// receipt, and completes it. Plain fetch calls of the public routes, so that it can be read as an example.
import { createHash } from 'node:crypto';
import type { Reply } from '../gateway/reply.ts';

export const DEMO_APPLICATION_PATH = '/_local/demo';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:12vh auto;padding:0 1.5rem;color:#1b1f24}' +
  'button{padding:.7rem 1.2rem;font:inherit;border:0;border-radius:.5rem;background:#1b4fd6;color:#fff;cursor:pointer}' +
  'pre{padding:1rem;background:#f2f4f7;border-radius:.5rem;white-space:pre-wrap;overflow-wrap:anywhere}';

const SCRIPT = `
const show = (text) => { document.querySelector('pre').textContent = text; };
const post = async (path, body, token) => {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: 'Bearer ' + token }) };
  const reply = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return reply.json();
};
const token = async () => (await post('/_local/token', { sub: 'alice' })).accessToken;
const back = new URLSearchParams(location.search);
const button = document.querySelector('button');
const start = async () => {
  const returnUrl = location.origin + location.pathname;
  const started = await post('/v1/me/connections', { provider: 'demo', returnUrl }, await token());
  if (started.authorizationUrl) location.assign(started.authorizationUrl);
  else show(JSON.stringify(started, null, 2));
};
const complete = async () => {
  const body = { state: back.get('state'), receipt: back.get('receipt') };
  show(JSON.stringify(await post('/v1/me/connections/complete', body, await token()), null, 2));
  button.hidden = true;
};
if (back.has('error')) show('The provider says: ' + back.get('error'));
if (back.has('receipt')) button.textContent = 'Finish connecting';
button.addEventListener('click', back.has('receipt') ? complete : start);
`;

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Demo application</title><style>${STYLE}</style></head><body><h1>Demo application</h1>
<p>You are alice. Connect an account at the demo provider, and a worker can call it in your name.</p>
<p><button>Connect the demo account</button></p><pre></pre><script>${SCRIPT}</script></body></html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const demoApplicationPage: Reply = {
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': `default-src 'none'; connect-src 'self'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  },
  body: Buffer.from(HTML),
};
