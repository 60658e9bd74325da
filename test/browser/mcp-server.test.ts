// MCP servers on the connect page, in Chromium: at a link plane without a server, and on the local server with MCP servers that check
// the resource and the client.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser/chromium.ts';
import { makeLinkPlane, openLink, problem, serveFake } from '../support/browser/fake-link-plane.ts';
import { fakeAccounts, fakeServers } from '../support/browser/fake-providers.ts';
import type { Keyhold } from '../support/http/local-server.ts';
import { type McpStub, startMcpStub } from '../support/mcp/mcp-stub.ts';
import { makeConnector, startConnecting } from '../support/providers/connect-flow.ts';
import { press, seeHeading, useChromium } from './browser-page.ts';

const NOTES = 'https://mcp.notes.example/mcp';
const address = (page: Page) => page.getByLabel('Address of the server (URL)');

describe.skipIf(!hasChromium)('an MCP server on the connect page', () => {
  const chromium = useChromium();

  const visit = async (plane: ReturnType<typeof makeLinkPlane>): Promise<Page> => {
    const { context, page } = await chromium.open();
    await serveFake(context, plane);
    await openLink(page);
    return page;
  };

  it('is found by its address, and connected', async () => {
    const plane = makeLinkPlane();
    const page = await visit(plane);
    await page.getByLabel('Search providers').fill(` ${NOTES}`);
    await press(page, 'MCP server');
    await seeHeading(page, 'Connect an MCP server');
    expect(await address(page).inputValue()).toBe(NOTES);
    await press(page, 'Continue');
    await page.getByRole('link', { name: 'Allow' }).click();
    await seeHeading(page, 'mcp.notes.example/mcp is connected');
    expect(plane.requests.map(({ body }) => body)).toContainEqual({
      ...{ mcpServerUrl: NOTES, returnUrl: expect.stringMatching(/\/connect$/) },
    });
    expect(chromium.errors).toEqual([]);
  });

  it('that cannot be connected is told with the reason, and its address can be corrected', async () => {
    const plane = makeLinkPlane({
      providers: makeLinkPlane().link.providers.filter((each) => each.provider === 'mcp'),
    });
    const page = await visit(plane);
    await address(page).fill('not an address');
    await press(page, 'Continue');
    await page.getByRole('alert').getByText('This address cannot be connected').waitFor();
    const why = { step: 'registration', reason: 'registration_unsupported' };
    plane.instead.set('POST /connections', problem(502, 'server_not_connectable', why));
    await address(page).fill('mcp.notes.example/mcp');
    await address(page).press('Enter');
    const alert = page.getByRole('alert');
    await alert.getByText('Its sign-in service does not accept this application.').waitFor();
    await alert.getByText('registration: registration_unsupported').waitFor();
    expect(await address(page).inputValue()).toBe('mcp.notes.example/mcp');
  });

  it('keeps its address where the person denied it', async () => {
    const page = await visit(makeLinkPlane());
    await page.getByLabel('Search providers').fill('mcp');
    await press(page, 'MCP server');
    await address(page).fill(NOTES);
    await press(page, 'Continue');
    await page.getByRole('link', { name: 'Deny' }).click();
    await page.getByRole('alert').getByText('You did not allow access').waitFor();
    expect(await address(page).inputValue()).toBe(NOTES);
  });

  it('is listed by its address, and by its new name once it has one', async () => {
    const page = await visit(makeLinkPlane({ manage: true }, [...fakeAccounts, ...fakeServers]));
    await press(page, 'Rename tools.example/mail/mcp');
    await page.getByLabel('New name for tools.example/mail/mcp').fill('Mail');
    await press(page, 'Save');
    // A name is matched exactly: the address has the word before the answer comes, too.
    const row = page.locator('.account').filter({ has: page.getByText('Mail', { exact: true }) });
    await row.waitFor();
    expect(await row.locator('.names').innerText()).toBe('Mail\nMCP server · tools.example/mail/mcp');
    await press(page, 'Disconnect mcp.notes.example/mcp');
    await press(page, 'Yes, disconnect');
    await page.locator('.notice').getByText('mcp.notes.example/mcp is disconnected.').waitFor();
  });
});

describe.skipIf(!hasChromium)('an MCP server on the connect page of the local server', () => {
  const chromium = useChromium();
  let stub: McpStub;
  let keyhold: Keyhold;
  beforeAll(async () => {
    [stub, keyhold] = await Promise.all([startMcpStub(), startConnecting()]);
  });
  beforeEach(() => stub.reset());
  afterAll(async () => {
    await keyhold.stop();
    stub.close();
  });

  const own = (userId: string) => makeConnector(keyhold, 'runtime', userId).own();

  const visit = async (userId: string, body: object): Promise<Page> => {
    const { json } = await keyhold.worker.call('POST', `/v1/users/${userId}/connect-links`, body);
    const { page } = await chromium.open();
    await page.goto(json.url);
    await page.locator('h1').waitFor();
    return page;
  };
  /** As the page shows it. */
  const shown = (name: string): string => stub.serverUrl(name).replace('http://', '');

  it('is the only thing that a link with its URL connects', async () => {
    const page = await visit('preset', { mcpServerUrl: stub.serverUrl('one') });
    await seeHeading(page, `Connect ${shown('one')}`);
    expect(await address(page).count()).toBe(0);
    await press(page, 'Continue');
    await seeHeading(page, `${shown('one')} is connected`);
    expect([page.url(), chromium.errors]).toEqual([`${keyhold.url}/connect`, []]);
    expect(await own('preset')).toEqual([
      expect.objectContaining({ provider: 'mcp', resource: stub.serverUrl('one') }),
    ]);
  });

  it('is connected by what is typed, reconnected and disconnected', async () => {
    const page = await visit('typed', { manage: true });
    await page.getByLabel('Search providers').fill('mcp');
    await press(page, 'MCP server');
    await address(page).fill(`${stub.url}/nothing`);
    await press(page, 'Continue');
    await page.getByRole('alert').getByText('This server cannot be connected').waitFor();
    await address(page).fill(stub.serverUrl('two'));
    await press(page, 'Continue');
    await press(page, 'See all accounts');
    const [{ id }] = await own('typed');
    await press(page, `Reconnect ${shown('two')}`);
    await seeHeading(page, `Reconnect ${shown('two')}`);
    await press(page, 'Continue');
    await seeHeading(page, `${shown('two')} is connected`);
    expect(await own('typed')).toMatchObject([{ id, resource: stub.serverUrl('two'), status: 'active' }]);
    await press(page, 'See all accounts');
    await press(page, `Disconnect ${shown('two')}`);
    await press(page, 'Yes, disconnect');
    await page
      .locator('.notice')
      .getByText(`${shown('two')} is disconnected.`)
      .waitFor();
    expect(await own('typed')).toEqual([]);
  });

  it('is reconnected by a link that shows nothing else', async () => {
    const first = await visit('again', { mcpServerUrl: stub.serverUrl('one') });
    await press(first, 'Continue');
    await seeHeading(first, `${shown('one')} is connected`);
    const [{ id }] = await own('again');
    const page = await visit('again', { credentialId: id });
    await seeHeading(page, `Reconnect ${shown('one')}`);
    await press(page, 'Continue');
    await seeHeading(page, `${shown('one')} is connected`);
    expect((await own('again')).map((each) => each.id)).toEqual([id]);
  });
});
