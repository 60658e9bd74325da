// Headers of responses, as named components.
import { CLIENT_METADATA_PATH } from '../../platform.ts';
import type { Route } from '../routes/route.ts';

const text = (description: string, example: string) => ({ description, schema: { type: 'string' as const }, example });

/** The header components by name. */
export const responseHeaders = {
  ETag: text('The version of the user, to send as If-Match.', '"v4"'),
  NextETag: text('The new version of the user. Only in answer to a request with If-Match.', '"v4"'),
  CredentialLocation: text('The path of the new credential.', '/v1/me/credentials/openai-work'),
  ReturnLocation: text(
    'The return URL with `state` and `receipt`, or `state` and `error`, in its query.',
    'https://app.example.com/connected?state=zW8c0bEw&receipt=p4Vn1x0G',
  ),
  CacheControl: text('Nothing may be cached.', 'no-store'),
  KeptCacheControl: text('The answer may be kept for an hour.', 'public, max-age=3600'),
  RetryAfter: {
    description: 'Seconds to wait before repeating the request.',
    schema: { type: 'integer' as const, minimum: 1 },
    example: 1,
  },
};

type HeaderName = keyof typeof responseHeaders;

const ref = (name: HeaderName) => ({ $ref: `#/components/headers/${name}` });

/** The headers of a successful answer. */
export const answerHeaders = (route: Route, status: number) => {
  const createsCredential = status === 201 && route.path.endsWith('/credentials');
  return {
    'Cache-Control': ref(route.path === CLIENT_METADATA_PATH ? 'KeptCacheControl' : 'CacheControl'),
    ...(route.etag && { ETag: ref('ETag') }),
    ...(route.ifMatch !== 'none' && { ETag: ref(route.ifMatch === 'required' ? 'ETag' : 'NextETag') }),
    ...(createsCredential && { Location: ref('CredentialLocation') }),
    ...(status === 303 && { Location: ref('ReturnLocation') }),
  };
};

/** The headers of a problem document. */
export const problemHeaders = (status: number) => ({
  'Cache-Control': ref('CacheControl'),
  ...((status === 429 || status === 503) && { 'Retry-After': ref('RetryAfter') }),
});
