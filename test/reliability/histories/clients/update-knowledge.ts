// Adds to the clients' knowledge what an answer reveals: the newest version, and created states.
import type { Call } from './call.ts';
import type { Knowledge } from './plan-requests.ts';

const getVersion = ({ request, outcome }: Call): number => {
  if (outcome.kind === 'refused') return Number(outcome.members.currentVersion ?? 0);
  if (outcome.kind !== 'ok') return 0;
  if (request.kind === 'list' || request.kind === 'get') return (outcome.value as { version: number }).version;
  const { expectedVersion } = request as { expectedVersion?: number };
  return expectedVersion === undefined ? 0 : expectedVersion + 1;
};

/** Updates the knowledge from a finished call. */
export const updateKnowledge = (knowledge: Knowledge, call: Call): void => {
  knowledge.version = Math.max(knowledge.version, getVersion(call));
  if (call.request.kind !== 'createState' || call.outcome.kind !== 'ok') return;
  const { token } = call.outcome.value as { token: string };
  knowledge.tokens.push({ token, provider: call.request.provider });
};
