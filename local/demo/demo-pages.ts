// The demo provider's one page: who are you, and may Keyhold have this? Two people to be, and a way to say no.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { readBody } from '../http/read-body.ts';

/** By id: who one may be there, with their names. */
export const DEMO_ACCOUNTS = new Map([
  ['ada', 'Ada Lovelace'],
  ['grace', 'Grace Hopper'],
]);

export const INTERACTION_PATH = '/interaction/';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:15vh auto;padding:0 1.5rem;color:#1b1f24}' +
  'button{display:block;width:100%;margin:.5rem 0;padding:.7rem 1rem;font:inherit;border:1px solid #c9d1da;border-radius:.5rem;background:#fff;cursor:pointer}' +
  'button.yes{background:#1b4fd6;color:#fff;border-color:#1b4fd6}li{font-family:ui-monospace,monospace}';

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const choices = (): string =>
  [...DEMO_ACCOUNTS]
    .map(([id, name]) => `<button class="yes" name="account" value="${id}">Allow, as ${escapeHtml(name)}</button>`)
    .join('');

const consentPage = (scopes: string[]): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>Demo provider</title><style>${STYLE}</style></head><body><h1>Demo provider</h1>` +
  `<p>Keyhold asks for:</p><ul>${scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('')}</ul>` +
  `<form method="post">${choices()}<button name="account" value="">Deny</button></form></body></html>`;

const grantFor = async (provider: Provider, accountId: string, { clientId, scope }: Record<string, string>) => {
  const grant = new provider.Grant({ accountId, clientId: clientId ?? '' });
  grant.addOIDCScope(scope ?? '');
  return grant.save();
};

const decide = async (provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { params } = await provider.interactionDetails(request, response);
  const body = await readBody(request, 4096);
  const account = new URLSearchParams(body?.toString('utf8') ?? '').get('account') ?? '';
  if (!DEMO_ACCOUNTS.has(account)) {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  const asked = { clientId: String(params.client_id), scope: String(params.scope ?? '') };
  const grantId = await grantFor(provider, account, asked);
  await provider.interactionFinished(request, response, { login: { accountId: account }, consent: { grantId } });
};

const show = async (provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { params } = await provider.interactionDetails(request, response);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(
    consentPage(
      String(params.scope ?? '')
        .split(' ')
        .filter(Boolean),
    ),
  );
};

export const answerDemoPage = async (
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    await (request.method === 'POST' ? decide : show)(provider, request, response);
  } catch {
    response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('This page is no longer open. Start connecting again.\n');
  }
};
