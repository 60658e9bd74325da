// What a link allows. What it presets is filled in where a request leaves it out, and nothing else is accepted in its place.
import type { CredentialView } from '../credential/credential-view.ts';
import { MCP_PROVIDER } from '../mcp/grant-server.ts';
import { coversUrl } from '../mcp/resource-url.ts';
import { isAllowedReturnUrl, isConnectPage, type RedirectPolicy } from '../oauth/redirect-url.ts';
import type { LinkPayload } from './connect-link.ts';
import { linkNotAllowed } from './link-refusal.ts';

interface WithVariables {
  /** undefined: an MCP server. */
  provider?: string | undefined;
  variables?: Record<string, string> | undefined;
}

interface WithScopes extends WithVariables {
  scopes?: readonly string[] | undefined;
}

interface Connecting extends WithScopes {
  mcpServerUrl?: string | undefined;
  challenge?: string | undefined;
  credentialId?: string | undefined;
  callbackUrl?: string | undefined;
  returnUrl?: string | undefined;
}

const assertProvider = (link: LinkPayload, { provider = MCP_PROVIDER }: WithVariables): void => {
  if (link.provider !== null && provider !== link.provider) throw linkNotAllowed('another provider');
};

const assertServer = (link: LinkPayload, { mcpServerUrl }: Connecting): void => {
  if (link.mcpServerUrl !== null && mcpServerUrl !== link.mcpServerUrl) throw linkNotAllowed('another MCP server');
};

/** A challenge can name the place of the metadata, and so who authorizes: who made the link has chosen that with the server. */
const assertChallenge = (link: LinkPayload, { challenge }: Connecting): void => {
  const isChosen = link.mcpServerUrl !== null || link.credentialId !== null;
  if (isChosen && challenge !== undefined) throw linkNotAllowed('challenge');
};

const applyVariables = <T extends WithVariables>(link: LinkPayload, request: T): T => {
  if (link.variables === null) return request;
  const preset = Object.entries(link.variables);
  const given = new Map(Object.entries(request.variables ?? {}));
  const differs = preset.some(([name, value]) => given.has(name) && given.get(name) !== value);
  if (differs) throw linkNotAllowed('other variables');
  return { ...request, variables: { ...request.variables, ...link.variables } };
};

const applyScopes = <T extends WithScopes>(link: LinkPayload, request: T): T => {
  if (link.scopes === null) return request;
  const { scopes: allowed } = link;
  const asked = request.scopes?.length ? request.scopes : allowed;
  if (!asked.every((scope) => allowed.includes(scope))) throw linkNotAllowed('other scopes');
  return { ...request, scopes: asked };
};

/** A link without `manage` shows nothing that is stored, so its user can name only the credential it was made for. */
const applyCredential = <T extends Connecting>(link: LinkPayload, request: T): T => {
  const { credentialId = link.credentialId ?? undefined } = request;
  if (link.credentialId !== null && credentialId !== link.credentialId) throw linkNotAllowed('another credential');
  const isNamed = link.credentialId === null && credentialId !== undefined;
  if (isNamed && !link.manage) throw linkNotAllowed('a credential, without manage');
  return credentialId === undefined ? request : { ...request, credentialId };
};

/**
 * The browser comes back to the connect page or to the return URL of the link. What no caller may use is left to `url_not_allowed`.
 */
const assertReturnUrl = (link: LinkPayload, { returnUrl }: Connecting, redirects: RedirectPolicy): void => {
  if (returnUrl === undefined || returnUrl === link.returnUrl) return;
  if (isAllowedReturnUrl(returnUrl, redirects) && !isConnectPage(returnUrl, redirects)) {
    throw linkNotAllowed('another returnUrl');
  }
};

/** A connection in a browser, as the link allows it. Throws `link_not_allowed`. */
export const applyToConnection = <T extends Connecting>(
  link: LinkPayload,
  request: T,
  redirects: RedirectPolicy,
): T => {
  assertProvider(link, request);
  assertServer(link, request);
  assertChallenge(link, request);
  assertReturnUrl(link, request, redirects);
  if (request.callbackUrl !== undefined) throw linkNotAllowed('callbackUrl');
  return applyCredential(link, applyScopes(link, applyVariables(link, request)));
};

/** A connection on a device adds a credential, so a link for one credential allows none. Throws `link_not_allowed`. */
export const applyToDevice = <T extends WithScopes>(link: LinkPayload, request: T): T => {
  assertProvider(link, request);
  if (link.credentialId !== null) throw linkNotAllowed('a new credential');
  return applyScopes(link, applyVariables(link, request));
};

/** A credential to store or to check. An MCP server has none but by connecting. Throws `link_not_allowed`. */
export const applyToCredential = <T extends WithVariables>(link: LinkPayload, request: T): T => {
  assertProvider(link, request);
  if (link.credentialId !== null || link.mcpServerUrl !== null) throw linkNotAllowed('a new credential');
  return applyVariables(link, request);
};

/** Whether a link with `manage` shows the credential. */
export const isShown = (
  link: LinkPayload,
  { id, provider, resource }: Pick<CredentialView, 'id' | 'resource'> & { provider: string | null },
): boolean =>
  (link.provider === null || provider === link.provider) &&
  (link.mcpServerUrl === null || (resource !== null && coversUrl(resource, link.mcpServerUrl))) &&
  (link.credentialId === null || id === link.credentialId);
