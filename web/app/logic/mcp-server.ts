// MCP servers are connected by their address (URL): what was typed becomes one, and a server is called by it.
import type { Account, Link, Provider } from './contract.ts';

/** Whether this provider stands for every MCP server. */
export const isMcp = ({ provider }: Pick<Provider, 'provider'>): boolean => provider === 'mcp';

/** Whether a text is an address, and no name. Chromium reads a host with spaces as one. */
export const isAddress = (text: string): boolean => /^https?:\/\/\S+$/i.test(text);

/** The address that was typed or pasted, with `https://` where it has no scheme; undefined: it is none. */
export const readServerUrl = (typed: string): string | undefined => {
  const text = typed.trim();
  const address = text.includes('://') ? text : `https://${text}`;
  return isAddress(address) && URL.canParse(address) ? address : undefined;
};

/** The address that the person does not choose: that of the link, or of the account to reconnect. null: they type it. */
export const fixedServerUrl = (link: Link | null, account: Account | null): string | null =>
  link?.preset?.mcpServerUrl ?? account?.resource ?? null;

/** What a server is called: its address without the scheme. */
export const serverName = (url: string): string => url.replace(/^\w+:\/\//, '');

/** The provider under the name of the server at an address, where one is known. */
export const nameServer = (provider: Provider, url: string | null | undefined): Provider =>
  url ? { ...provider, displayName: serverName(url) } : provider;

/** The input of an address, as that of a variable. */
export const ADDRESS = 'mcpServerUrl';

/** The provider as its page shows it: an MCP server whose address is not fixed, with an input for it. */
export const withAddress = (provider: Provider, fixed: string | null, typed = ''): Provider => {
  if (!isMcp(provider) || fixed) return nameServer(provider, fixed);
  const label = 'Address of the server (URL)';
  const input = { name: ADDRESS, label, required: true, example: 'https://mcp.example.com/mcp', default: typed };
  return { ...provider, displayName: 'an MCP server', variables: [input] };
};
