// MCP servers on the page: the address that is typed or fixed, the flow to the server and back, names, and the words for what cannot be
// connected.
import { describe, expect, it } from 'vitest';
import { DiscoveryStep, notConnectable, notConnectableReasons } from '../../../lib/domain/mcp/not-connectable.ts';
import { connectInBrowser } from '../../../web/app/flows/connect.ts';
import { open } from '../../../web/app/flows/open.ts';
import { readServerUrl, withAddress } from '../../../web/app/logic/mcp-server.ts';
import { readProblem } from '../../../web/app/logic/problem.ts';
import { describeProblem } from '../../../web/app/logic/server-words.ts';
import { searchProviders } from '../../../web/app/logic/ways.ts';
import { codeWords, findWords } from '../../../web/app/logic/words.ts';
import { fakeAccount, fakeProviders, fakeServers } from '../../support/browser/fake-providers.ts';
import { fakeApp, link, NO_PRESET, ok, refused } from './fake-app.ts';
import { memoryStorage } from './memory-storage.ts';

const NOTES = 'https://mcp.notes.example/mcp';
const [notes = fakeAccount(), mail = fakeAccount()] = fakeServers;
const [provider] = fakeProviders.filter((each) => each.provider === 'mcp');
if (!provider) throw new Error('no mcp');
const target = { provider, account: null };
/** As the form of the page hands over what was typed. */
const type = (address: string) => ({ 'variables.mcpServerUrl': address });
const started = ok({ state: 's1', authorizationUrl: 'https://auth.notes.example/authorize' });
const forNotes = { providers: [provider], preset: { ...NO_PRESET, provider: 'mcp', mcpServerUrl: NOTES } };

describe('an address', () => {
  it.each([
    ['mcp.notes.example/mcp', NOTES],
    [` ${NOTES}\n`, NOTES],
    ['HTTP://127.0.0.1:3000/mcp', 'HTTP://127.0.0.1:3000/mcp'],
    [`${NOTES}?team=1`, `${NOTES}?team=1`],
  ])('is read from %j', (typed, url) => {
    expect(readServerUrl(typed)).toBe(url);
  });

  it.each(['', '  ', 'my notes', 'ftp://mcp.notes.example', 'javascript://x', 'https://'])('is not %j', (typed) => {
    expect(readServerUrl(typed)).toBeUndefined();
  });

  it('finds the MCP server in the search, and nothing else does that is no part of its name', () => {
    const found = (typed: string) => searchProviders(fakeProviders, typed).map((each) => each.provider);
    expect([found(` ${NOTES}`), found('mcp server'), found('notes.example')]).toEqual([['mcp'], ['mcp'], []]);
  });
});

describe('connecting a server', () => {
  it('remembers its address, and goes to where it lets people sign in', async () => {
    const page = fakeApp({ connect: started });
    await connectInBrowser(page.app, target, type('mcp.notes.example/mcp '));
    expect(page.calls).toEqual([['connect', { mcpServerUrl: NOTES, returnUrl: 'https://k.example.com/connect' }]]);
    expect(page.leave).toHaveBeenCalledExactlyOnceWith('https://auth.notes.example/authorize');
    expect(page.app.ports.session.readFlow('s1')).toEqual({ provider: 'mcp', serverUrl: NOTES });
    expect(page.view()).toEqual({ kind: 'loading', task: 'leave', displayName: 'mcp.notes.example/mcp' });
  });

  it('calls nothing for what is no address, and keeps what was typed', async () => {
    const page = fakeApp();
    await connectInBrowser(page.app, target, type('my notes'));
    expect(page.view()).toMatchObject({ serverUrl: 'my notes', isBusy: false, problem: { code: 'url_not_allowed' } });
  });

  it.each([
    [refused('url_not_allowed'), { code: 'url_not_allowed' }],
    [
      refused('server_not_connectable', { step: 'challenge', reason: 'unreachable' }),
      { code: 'server_not_connectable', step: 'challenge', reason: 'unreachable' },
    ],
  ])('says why it cannot: %j', async (connect, problem) => {
    const page = fakeApp({ connect });
    await connectInBrowser(page.app, target, type(NOTES));
    expect(page.view()).toMatchObject({ kind: 'provider', serverUrl: NOTES, isBusy: false, problem });
  });

  it('starts with the server of the link, and connects no other', async () => {
    const page = fakeApp({ readLink: link(forNotes), connect: started });
    await open(page.app);
    expect(page.view()).toMatchObject({ kind: 'provider', provider: { provider: 'mcp' }, account: null });
    await connectInBrowser(page.app, target, type('https://evil.example/mcp'));
    expect(page.calls.at(-1)?.[1]).toMatchObject({ mcpServerUrl: NOTES });
  });

  it('reconnects an account at its own server, with the permissions that it has', async () => {
    const page = fakeApp({ readLink: link({ manage: true, credentials: fakeServers }), connect: started });
    await open(page.app);
    await connectInBrowser(page.app, { ...target, account: mail }, {});
    expect(page.calls.at(-1)?.[1]).toEqual({
      ...{ mcpServerUrl: mail.resource, credentialId: mail.id, scopes: mail.scopes },
      returnUrl: 'https://k.example.com/connect',
    });
  });

  it('reconnects an account that the link does not show', async () => {
    const readLink = link({ ...forNotes, preset: { ...forNotes.preset, credentialId: 'unseen' } });
    const page = fakeApp({ readLink, connect: started });
    await open(page.app);
    expect(page.view()).toMatchObject({ account: { id: 'unseen', resource: NOTES } });
  });
});

