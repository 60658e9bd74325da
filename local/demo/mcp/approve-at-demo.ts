// Plays the browser of a person who approves at the demo provider: for the demo that shows an agent without anybody at a keyboard.

const MAX_PAGES = 12;

/** Keeps the cookies that the provider sets, and sends them. */
const makeBrowser = () => {
  const cookies = new Map<string, string>();
  return async (url: string, form?: Record<string, string>): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form && { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...body });
    for (const text of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
};

/**
 * Follows the authorization URL, allows what is asked as the account, and answers the receipt on the page that the callback shows.
 * Rejects where that is not where it ends.
 */
export const approveAtDemo = async (authorizationUrl: string, account: string): Promise<string> => {
  const visit = makeBrowser();
  const { origin } = new URL(authorizationUrl);
  let [url, response] = [authorizationUrl, await visit(authorizationUrl)];
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const location = response.headers.get('location');
    const text = await response.text();
    const isAtProvider = new URL(url).origin === origin;
    if (location !== null) url = new URL(location, url).href;
    else if (!isAtProvider) return /<code id="receipt">([^<]+)</.exec(text)?.[1] ?? '';
    response = await visit(url, location === null ? { account } : undefined);
  }
  throw new Error('the demo provider did not send the browser back');
};
