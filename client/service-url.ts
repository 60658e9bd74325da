// The address of the service, checked once: what a client sends and gets is secret, so it goes over https, or to this machine.

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether the address is of this machine: the local server. */
export const isLoopback = (url: string): boolean => LOOPBACK.test(new URL(url).hostname);

/** The address without a slash at the end. Throws `TypeError` for what is no https or loopback URL, or has more than a path. */
export const readServiceUrl = (text: string): string => {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.href)))) {
    throw new TypeError('url must be the https address of the service, or http on this machine');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new TypeError('url must have no user name, query or fragment');
  }
  return url.href.replace(/\/+$/, '');
};
