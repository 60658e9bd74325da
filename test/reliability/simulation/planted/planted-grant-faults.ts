// Planted faults in what a grant is bound to: its tokens are sent with another client, or to another origin.
import type { OAuth2Secret } from '../../../../lib/domain/credential/credential.ts';
import type { Sealer } from '../../../../lib/domain/ports/sealer.ts';
import type { PlantedFaults } from './planted-fault.ts';

const CLIENT = 'a grant goes only with';
const ORIGIN = 'a grant goes only to';

/** Opens secrets for a refresh without this field. */
const forgetting =
  (field: keyof OAuth2Secret) =>
  (sealer: Sealer): Sealer => ({
    ...sealer,
    openToReseal: async (...asked) => {
      const opened = await sealer.openToReseal(...asked);
      return { ...opened, document: { ...(opened.document as object), [field]: undefined } };
    },
  });

export const plantedGrantFaults: PlantedFaults = {
  'a grant refreshed with the current client': { violates: CLIENT, sealer: forgetting('clientId') },

  'a grant refreshed wherever the token endpoint is': { violates: ORIGIN, sealer: forgetting('tokenOrigin') },

  'a grant that remembers the current client instead of the one it was refreshed with': {
    violates: CLIENT,
    oauth: (oauth) => ({
      ...oauth,
      // What the caller seals with the grant is read from the client that it sent.
      refresh: async (client, ...asked) => {
        const answer = await oauth.refresh({ ...client }, ...asked);
        client.clientId = 'client-1';
        return answer;
      },
    }),
  },

  'a grant revoked with the current client': {
    violates: CLIENT,
    sealer: (sealer) => ({
      ...sealer,
      open: async (...asked) => ({ ...((await sealer.open(...asked)) as object), clientId: undefined }),
    }),
  },
};
