// An agent that works with an MCP server: it calls, and on a challenge it connects through Keyhold and calls again. It gives up after
// three connections, so that a server that is never content cannot keep a person clicking.
import type { KeyholdUser } from './keyhold-user.ts';
import { Refused } from './keyhold-user.ts';
import { callTool, listTools, type McpReply, type McpWire } from './mcp-wire.ts';

const MOST_CONNECTIONS = 3;

type McpCall = (wire: McpWire, headers: Record<string, string>) => Promise<McpReply>;

/** What the agent has: null before the first connection. */
interface Held {
  credentialId: string;
  headers: Record<string, string>;
}

/** The agent's work at one server. */
export interface AgentWork {
  wire: McpWire;
  user: KeyholdUser;
  /** Whether Keyhold is told the challenge of the first 401, or finds it out itself. */
  passesChallenge: boolean;
}

const resolveHeaders = async ({ wire, user }: AgentWork): Promise<Record<string, string>> => {
  const reply = await user.resolve({ url: wire.url });
  if (reply.status !== 200) throw new Refused(`resolve answered ${reply.status} ${reply.text}`);
  return reply.json.headers;
};

/** Reports a refused token; a token that is still good after that is used, else null. */
const replaceRefused = async ({ wire, user }: AgentWork): Promise<Record<string, string> | null> => {
  const { tokenRef } = (await user.resolve({ url: wire.url })).json ?? {};
  const reply = await user.resolve({ url: wire.url, refusedTokenRef: tokenRef });
  return reply.status === 200 ? reply.json.headers : null;
};

/** Plays the calls in order. Throws `Refused` when the server stays unsatisfied. */
export const playAgent = async (work: AgentWork, calls: readonly McpCall[] = [listTools, callTool]): Promise<void> => {
  const { wire, user, passesChallenge } = work;
  let held: Held | null = null;
  let connections = 0;

  const connect = async ({ status, challenge }: McpReply): Promise<Held> => {
    connections += 1;
    if (connections > MOST_CONNECTIONS) throw new Refused('the server is never content');
    const isStepUp = status === 403 && held !== null;
    const credentialId = await user.connect({
      mcpServerUrl: wire.url,
      ...(challenge !== null && (passesChallenge || isStepUp) && { challenge }),
      ...(isStepUp && { credentialId: held?.credentialId }),
    });
    return { credentialId, headers: await resolveHeaders(work) };
  };

  const satisfy = async (call: McpCall): Promise<void> => {
    for (;;) {
      const reply: McpReply = await call(wire, held?.headers ?? {});
      if (reply.status === 200) return;
      if (reply.status !== 401 && reply.status !== 403) throw new Refused(`the MCP server answered ${reply.status}`);
      const replaced: Record<string, string> | null = held && reply.status === 401 ? await replaceRefused(work) : null;
      held = held && replaced ? { ...held, headers: replaced } : await connect(reply);
    }
  };
  for (const call of calls) await satisfy(call);
};
