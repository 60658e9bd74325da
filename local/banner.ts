// What the server prints once it can serve: one line for programs that wait for it, then what to try. The commands work when
// pasted into bash and into zsh: no comments, and each answer ends with a newline.

/** What the printed text contains. */
export interface BannerFacts {
  url: string;
  /** A token of the user plane for alice. */
  token: string;
  redirectUri: string;
  /** The demo MCP server; undefined where there is no demo. */
  mcpServerUrl: string | undefined;
  /** KEYHOLD_HOME. */
  folder: string;
  isColoured: boolean;
}

/** The line that says that the server answers from now on. */
export const readyLine = (url: string): string => `keyhold ready on ${url}`;

/** How long the printed token is valid. */
export const BANNER_TOKEN_SECONDS = 8 * 60 * 60;

// -w: the answers themselves end without a newline.
const CURL = "curl -s -w '\\n'";
const SIGN = '--aws-sigv4 "aws:amz:us-east-1:execute-api" --user local:local';
const JSON_TYPE = "-H 'content-type: application/json'";
const BEARER = '-H "authorization: Bearer $TOKEN"';
const KEY = JSON.stringify({ type: 'api_key', provider: 'openai', id: 'my-openai-key', apiKey: 'sk-not-a-real-key' });

const mcpLines = (url: string, mcpServerUrl: string, heading: (text: string) => string): string[] => [
  heading('An MCP server that is connected by its URL:'),
  mcpServerUrl,
  '',
  heading('Play an agent that connects it as alice, and calls a tool before and after its token has ended:'),
  `${CURL} '${url}/_local/mcp-agent?user=alice'`,
  '',
];

/** The text below the ready line: headings in prose, each followed by commands or an address. */
export const banner = ({ url, token, redirectUri, mcpServerUrl, folder, isColoured }: BannerFacts): string => {
  const heading = (text: string): string => (isColoured ? `\x1b[2m${text}\x1b[22m` : text);
  return [
    '',
    heading('Open the address above in a browser for the demo, the API reference and the settings. Or paste:'),
    '',
    heading('A token for alice, valid for eight hours:'),
    `TOKEN=${token}`,
    '',
    heading('Store a key for alice, and list her credentials (a second run answers 409: the id exists already):'),
    `${CURL} ${url}/v1/me/credentials ${BEARER} ${JSON_TYPE} -d '${KEY}'`,
    `${CURL} ${url}/v1/me/credentials ${BEARER}`,
    '',
    heading('As a worker, get what to send to OpenAI for alice (of several keys, the first created that is active):'),
    `${CURL} ${SIGN} ${url}/v1/users/alice/resolve ${JSON_TYPE} -d '{"provider": "openai"}'`,
    '',
    heading('Connect accounts as alice, on the page that your users would get (a new link each time):'),
    `${url}/_local/connect?user=alice`,
    '',
    heading('Or play an application of your own, at the demo provider:'),
    `${url}/_local/demo`,
    '',
    ...(mcpServerUrl === undefined ? [] : mcpLines(url, mcpServerUrl, heading)),
    heading('The redirect URI to register at a real provider (docs/guides/connect-github.md has a whole example):'),
    redirectUri,
    '',
    heading(`Everything is kept in ${folder}. Ctrl-C stops the server.`),
    '',
  ].join('\n');
};
