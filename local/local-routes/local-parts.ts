// What the local routes need of the server.
import type { CallAsWorker } from '../gateway/gateway.ts';
import type { Cors } from '../http/cors.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';

/** Where providers send browsers back to, below the server's public address. */
export const CALLBACK_PATH = '/v1/oauth/callback';

/** The parts that the routes below `/_local` use. */
export interface LocalParts {
  tokens: TokenIssuer;
  cors: Cors;
  /** The events published so far, oldest first. */
  events(): readonly object[];
  callAsWorker: CallAsWorker;
  /** What to register at a provider. */
  redirectUri: string;
  /** The demo MCP server; undefined where there is no demo. */
  mcpServerUrl: string | undefined;
  /** KEYHOLD_HOME. */
  folder: string;
  /** The settings in force by their names; no secret. */
  settings: Readonly<Record<string, string>>;
}
