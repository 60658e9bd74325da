// `keyhold connect`: a link for the user to connect a provider or an MCP server with, or a code for a device.
import type { Command, Context } from '../command.ts';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { commonOptions, readNumber, readText, readTexts, serviceOptions } from '../options.ts';
import { plainText } from '../output/plain-text.ts';
import { openBrowser } from '../service/open-browser.ts';
import { pollUntilDecided } from '../service/poll-device.ts';

const LINK_SECONDS = [60, 604_800] as const;

const printLink = async (context: Context): Promise<ExitCode> => {
  const { words, values, terminal, json, worker } = context;
  const [userId = '', provider] = words;
  const link = await worker().createConnectLink(userId, {
    provider,
    mcpServerUrl: readText(values, 'mcp'),
    credentialId: readText(values, 'credential'),
    scopes: readTexts(values, 'scope'),
    returnUrl: readText(values, 'return-url'),
    manage: values.manage === true,
    expiresInSeconds: readNumber(values, 'expires-in', LINK_SECONDS),
  });
  terminal.print(json ? JSON.stringify(link, null, 2) : link.url);
  if (json) return EXIT.ok;
  terminal.note(
    `The first browser to open this link connects accounts for ${plainText(userId)}. It is valid until ${link.expiresAt}.\n`,
  );
  if (terminal.isInteractive && !values['no-open']) openBrowser(link.url);
  return EXIT.ok;
};

const connectDevice = async (context: Context): Promise<ExitCode> => {
  const { words, values, terminal, json } = context;
  const [userId = '', provider] = words;
  if (provider === undefined) throw new UsageError('--device needs a provider');
  const worker = context.worker();
  const scopes = readTexts(values, 'scope');
  const started = await worker.startDeviceConnection(userId, { provider, ...(scopes && { scopes }) });
  const { verificationUri, verificationUriComplete, userCode } = started;
  terminal.note(`Open ${plainText(verificationUri)} and enter the code ${plainText(userCode)}. Waiting …\n`);
  if (terminal.isInteractive && !values['no-open']) openBrowser(verificationUriComplete ?? verificationUri);
  const { status, credential } = await pollUntilDecided(worker, { userId, started });
  if (json) terminal.print(JSON.stringify({ status, credential }, null, 2));
  else terminal.print(credential ? `connected: ${plainText(credential.id)}` : `not connected: ${status}`);
  return credential ? EXIT.ok : EXIT.userMustAct;
};

/** What is connected is a provider or a server. A server is connected in a browser only. Throws `UsageError`. */
const assertOneThing = ({ words: [, provider], values }: Context): void => {
  if (values.mcp === undefined) return;
  if (provider !== undefined) throw new UsageError('give a provider or --mcp, not both');
  if (values.device) throw new UsageError('--mcp needs a browser: it goes without --device');
};

/** The command. */
export const connectCommand: Command = {
  name: 'connect',
  parameters: ['<user>', '[provider]'],
  summary: 'Print a link that connects an account of a user, and open it.',
  details:
    'The link opens a page on which the user connects an account or enters a key. With --mcp it connects one MCP server, and no other. With --device it prints a code to enter at ' +
    'the provider instead, and waits until that is done.',
  options: {
    mcp: { type: 'string', value: '<url>', help: 'The MCP server to connect, in place of a provider.' },
    credential: { type: 'string', value: '<id>', help: 'The credential to add scopes to, or to reconnect.' },
    scope: { type: 'string', multiple: true, value: '<scope>', help: 'A scope to ask for; may be repeated.' },
    manage: { type: 'boolean', help: 'The link also shows, renames and disconnects what is connected.' },
    'return-url': { type: 'string', value: '<url>', help: 'Where the page sends the user afterwards.' },
    'expires-in': {
      type: 'string',
      value: '<seconds>',
      help: 'How long the link is valid: 60 to 604800. Default: 1800.',
    },
    device: { type: 'boolean', help: 'Connect with a code, for a machine without a browser.' },
    'no-open': { type: 'boolean', help: 'Only print, open nothing.' },
    ...serviceOptions,
    ...commonOptions,
  },
  examples: [
    'npx keyhold connect alice demo',
    'npx keyhold connect alice --manage --no-open',
    'npx keyhold connect alice github --device',
    'npx keyhold connect alice --mcp https://mcp.example.com/mcp',
  ],
  run: async (context) => {
    assertOneThing(context);
    return context.values.device ? connectDevice(context) : printLink(context);
  },
};
