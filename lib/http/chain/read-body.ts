// Reads the JSON or form body of a request: bounded, of the right media type, valid UTF-8. A refusal repeats nothing of the body.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { invalidRequest, ServiceError } from '../../domain/values/service-error.ts';
import { MAX_BODY_BYTES } from '../routes/route.ts';

/** `application/json`, or a type with the suffix `+json` (RFC 6839 §3.1), with or without parameters. */
const JSON_MEDIA_TYPE = /^application\/(?:[a-z\d.+-]+\+)?json(?:;|$)/i;

/** What browsers send from a form. */
const FORM_MEDIA_TYPE = /^application\/x-www-form-urlencoded(?:;|$)/i;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const readMediaType = ({ headers }: APIGatewayProxyEventV2): string => headers['content-type'] ?? '';

const readBytes = ({ body, isBase64Encoded }: APIGatewayProxyEventV2, maxBytes: number): Buffer => {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBytes) {
    throw new ServiceError('body_too_large', { detail: `at most ${maxBytes} bytes` });
  }
  return bytes;
};

const decode = (event: APIGatewayProxyEventV2, maxBytes: number): string => {
  const bytes = readBytes(event, maxBytes);
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalidRequest('#', 'the body must be UTF-8');
  }
};

/** Merging an object with such a key could change the prototype of another object. */
const isPrototypeKey = (key: string, value: unknown): boolean =>
  key === '__proto__' || (key === 'constructor' && Object.hasOwn(Object(value), 'prototype'));

/** Either word, or an escape that could spell one. */
const MAY_NAME_PROTOTYPE = /__proto__|constructor|\\u/;

const parseJson = (text: string): unknown => {
  try {
    // Looking at each name takes seconds where a large body has hundreds of thousands.
    if (text.length > MAX_BODY_BYTES && !MAY_NAME_PROTOTYPE.test(text)) return JSON.parse(text);
    return JSON.parse(text, (key, value) => {
      if (isPrototypeKey(key, value)) throw new SyntaxError('prototype key');
      return value;
    });
  } catch {
    throw invalidRequest('#', 'the body must be JSON');
  }
};

/** The parsed body. Throws `body_too_large`, `unsupported_media_type`, `invalid_request`, in this order of checks. */
export const readBody = (event: APIGatewayProxyEventV2, maxBytes: number = MAX_BODY_BYTES): unknown => {
  const text = decode(event, maxBytes);
  if (!JSON_MEDIA_TYPE.test(readMediaType(event))) throw new ServiceError('unsupported_media_type');
  return parseJson(text);
};

/** The text of a form. Bytes that are not UTF-8 are replaced, as in a query. Throws `body_too_large`, `unsupported_media_type`. */
export const readForm = (event: APIGatewayProxyEventV2, maxBytes: number = MAX_BODY_BYTES): string => {
  const bytes = readBytes(event, maxBytes);
  if (!FORM_MEDIA_TYPE.test(readMediaType(event))) throw new ServiceError('unsupported_media_type');
  return bytes.toString();
};
