// MCP servers on the command line and by links: `connect --mcp` prints a link that connects this server and no other, `list` and
// `resolve` show its resource, and what the user has to do ends with 3.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../support/cli/run-command.ts';
import { type LinkInBrowser, linkInBrowser } from '../../support/http/link-in-browser.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { type McpStub, startMcpStub } from '../../support/mcp/mcp-stub.ts';
import { receiptFor, refusal, startConnecting } from '../../support/providers/connect-flow.ts';
import { WITHOUT_SWEEP } from '../../support/providers/refresh-flow.ts';

let stub: McpStub;
let keyhold: Keyhold;
beforeAll(async () => {
  [stub, keyhold] = await Promise.all([startMcpStub(), startConnecting({}, WITHOUT_SWEEP)]);
});
beforeEach(() => stub.reset());
afterAll(async () => {
  await keyhold.stop();
  stub.close();
});

const run = (...args: string[]) => runCommand(args, { url: keyhold.url });

/** The printed link in a browser. */
const printLink = async (...args: string[]): Promise<LinkInBrowser> => {
  const { exitCode, stdout, stderr } = await run('connect', ...args);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  return linkInBrowser(keyhold, new URL(stdout.trim()).hash.slice(1));
};

/** What the page does for a person who allows everything. */
const connectBy = async (link: LinkInBrowser, body: object) => {
  const { status, json, text } = await link.call('POST', '/connections', body);
  expect([status, status === 201 ? '' : text]).toEqual([201, '']);
  const receipt = await receiptFor(keyhold, [...(await stub.approve(json.authorizationUrl))]);
  return link.call('POST', '/connections/complete', { state: json.state, receipt });
};

describe('keyhold connect --mcp', () => {
  it('prints a link that connects this server, and no other', async () => {
    const link = await printLink('alice', '--mcp', stub.serverUrl('one'), '--manage');
    const { json } = await link.call('GET', '');
    expect(json).toMatchObject({
      providers: [{ provider: 'mcp' }],
      preset: { provider: 'mcp', mcpServerUrl: stub.serverUrl('one'), credentialId: null },
    });
    for (const body of [{ mcpServerUrl: stub.serverUrl('two') }, { provider: 'demo' }]) {
      expect(refusal(await link.call('POST', '/connections', body))).toEqual([403, 'link_not_allowed']);
    }
    expect(stub.requests).toEqual([]);
    const { status, json: view } = await connectBy(link, { mcpServerUrl: stub.serverUrl('one') });
    expect([status, view.resource]).toEqual([201, stub.serverUrl('one')]);
  });

  it('prints a link to reconnect the credential of a server', async () => {
    const first = await connectBy(await printLink('bob', '--mcp', stub.serverUrl('one')), {
      mcpServerUrl: stub.serverUrl('one'),
    });
    const link = await printLink('bob', '--credential', first.json.id);
    const { preset } = (await link.call('GET', '')).json;
    expect(preset).toMatchObject({ provider: 'mcp', mcpServerUrl: stub.serverUrl('one'), credentialId: first.json.id });
    const again = await connectBy(link, { mcpServerUrl: preset.mcpServerUrl });
    expect([again.status, again.json.id]).toEqual([200, first.json.id]);
  });

  it('ends with 4 for a URL that no token could go to', async () => {
    const { exitCode, stderr } = await run('connect', 'alice', '--mcp', 'ftp://mcp.example.com');
    expect([exitCode, stderr.includes('url_not_allowed')]).toEqual([4, true]);
  });
});

describe('the credential of an MCP server', () => {
  it('is listed and resolved with its resource, for that alone', async () => {
    const url = stub.serverUrl('one');
    await connectBy(await printLink('carol', '--mcp', url), { mcpServerUrl: url });
    const { stdout } = await run('list', 'carol');
    expect(stdout.split('\n')[0]).toMatch(/^ID +PROVIDER +TYPE +TITLE +RESOURCE +SOURCE/);
    expect(stdout).toMatch(new RegExp(` mcp +oauth2 +- +${url} +user +active `));
    const resolved = await run('resolve', 'carol', '--for-url', url);
    expect(resolved.exitCode).toBe(0);
    expect(resolved.stdout).toMatch(new RegExp(`^resource +${url}$`, 'm'));
    expect(resolved.stdout).toMatch(/^header authorization +\(hidden\)$/m);
    expect((await run('resolve', 'carol', '--for-url', stub.serverUrl('two'))).exitCode).toBe(3);
  });

  it('whose grant has ended makes resolve end with 3', async () => {
    const url = stub.serverUrl('one');
    await connectBy(await printLink('dave', '--mcp', url), { mcpServerUrl: url });
    stub.forgetClients('main');
    const { json } = await keyhold.worker.call('POST', '/v1/users/dave/resolve', { url });
    await keyhold.worker.call('POST', '/v1/users/dave/resolve', { url, refusedTokenRef: json.tokenRef });
    const { exitCode, stderr } = await run('resolve', 'dave', '--for-url', url);
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/reconnect_required.*reason: client_gone/)]);
  });
});
