// An API on loopback in place of GitHub or Slack: it answers 401 without a token that it accepts, and records its requests.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type RecordedRequest, recordRequest, type ScriptedReply, sendReply } from '../providers/provider-stub.ts';

/** The API; `routes` are its answers by method and path, such as `GET /user`. */
export interface ApiStub {
  url: string;
  requests: RecordedRequest[];
  routes: Record<string, ScriptedReply>;
  /** Accepts only this token; null: any. */
  accepts(token: string | null): void;
  close(): void;
}

const readToken = ({ headers }: RecordedRequest): string | undefined =>
  /^(?:bearer|token) (.+)$/i.exec(headers.authorization ?? '')?.[1];

/** Starts the API with these answers. */
export const startApiStub = async (routes: Record<string, ScriptedReply> = {}): Promise<ApiStub> => {
  const requests: RecordedRequest[] = [];
  let accepted: string | null = null;
  const answer = (request: RecordedRequest): ScriptedReply => {
    const token = readToken(request);
    if (accepted !== null && token !== accepted) return { status: 401, body: { message: 'Bad credentials' } };
    return routes[`${request.method} ${request.path.split('?')[0]}`] ?? { status: 404 };
  };
  const server = createServer((request, response) => {
    response.on('error', () => {});
    void recordRequest(request).then((recorded) => {
      requests.push(recorded);
      sendReply(response, answer(recorded));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    requests,
    routes,
    accepts: (token) => {
      accepted = token;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

/** An operator's entry for a provider of the catalogue whose API is this one. */
export const atStub = ({ url }: { url: string }): Record<string, unknown> => ({
  clientId: 'client',
  clientSecret: 'secret',
  apiBaseUrl: url,
  apiHosts: [new URL(url).host],
});
