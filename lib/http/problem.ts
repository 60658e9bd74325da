// Errors as problem documents (RFC 9457). The document of a 5xx carries no detail: it could describe the inside of the service.
import type { ServiceError } from '../domain/values/service-error.ts';
import { problemTypes } from './problem-types.ts';

/** The problem document of an error; `requestId` becomes its `instance`. */
export const problemDocument = (error: ServiceError, requestId: string): Record<string, unknown> => {
  const { status, title } = problemTypes[error.code];
  const document = { ...error.members, type: `urn:keyhold:problem:${error.code}`, title, status, code: error.code };
  if (status >= 500) return { ...document, instance: requestId };
  return {
    ...document,
    instance: requestId,
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.errors !== undefined && { errors: error.errors }),
  };
};

/** The Retry-After header of an error, in seconds; empty where repeating the request does not help. */
export const retryAfter = ({ code, retryAfterSeconds }: ServiceError): Record<string, string> => {
  const seconds = retryAfterSeconds ?? problemTypes[code].retryAfter;
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
};
