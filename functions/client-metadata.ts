// The function of the client metadata document, which authorization servers read: the same for everybody. It has no rights and reads
// nothing of a request.
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { metadataDocument } from '../lib/domain/mcp/client-metadata.ts';
import { readClientConfig } from '../lib/page-config.ts';

const { publicBaseUrl, name } = readClientConfig();
const body = JSON.stringify(metadataDocument(publicBaseUrl, name));

/** As every answer, but that it may be kept for an hour: servers read it again for each connection otherwise. */
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'public, max-age=3600',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Answers 200 with the document to every event. */
export const handler = async (): Promise<APIGatewayProxyStructuredResultV2> => ({
  statusCode: 200,
  headers: HEADERS,
  body,
});
