// A service on loopback in place of Keyhold for imports: it stores ids and nothing else, and counts what would be a second effect.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/** The service. */
export interface ImportStub {
  url: string;
  /** Ids by user. */
  stored: Map<string, Set<string>>;
  /** Requests so far. */
  requests(): number;
  /** Called before each answer; throws to answer 503. */
  beforeAnswer: (userId: string) => void | Promise<void>;
  close(): void;
}

interface Body {
  document: { credentials?: { id: string }[] };
}

/** What the provider says of a credential, by the beginning of its id. */
const checkResult = (id: string): string => /^(invalid|unknown)/.exec(id)?.[1] ?? 'valid';

/** Starts the service. */
export const startImportStub = async (): Promise<ImportStub> => {
  const stored = new Map<string, Set<string>>();
  let requests = 0;
  const stub: ImportStub = { url: '', stored, requests: () => requests, beforeAnswer: () => {}, close: () => {} };
  const importInto = (userId: string, { document }: Body) => {
    const own = stored.get(userId) ?? new Set<string>();
    stored.set(userId, own);
    const answer = { imported: [] as string[], skipped: [] as { id: string; reason: string }[] };
    for (const { id } of document.credentials ?? []) {
      if (id.startsWith('bad')) answer.skipped.push({ id, reason: 'invalid' });
      else if (own.has(id)) answer.skipped.push({ id, reason: 'exists' });
      else answer.imported.push(id);
      if (!id.startsWith('bad')) own.add(id);
    }
    return answer;
  };
  const server = createServer(async (request, response) => {
    requests++;
    response.setHeader('content-type', 'application/json');
    const checked = /\/credentials\/([^/]+)\/check$/.exec(request.url ?? '')?.[1];
    if (checked !== undefined) {
      response.end(JSON.stringify({ result: checkResult(checked), providerStatus: null, account: null }));
      return;
    }
    const body = (await json(request)) as Body;
    const userId = /^\/v1\/users\/([^/]+)\/import$/.exec(request.url ?? '')?.[1] ?? '';
    try {
      const answer = importInto(userId, body);
      await stub.beforeAnswer(userId);
      response.end(JSON.stringify(answer));
    } catch {
      response.writeHead(503, { 'retry-after': '60' });
      response.end('{}');
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stub.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  stub.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return stub;
};
