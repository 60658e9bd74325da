// The body of a request as JSON: bounded, of the right type, valid UTF-8, and parsed. Whatever is wrong with it is said
// without repeating any of it.
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { invalidRequest, ServiceError } from '../../domain/values/service-error.ts';

export const MAX_BODY_BYTES = 64 * 1024;

const parser = httpJsonBodyParser();

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decode = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): string => {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    throw new ServiceError('body_too_large', { detail: `at most ${MAX_BODY_BYTES} bytes` });
  }
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalidRequest('#', 'the body must be UTF-8');
  }
};

/** Throws `body_too_large`, `unsupported_media_type`, `invalid_request`. */
export const readBody = (event: APIGatewayProxyEventV2): unknown => {
  const parsed = { ...event, body: decode(event), isBase64Encoded: false };
  try {
    parser.before?.({ event: parsed } as never);
    return parsed.body;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 415) throw new ServiceError('unsupported_media_type');
    throw invalidRequest('#', 'the body must be JSON');
  }
};
