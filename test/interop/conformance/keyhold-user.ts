// One user of a running Keyhold, for the conformance client: all OAuth goes through these calls. The environment says where it runs.
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { makeCaller, type Reply, workerCaller } from '../../support/http/http-caller.ts';
import { openBrowser } from '../matrix/browser.ts';

/** Keyhold refused a call, or the browser did not come back: the scenario ends here. */
export class Refused extends Error {}

/** Keyhold does not have what the scenario needs. */
export class NotBuilt extends Refused {
  /** The beginning of the message, by which the script knows it. */
  static readonly MARK = 'not built: ';

  constructor(reason: string) {
    super(NotBuilt.MARK + reason);
  }
}

/** What a user can do at Keyhold. */
export interface KeyholdUser {
  /** Connects an MCP server and answers the credential's id. `body`: mcpServerUrl, challenge, credentialId. Throws `Refused`. */
  connect(body: object): Promise<string>;
  /** Stores a credential. Throws `Refused`. */
  store(body: object): Promise<void>;
  resolve(body: object): Promise<Reply>;
  /** Sets the operator's entries in the secret `oauth-clients`. */
  writeEntries(entries: Record<string, object>): Promise<void>;
}

/** The variables that `scripts/interop/conformance.ts` sets. */
interface Place {
  url: string;
  /** PUBLIC_BASE_URL: the callback there is opened at `url`. */
  publicUrl: string;
  home: string;
}

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}: npm run conformance does`);
  return value;
};

const readPlace = (): Place => ({
  url: required('CONFORMANCE_KEYHOLD_URL'),
  publicUrl: required('CONFORMANCE_KEYHOLD_PUBLIC_URL'),
  home: required('CONFORMANCE_KEYHOLD_HOME'),
});

const expectStatus = (reply: Reply, ...expected: number[]): Reply => {
  if (!expected.includes(reply.status)) throw new Refused(`Keyhold answered ${reply.status} ${reply.text}`);
  return reply;
};

/** A new user. */
export const newKeyholdUser = (): KeyholdUser => {
  const { url, publicUrl, home } = readPlace();
  const agent = new Agent();
  const worker = workerCaller(new URL(url), agent);
  const anonymous = makeCaller(new URL(url), agent, async ({ headers }) => headers);
  const base = `/v1/users/conformance-${randomUUID()}`;
  const post = (path: string, body: object) => worker.call('POST', base + path, body);

  const approve = async (authorizationUrl: string): Promise<string> => {
    const visited = await openBrowser().visit(authorizationUrl, `${publicUrl}/v1/oauth/callback`);
    if (visited.status !== null) throw new Refused(`the browser ended at ${visited.url.href}: ${visited.status}`);
    const reply = await anonymous.call('GET', visited.url.pathname + visited.url.search);
    const receipt = /<code id="receipt">([^<]*)<\/code>/.exec(reply.text)?.[1];
    if (receipt === undefined) throw new Refused(`the callback answered ${reply.status} and no receipt`);
    return receipt;
  };

  return {
    connect: async (body) => {
      const started = expectStatus(await post('/connections', body), 201).json;
      const receipt = await approve(started.authorizationUrl);
      const completed = await post('/connections/complete', { state: started.state, receipt });
      return expectStatus(completed, 200, 201).json.id;
    },
    store: async (body) => {
      const reply = await post('/credentials', body);
      const isUnknown = reply.json?.errors?.some(({ pointer }: { pointer: string }) => pointer === '#/type');
      if (isUnknown) throw new NotBuilt('no machine credentials (client_credentials)');
      expectStatus(reply, 201);
    },
    resolve: (body) => post('/resolve', body),
    writeEntries: async (entries) => {
      await mkdir(join(home, 'secrets'), { recursive: true });
      await writeFile(join(home, 'secrets/oauth-clients.json'), JSON.stringify(entries));
    },
  };
};
