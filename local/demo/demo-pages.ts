// The consent page of the demo provider: allow the requested scopes as one of two accounts, or deny.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { escapeHtml } from '../../web/page/escape-html.ts';
import { pageReply } from '../http/page.ts';
import { readBody } from '../http/read-body.ts';
import { writeReply } from '../http/reply.ts';

/** The accounts of the demo provider, by id, with their names. */
export const DEMO_ACCOUNTS = new Map([
  ['ada', 'Ada Lovelace'],
  ['grace', 'Grace Hopper'],
]);

/** The path of the consent page, followed by the id of the interaction. */
export const INTERACTION_PATH = '/interaction/';

const choices = (): string =>
  [...DEMO_ACCOUNTS]
    .map(([id, name]) => `<button name="account" value="${id}">Allow, as ${escapeHtml(name)}</button>`)
    .join('');

const consentPage = (scopes: readonly string[], resource: string): string => {
  const where = resource && `<p class="soft">At the MCP server <code>${escapeHtml(resource)}</code></p>`;
  const items = scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('');
  const deny = '<button class="plain" name="account" value="">Deny</button>';
  return (
    '<main class="narrow"><h1>Demo provider</h1><p>Keyhold asks for access to your account:</p>' +
    `<ul>${items}</ul>${where}<form method="post" class="choices">${choices()}${deny}</form></main>`
  );
};

interface Requested {
  clientId: string;
  scope: string;
  /** The MCP server that the tokens are for; empty: none. */
  resource: string;
}

const saveGrant = async (provider: Provider, accountId: string, { clientId, scope, resource }: Requested) => {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(scope);
  if (resource) grant.addResourceScope(resource, scope);
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
  const { client_id: clientId, scope, resource } = params;
  const requested = { clientId: String(clientId), scope: String(scope ?? ''), resource: String(resource ?? '') };
  const grantId = await saveGrant(provider, account, requested);
  await provider.interactionFinished(request, response, { login: { accountId: account }, consent: { grantId } });
};

const show = async (provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { params } = await provider.interactionDetails(request, response);
  const scopes = String(params.scope ?? '').split(' ');
  const page = {
    title: 'Demo provider',
    body: consentPage(scopes.filter(Boolean), String(params.resource ?? '')),
    submits: true,
  };
  await writeReply(response, pageReply(page));
};

/** Answers below `INTERACTION_PATH`: shows the page on GET, and finishes the interaction on POST. */
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
