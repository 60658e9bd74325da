// Why an MCP server's grant is at an end, once a token of it was refused: the resource's metadata is read once, past every cache. The
// only request on the path of a refresh that does not go to the token endpoint, and its answer leads to no other.
import type { BrokenReason } from '../../domain/credential/credential.ts';
import type { GrantServer } from '../../domain/mcp/grant-server.ts';
import type { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { IssuerReader } from '../../domain/ports/server-discovery.ts';

/** The one question that a refresh may ask. */
export interface IssuerReaderDeps {
  issuerReader: IssuerReader;
}

/** Whether the resource names another authorization server now. False where that cannot be told. */
export const isIssuerChanged = async (
  { issuerReader }: IssuerReaderDeps,
  { resource, issuer }: GrantServer,
): Promise<boolean> => {
  const now = await issuerReader.readIssuerNow(resource, issuer);
  return now !== null && now !== issuer;
};

/** RFC 6749 §5.2: the server does not know the client, or does not let it refresh. */
const CLIENT_WORDS: ReadonlySet<string | null> = new Set(['invalid_client', 'unauthorized_client']);

/** Whether the server no longer knows the client. The operator's own client is a matter of the configuration and marks no grant. */
const isClientGone = ({ client }: GrantServer, { kind, providerCode }: ProviderFault): boolean =>
  client !== 'operator' && kind === 'client_fault' && CLIENT_WORDS.has(providerCode);

/** Whether an answer says that the grant or its client is refused, and not that the server is in trouble. */
const isRefusal = ({ kind }: ProviderFault): boolean => kind === 'dead_grant' || kind === 'client_fault';

/** What a refused refresh means for the grant; null: nothing that would end it. */
export const judgeServerRefusal = async (
  deps: IssuerReaderDeps,
  server: GrantServer,
  fault: ProviderFault,
): Promise<Extract<BrokenReason, 'issuer_changed' | 'client_gone'> | null> => {
  if (!isRefusal(fault)) return null;
  if (await isIssuerChanged(deps, server)) return 'issuer_changed';
  return isClientGone(server, fault) ? 'client_gone' : null;
};
