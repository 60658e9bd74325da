// A web server on loopback that answers each path with what a test puts there, and anything else with 404. It records the requests.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type RecordedRequest, recordRequest, type ScriptedReply, sendReply } from './provider-stub.ts';

/** What is where: a path, after its method unless that is GET. */
export type Places = Record<string, ScriptedReply>;

export interface WebPlaces {
  url: string;
  requests: RecordedRequest[];
  /** Clears the records and all places, and puts these there. */
  put(places: Places): void;
  /** The requests as `METHOD path`. */
  listRequests(): string[];
  close(): void;
}

export const startWebPlaces = async (): Promise<WebPlaces> => {
  let places: Places = {};
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    response.on('error', () => {});
    void recordRequest(request).then((recorded) => {
      requests.push(recorded);
      const { method, path } = recorded;
      sendReply(response, places[method === 'GET' ? path : `${method} ${path}`] ?? { status: 404, body: 'Not Found' });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    requests,
    put: (given) => {
      places = given;
      requests.length = 0;
    },
    listRequests: () => requests.map(({ method, path }) => `${method} ${path}`),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
