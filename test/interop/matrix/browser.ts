// A minimal browser of one person: it follows redirects with cookies, and submits the first form of each page as it stands.
// Where a redirect leads to `stopAt` it stops, since that address may not be the one the page is served from.

import { type IncomingMessage, request as sendRequest } from 'node:http';

const MOST_STEPS = 20;

/** Where the browser ended: the address, and the page if it was fetched. */
export interface Visited {
  url: URL;
  status: number | null;
  html: string;
}

interface Step {
  url: URL;
  form?: URLSearchParams;
}

const readForm = (page: Visited): Step | null => {
  const form = /<form[^>]*>[\s\S]*?<\/form>/i.exec(page.html)?.[0];
  if (form === undefined) return null;
  const attribute = (text: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(text)?.[1];
  const fields = [...form.matchAll(/<(?:input|button)[^>]*>/gi)].flatMap(([tag]): [string, string][] => {
    const name = attribute(tag, 'name');
    // A button that refuses is not pressed.
    return name === undefined || /abort|cancel|deny/i.test(name) ? [] : [[name, attribute(tag, 'value') ?? '']];
  });
  const action = (attribute(form, 'action') ?? page.url.href).replaceAll('&amp;', '&');
  return { url: new URL(action, page.url), form: new URLSearchParams(fields) };
};

/** A navigation, with what a browser says of one; `fetch` cannot say it. */
const navigate = ({ url, form }: Step, cookie: string): Promise<IncomingMessage> =>
  new Promise((answered, failed) => {
    const headers = {
      accept: 'text/html,application/xhtml+xml',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      ...(cookie && { cookie }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const request = sendRequest(url, { method: form ? 'POST' : 'GET', headers }, answered);
    request.on('error', failed);
    request.end(form?.toString());
  });

/** Opens a browser with no cookies. */
export const openBrowser = () => {
  const cookies = new Map<string, string>();

  const load = async ({ url, form }: Step): Promise<Visited | Step> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await navigate({ url, ...(form && { form }) }, cookie);
    for (const text of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      cookies.set(name, value);
    }
    const html = Buffer.concat(await response.toArray()).toString('utf8');
    const { location } = response.headers;
    if (location !== undefined) return { url: new URL(location, url) };
    return { url, status: response.statusCode ?? 0, html };
  };

  /** Visits an address; `stopAt` is the beginning of the addresses that are not fetched. */
  const visit = async (address: string, stopAt: string): Promise<Visited> => {
    let next: Step = { url: new URL(address) };
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (next.url.href.startsWith(stopAt)) return { url: next.url, status: null, html: '' };
      const loaded = await load(next);
      if (!('html' in loaded)) {
        next = loaded;
        continue;
      }
      const form = loaded.status === 200 ? readForm(loaded) : null;
      if (form === null) return loaded;
      next = form;
    }
    throw new Error('the browser went round in circles');
  };
  return { visit };
};
