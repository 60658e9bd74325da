// The document that describes this deployment as an OAuth client, which authorization servers read.
import { CLIENT_METADATA_PATH } from '../../../platform.ts';
import { ClientMetadataDocument } from '../../schemas/client-metadata.ts';
import { route } from '../route.ts';

/** The document; it needs no right. */
export const clientMetadataRoutes = {
  getClientMetadata: route({
    method: 'GET',
    path: CLIENT_METADATA_PATH,
    plane: 'public',
    function: 'client-metadata',
    capabilities: [],
    answers: { 200: ClientMetadataDocument },
  }),
} as const;