const comeBack = (query: string, answers: Parameters<typeof fakeApp>[0]) => {
  const storage = memoryStorage();
  fakeApp({}, { storage }).app.ports.session.keepFlow('s1', { provider: 'mcp', serverUrl: NOTES });
  return fakeApp({ readLink: link(), ...answers }, { storage, hash: '', search: `?state=s1&${query}` });
};

describe('coming back from a server', () => {
  it('says which one is connected', async () => {
    const page = comeBack('receipt=r1', { complete: ok(notes) });
    await open(page.app);
    expect(page.views).toContainEqual({ kind: 'loading', task: 'complete', displayName: 'mcp.notes.example/mcp' });
    expect(page.view()).toMatchObject({ kind: 'connected', displayName: 'mcp.notes.example/mcp', accountName: null });
  });

  it('without access keeps the address, to try again', async () => {
    const page = comeBack('error=access_denied', {});
    await open(page.app);
    expect(page.view()).toMatchObject({ kind: 'provider', serverUrl: NOTES, problem: { code: 'connection_denied' } });
  });
});

describe('the page of a server', () => {
  it('asks for the address, and keeps what was typed', () => {
    const shown = withAddress(provider, null, 'my notes');
    expect([shown.displayName, shown.variables]).toMatchObject(['an MCP server', [{ default: 'my notes' }]]);
  });

  it('has the name of the server instead where the address is fixed', () => {
    expect(withAddress(provider, NOTES)).toEqual({ ...provider, displayName: 'mcp.notes.example/mcp' });
  });

  it('is the same as before for every other provider', () => {
    for (const each of fakeProviders.filter((other) => other !== provider)) expect(withAddress(each, null)).toBe(each);
  });
});

const readRefusal = (...of: Parameters<typeof notConnectable>) => {
  const { code, members } = notConnectable(...of);
  return readProblem(502, null, { code, ...members });
};
const pairs = DiscoveryStep.options.flatMap((step) => notConnectableReasons.map((reason) => [step, reason] as const));

describe('the words for a server that cannot be connected', () => {
  it.each(pairs)('say what happened at %s: %s', (step, reason) => {
    const { title, text } = describeProblem(readRefusal(step, reason));
    expect(title).toMatch(/^[A-Z][^.]{4,60}$/);
    expect(text).toMatch(/^[A-Z][^._]+\. [A-Z][^._]+\.$/);
    expect(`${title} ${text}`).not.toMatch(/\b(?:OAuth|PKCE|token|client|issuer|metadata|resource|redirect|HTTP)\b/i);
  });

  it('tell the server from its sign-in service, and name step and reason for support', () => {
    const describe = (step: DiscoveryStep) => describeProblem(readRefusal(step, 'no_metadata'));
    const subjects = DiscoveryStep.options.map((step) => describe(step).text.split(' does ')[0]);
    expect(subjects).toEqual(['The server', 'The server', 'Its sign-in service', 'Its sign-in service']);
    expect(describe('registration').reference).toBe('registration: no_metadata');
  });

  it.each([
    { code: 'server_not_connectable' },
    { code: 'server_not_connectable', step: 'challenge', reason: 'brand_new' },
    { code: 'server_not_connectable', step: 'toString', reason: 'constructor' },
  ])('are general ones for what a newer service may send: %j', (problem) => {
    expect(describeProblem(problem)).toBe(codeWords.server_not_connectable);
  });

  it('are for servers only', () => {
    const problem = { code: 'reconnect_required', step: 'challenge', reason: 'unreachable' };
    expect(describeProblem(problem)).toBe(findWords('reconnect_required'));
  });
});
