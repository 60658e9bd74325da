// The suite's client credentials scenarios: the operator describes the server, the user's machine credential is stored, and Keyhold mints.
import { type KeyholdUser, Refused } from './keyhold-user.ts';
import { lookUpServer } from './look-up.ts';
import { callTool, listTools, type McpWire } from './mcp-wire.ts';

/** What the suite gives for a scenario. */
export interface ScenarioContext {
  client_id?: string;
  client_secret?: string;
  private_key_pem?: string;
  issuer?: string;
}

/** Client credentials with a secret, or with a key. */
export const playMachine = async (wire: McpWire, user: KeyholdUser, context: ScenarioContext): Promise<void> => {
  const clientAuth = context.private_key_pem ? 'private_key_jwt' : 'client_secret_basic';
  const { issuer, tokenEndpoint } = await lookUpServer(wire);
  const entry = { issuer, tokenEndpoint, authTypes: ['client_credentials'], clientAuth };
  await user.writeEntries({ 'conformance-machine': entry });
  await user.store({
    type: 'client_credentials',
    provider: 'conformance-machine',
    clientId: context.client_id,
    ...(context.private_key_pem ? { privateKey: context.private_key_pem } : { clientSecret: context.client_secret }),
  });
  const resolved = await user.resolve({ provider: 'conformance-machine' });
  if (resolved.status !== 200) throw new Refused(`resolve answered ${resolved.status} ${resolved.text}`);
  for (const call of [listTools, callTool]) {
    const { status } = await call(wire, resolved.json.headers);
    if (status !== 200) throw new Refused(`the MCP server answered ${status}`);
  }
};
