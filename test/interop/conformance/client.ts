// The client that the public MCP conformance suite runs, once per scenario, with the URL of its MCP server as the last argument. It does
// no OAuth itself: Keyhold connects, registers, exchanges and steps up. What the scenarios expect is in `../README.md`.
import { type KeyholdUser, NotBuilt, newKeyholdUser, Refused } from './keyhold-user.ts';
import { lookUpServer } from './look-up.ts';
import type { McpWire } from './mcp-wire.ts';
import { playAgent } from './play-agent.ts';
import { playMachine, type ScenarioContext } from './play-machine.ts';

const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? '';
const context: ScenarioContext = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const wire: McpWire = {
  url: process.argv.at(-1) ?? '',
  version: process.env.MCP_CONFORMANCE_PROTOCOL_VERSION ?? '2026-07-28',
};

/** Scenarios of extensions that Keyhold does not have, with the reason. */
const NOT_BUILT: Record<string, string> = {
  'auth/enterprise-managed-authorization': 'no token exchange (RFC 8693)',
  'auth/dpop': 'no DPoP: resolve answers headers, and a proof is made per request',
  'auth/dpop-nonce': 'no DPoP: resolve answers headers, and a proof is made per request',
  'auth/wif-jwt-bearer': 'no machine credentials (jwt_bearer)',
};

/** The operator's client where the scenario gives one, or where the script names a metadata document of the operator. */
const findClient = (): object | null => {
  const { client_id: clientId, client_secret: clientSecret } = context;
  if (clientId) return { clientId, clientSecret };
  const documentUrl = process.env.CONFORMANCE_DOCUMENT_URL;
  return documentUrl ? { clientId: documentUrl, clientAuth: 'none' } : null;
};

const writeEntry = async (user: KeyholdUser): Promise<void> => {
  const client = findClient();
  if (client === null) return user.writeEntries({});
  const { issuer } = await lookUpServer(wire);
  await user.writeEntries({ conformance: { issuer, ...client } });
};

const play = async (): Promise<void> => {
  const reason = NOT_BUILT[scenario];
  if (reason !== undefined) throw new NotBuilt(reason);
  const user = newKeyholdUser();
  if (scenario.startsWith('auth/client-credentials-')) return playMachine(wire, user, context);
  await writeEntry(user);
  return playAgent({ wire, user, passesChallenge: process.env.CONFORMANCE_WITHOUT_CHALLENGE !== '1' });
};

try {
  await play();
} catch (error) {
  console.error(error instanceof Refused ? error.message : error);
  process.exitCode = 1;
}
