// Why an MCP server's grant is at an end, once a token of it was refused: the resource's metadata is read once, past every cache. The
// only request on the path of a refresh that does not go to the token endpoint, and its answer leads to no other.
import type { BrokenReason } from '../../domain/credential/credential.ts';
import type { GrantServer } from '../../domain/mcp/grant-server.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { IssuerReader } from '../../domain/ports/server-discovery.ts';
import { isClientRefused, noteRefusedClient } from './note-refused-client.ts';

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

/**
 * Whether the server no longer knows the client: only a registration can be lost. The operator's client is a matter of the configuration,
 * and a metadata document may only be out of the server's reach just now.
 */
const isClientGone = ({ client }: GrantServer, fault: ProviderFault): boolean =>
  client === 'registered' && isClientRefused(fault);

/** Whether an answer says that the grant or its client is refused, and not that the server is in trouble. */
const isRefusal = ({ kind }: ProviderFault): boolean => kind === 'dead_grant' || kind === 'client_fault';

/** A refusal, and what is sealed with the grant. */
export interface ServerRefusal {
  server: GrantServer;
  clientId: string;
  fault: ProviderFault;
}

/**
 * What a refused refresh means for the grant; null: nothing that would end it. A client that is gone is noted before any grant is
 * marked for it: where this is its last one, nothing else would let the next start register another.
 */
export const judgeServerRefusal = async (
  deps: IssuerReaderDeps & Pick<Deps, 'issuers' | 'clock'>,
  { server, clientId, fault }: ServerRefusal,
): Promise<Extract<BrokenReason, 'issuer_changed' | 'client_gone'> | null> => {
  if (!isRefusal(fault)) return null;
  if (await isIssuerChanged(deps, server)) return 'issuer_changed';
  if (!isClientGone(server, fault)) return null;
  return (await noteRefusedClient(deps, { ...server, clientId })) ? 'client_gone' : null;
};
