// Secrets in answers are replaced before they are printed, unless the person asked to see them.
import type { ResolvedCredential } from '../../client/generated/api-types.ts';

/** Stands in place of a secret. */
export const HIDDEN = '(hidden)';

const hideAll = (values: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? hideAll(value) : HIDDEN,
    ]),
  );

/** A resolved credential whose secret, headers, query and metadata say only what there is. */
export const hideSecrets = (resolved: ResolvedCredential): unknown => ({
  ...resolved,
  credential: {
    ...resolved.credential,
    secret: hideAll(resolved.credential.secret),
    metadata: resolved.credential.metadata && hideAll(resolved.credential.metadata),
  },
  headers: hideAll(resolved.headers),
  query: hideAll(resolved.query),
});
