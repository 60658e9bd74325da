// The function of the connect page: one document for everybody. It has no rights and reads nothing of a request but whether the browser
// takes gzip. The page itself calls the link plane, with the token of its link.
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { readPageConfig } from '../lib/page-config.ts';
import { appCode } from '../web/build/app-code.ts';
import { renderPage } from '../web/page/render-page.ts';

const { CONNECT_PAGE_NAME: name, CONNECT_PAGE_ACCENT: accent } = readPageConfig();
const { html, policy } = renderPage(appCode, { name, accent });
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

type PageEvent = Pick<APIGatewayProxyEventV2, 'headers'>;

/** Answers 200 with the page to every event. */
export const handler = async ({ headers }: PageEvent): Promise<APIGatewayProxyStructuredResultV2> => {
  if (!takesGzip(headers['accept-encoding'])) return { statusCode: 200, headers: HEADERS, body: html };
  return {
    statusCode: 200,
    headers: { ...HEADERS, 'content-encoding': 'gzip' },
    body: zipped,
    isBase64Encoded: true,
  };
};
