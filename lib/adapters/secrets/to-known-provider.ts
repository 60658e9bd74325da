// The provider that an operator's entry stands for. No issuer is asked before its provider is used.
import type { AuthorizationServer } from '../../domain/mcp/authorization-server.ts';
import { type IssuerEndpoints, pickIssuerEndpoints } from '../../domain/oauth/client/issuer-endpoints.ts';
import { completeRecord, recallRecord } from '../../domain/oauth/client/issuer-record.ts';
import { providerProfile } from '../../domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../domain/oauth/provider-record.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import type { OperatorEntry } from './operator-provider.ts';

/** Reads an issuer's metadata, cached; with `pastCache` it is asked now. Throws `server_not_connectable`. */
export type ReadServer = (issuer: string, options?: { pastCache: boolean }) => Promise<AuthorizationServer>;

/** The provider of an entry. One that names only its issuer has its endpoints from the metadata, or from what a grant keeps of that. */
export const toKnownProvider = (entry: OperatorEntry, readServer: ReadServer | null): KnownProvider => {
  const { issuerRecord, ...known } = entry;
  if (issuerRecord === undefined || readServer === null) return known;
  const toProfile = (record: ProviderRecord, issuerEndpoints: IssuerEndpoints) => ({
    ...providerProfile(known.provider, record),
    issuerEndpoints,
  });
  return {
    ...known,
    fromIssuer: {
      async read(options) {
        const server = await readServer(issuerRecord.issuer, options);
        return toProfile(completeRecord(issuerRecord, server, known.client), pickIssuerEndpoints(server));
      },
      recall: (endpoints) =>
        endpoints.issuer === issuerRecord.issuer
          ? toProfile(recallRecord(issuerRecord, endpoints, known.client), endpoints)
          : null,
    },
  };
};
