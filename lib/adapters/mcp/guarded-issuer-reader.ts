// Asks an MCP server for its issuer. Apart from discovery, so that a function that refreshes has no code that reads a server's endpoints
// or registers there.
import type { IssuerReader } from '../../domain/ports/server-discovery.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { DiscoveryAccess } from './fetch-document.ts';
import { findMetadata } from './find-metadata.ts';

/** `budgetMilliseconds`: for all requests of one question. */
export type IssuerReaderParts = Omit<DiscoveryAccess, 'signal'> & { budgetMilliseconds: number };

/** Implements `IssuerReader`. */
export const guardedIssuerReader = ({ budgetMilliseconds, ...access }: IssuerReaderParts): IssuerReader => ({
  async readIssuerNow(url, current) {
    const signal = AbortSignal.timeout(budgetMilliseconds);
    try {
      const { resource } = await findMetadata({ ...access, signal }, { url, challenge: null });
      const issuers = resource?.issuers ?? [];
      return issuers.includes(current) ? current : (issuers[0] ?? null);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return null;
    }
  },
});
