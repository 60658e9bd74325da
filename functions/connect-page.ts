// The function of the connect page: one document for everybody, with the cookie of the link's browser. It has no rights and reads nothing
// of a request but whether a browser shows the page, takes gzip and has the cookie. The page itself calls the link plane.
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { connectPageDeps } from '../lib/container/shared/connect-page.ts';
import { newStateToken } from '../lib/domain/oauth/pkce.ts';
import { readLinkCookie, writeLinkCookie } from '../lib/http/link-browser.ts';
import { readPageConfig } from '../lib/page-config.ts';
import { appCode } from '../web/build/app-code.ts';
import { renderPage } from '../web/page/render-page.ts';

const { CONNECT_PAGE_NAME: name, CONNECT_PAGE_ACCENT: accent, PUBLIC_BASE_URL: publicBaseUrl } = readPageConfig();
const { html, policy } = renderPage(appCode, { name, accent });
const { random } = connectPageDeps();
const zipped = gzipSync(html, { level: 9 }).toString('base64');

const HEADERS = {
  // As every answer: an address that a browser comes back to has a receipt, and a new setting shows at once.
  'cache-control': 'no-store',
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  // A provider that the page leads to cannot reach the window that opened the page.
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), clipboard-write=(self)',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  vary: 'accept-encoding',
};

/** RFC 9110 §12.5.3, as far as browsers use it. */
const takesGzip = (accepted: string | undefined): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted ?? '');

type PageEvent = Pick<APIGatewayProxyEventV2, 'headers' | 'cookies'>;

/**
 * The cookie is there before the page sends its first request: a page that is loaded again before the answer to that arrives would have
 * lost its link. Only a browser that opens the page gets one, and only if it has none: a request for it from within another site's page
 * comes without the cookie, and must not replace it.
 */
const newCookies = ({ headers, cookies = [] }: PageEvent): { cookies?: string[] } => {
  if (headers['sec-fetch-dest'] !== 'document' || readLinkCookie(publicBaseUrl, cookies) !== null) return {};
  return { cookies: [writeLinkCookie(publicBaseUrl, newStateToken(random.bytes))] };
};

/** Answers 200 with the page to every event. */
export const handler = async (event: PageEvent): Promise<APIGatewayProxyStructuredResultV2> => {
  const answer = { statusCode: 200, ...newCookies(event) };
  if (!takesGzip(event.headers['accept-encoding'])) return { ...answer, headers: HEADERS, body: html };
  return {
    ...answer,
    headers: { ...HEADERS, 'content-encoding': 'gzip' },
    body: zipped,
    isBase64Encoded: true,
  };
};
