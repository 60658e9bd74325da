// Headers and cookies of an event in payload format 2.0: names in lower case, duplicates joined by commas, cookies separate,
// hop-by-hop headers left out, and the x-forwarded headers added.

/** Header values by lower-case name, and the cookies; undefined without any. */
export interface EventHeaders {
  headers: Record<string, string>;
  cookies: string[] | undefined;
}

const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect'],
]);

const SOURCE_IP = '127.0.0.1';

const joinDuplicates = (rawHeaders: readonly string[]): Map<string, string> => {
  const joined = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const separator = name === 'cookie' ? ';' : ',';
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}${separator}${value}`);
  }
  return joined;
};

const splitCookies = (header: string | undefined): string[] | undefined => {
  const cookies = header?.split(';').map((cookie) => cookie.trim());
  return cookies?.filter((cookie) => cookie !== '');
};

/** `rawHeaders`: names and values alternating, as Node gives them. `port`: the one the server listens on. */
export const readEventHeaders = (rawHeaders: readonly string[], port: number): EventHeaders => {
  const joined = joinDuplicates(rawHeaders);
  const cookies = splitCookies(joined.get('cookie'));
  joined.delete('cookie');
  for (const name of HOP_BY_HOP) joined.delete(name);
  const forwarded = joined.get('x-forwarded-for');
  joined.set('x-forwarded-for', forwarded === undefined ? SOURCE_IP : `${forwarded}, ${SOURCE_IP}`);
  joined.set('x-forwarded-port', String(port));
  joined.set('x-forwarded-proto', 'http');
  return { headers: Object.fromEntries(joined), cookies };
};
