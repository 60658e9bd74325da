// Notes that a server no longer knows the client that was registered there. The note only lets the next start register a new client: the
// refused one is kept, so a server that refuses it by mistake ends nobody's grant.
import type { ClientSource } from '../../domain/mcp/authorization-server.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { FormerClientKey } from '../../domain/ports/issuer-store.ts';
import type { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

/** RFC 6749 §5.2: the server does not know the client, or does not let it use the grant. */
const CLIENT_WORDS: ReadonlySet<string | null> = new Set(['invalid_client', 'unauthorized_client']);

/** Whether the answer of a token endpoint says that the server does not know the client. */
export const isClientRefused = ({ kind, providerCode }: ProviderFault): boolean =>
  kind === 'client_fault' && CLIENT_WORDS.has(providerCode);

/** A client that was refused, and where it comes from. */
export interface RefusedClient extends FormerClientKey {
  client: ClientSource;
}

/** Notes it, if the client is a registered one. False when the table fails: then it is not noted. */
export const noteRefusedClient = async (
  { issuers, clock }: Pick<Deps, 'issuers' | 'clock'>,
  { client, issuer, redirectUri, clientId }: RefusedClient,
): Promise<boolean> => {
  if (client !== 'registered') return true;
  try {
    await issuers.noteRefusedClient({ issuer, redirectUri, clientId }, clock.now());
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
};
