// The HTTP server before it can serve: it holds its port, and answers nothing until it can answer rightly.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHttpServer } from '../../../../local/http/http-server.ts';
import { jsonReply } from '../../../../local/http/reply.ts';
import { StartRefused } from '../../../../local/start-refused.ts';

const open = async (...args: Parameters<typeof openHttpServer>) => {
  const http = await openHttpServer(...args);
  onTestFinished(() => http.close());
  return http;
};

describe('openHttpServer', () => {
  it('answers requests that came before it could serve, with what it then serves', async () => {
    const http = await open(0);
    const early = [1, 2].map(async () => (await fetch(http.url)).json());
    http.answerWith(async () => jsonReply(200, { served: true }));
    expect(await Promise.all(early)).toEqual([{ served: true }, { served: true }]);
  });

  it('refuses a port that is taken, at once', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    await expect(openHttpServer(port)).rejects.toThrow(StartRefused);
  });

  it('reports each answer with its request and its time', async () => {
    const seen: unknown[] = [];
    const http = await open(0, ({ method, url }, { status }, milliseconds) => {
      seen.push([method, url, status, milliseconds >= 0]);
    });
    http.answerWith(async () => jsonReply(404, {}));
    await (await fetch(`${http.url}/a?b`)).text();
    expect(seen).toEqual([['GET', '/a?b', 404, true]]);
  });
});
