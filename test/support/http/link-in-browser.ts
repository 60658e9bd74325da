// A connect link in a browser: sends the token of the link, and keeps the cookies that answers set, as a browser does.
import { expect } from 'vitest';
import type { Reply } from './http-caller.ts';
import type { Keyhold } from './local-server.ts';

export interface LinkInBrowser {
  token: string;
  /** What the page sends: the token, and the cookies of the browser. */
  headers(): Record<string, string>;
  /** A call of the link plane; `path` follows `/v1/link`. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

/** Cookies by name; several links may share a browser. */
export type CookieJar = Map<string, string>;

const keepCookies = (jar: CookieJar, { headers }: Reply): void => {
  for (const text of headers['set-cookie'] ?? []) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
    jar.set(name, value);
  }
};

/** The token in a browser of its own, or in the one whose cookies are given. */
export const linkInBrowser = (
  { anonymous }: Keyhold,
  token: string,
  jar: CookieJar = new Map<string, string>(),
): LinkInBrowser => {
  const headers = (): Record<string, string> => ({
    authorization: `Link ${token}`,
    ...(jar.size > 0 && { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
  });
  return {
    token,
    headers,
    call: async (method, path, body, more = {}) => {
      const reply = await anonymous.call(method, `/v1/link${path}`, body, { ...headers(), ...more });
      keepCookies(jar, reply);
      return reply;
    },
  };
};

/** Makes a link for the user, and opens it in a browser, which does not call yet. */
export const openLink = async (
  keyhold: Keyhold,
  userId: string,
  body: object = {},
  jar?: CookieJar,
): Promise<LinkInBrowser> => {
  const { status, json, text } = await keyhold.worker.call('POST', `/v1/users/${userId}/connect-links`, body);
  expect([status, status === 201 ? '' : text]).toEqual([201, '']);
  return linkInBrowser(keyhold, new URL(json.url).hash.slice(1), jar);
};
