// What goes on the wire for a checked URL and a checked address.
import { once } from 'node:events';
import { request } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { requestOptions } from '../../../../lib/adapters/outbound/request-options.ts';

const URL_OF_PROVIDER = new URL('https://auth.example.com:8443/token?a=b');

describe('requestOptions', () => {
  it('connects to the address and keeps the name for TLS and Host', () => {
    expect(requestOptions(URL_OF_PROVIDER, '198.51.100.7', { method: 'GET' })).toMatchObject({
      host: '198.51.100.7',
      port: 8443,
      servername: 'auth.example.com',
      path: '/token?a=b',
      headers: { host: 'auth.example.com:8443' },
      agent: false,
    });
  });

  it('names the server in the TLS handshake with the address', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const url = new URL(`https://auth.example.com:${port}/`);
    const sent = request(requestOptions(url, '127.0.0.1', { method: 'GET' })).on('error', () => {});
    sent.end();
    const [socket] = (await once(server, 'connection')) as [Socket];
    const [hello] = (await once(socket, 'data')) as [Buffer];
    sent.destroy();
    server.close();
    expect(hello.includes('auth.example.com')).toBe(true);
  });

  it.each([
    ['https://auth.example.com/', 443],
    ['http://localhost/', 80],
  ])('knows the port of %s', (url, port) => {
    expect(requestOptions(new URL(url), '127.0.0.1', { method: 'GET' }).port).toBe(port);
  });

  it('sends a user agent, accepts JSON and refuses compression', () => {
    expect(requestOptions(URL_OF_PROVIDER, '127.0.0.1', { method: 'GET' }).headers).toMatchObject({
      'user-agent': expect.stringMatching(/^keyhold\/\d/),
      accept: 'application/json',
      'accept-encoding': 'identity',
    });
  });

  it('sends the content length in bytes for every method', () => {
    const options = requestOptions(URL_OF_PROVIDER, '127.0.0.1', { method: 'DELETE', body: 'é' });
    expect(options.headers).toMatchObject({ 'content-length': '2' });
  });

  it.each([
    'Host',
    'Cookie',
    'Connection',
    'Keep-Alive',
    'Content-Length',
    'Transfer-Encoding',
    'TE',
    'Trailer',
    'Upgrade',
    'Expect',
    'Proxy-Authorization',
    'User-Agent',
    'Accept-Encoding',
  ])('does not let the caller set %s', (name) => {
    const { headers } = requestOptions(URL_OF_PROVIDER, '127.0.0.1', { method: 'GET', headers: { [name]: 'planted' } });
    expect(JSON.stringify(headers)).not.toContain('planted');
  });

  it('sends no other headers without the caller’s headers and body', () => {
    const { method, headers } = requestOptions(URL_OF_PROVIDER, '127.0.0.1', { method: 'DELETE' });
    expect(method).toBe('DELETE');
    expect(Object.keys(headers ?? {}).toSorted()).toEqual(['accept', 'accept-encoding', 'host', 'user-agent']);
  });

  it.each(['X-Host', 'Hostname', 'X-Cookie', 'Cookie2', 'Retry-Expect', 'X-Proxy-Id', 'Proxy'])(
    'sends %s, which resembles a reserved header',
    (name) => {
      const given = { method: 'GET', headers: { [name]: 'v' } };
      expect(requestOptions(URL_OF_PROVIDER, '127.0.0.1', given).headers).toHaveProperty([name.toLowerCase()], 'v');
    },
  );

  it('sends the caller’s other headers', () => {
    const given = { Authorization: 'Bearer t', Accept: 'application/vnd.x+json', 'Content-Type': 'text/x' };
    expect(requestOptions(URL_OF_PROVIDER, '127.0.0.1', { method: 'GET', headers: given }).headers).toMatchObject({
      authorization: 'Bearer t',
      accept: 'application/vnd.x+json',
      'content-type': 'text/x',
    });
  });
});
