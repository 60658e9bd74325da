// What clients remember of an answer: the newest version, and the states that were opened.
import type { Call } from './call.ts';
import type { Known } from './plan-requests.ts';

const versionIn = ({ request, outcome }: Call): number => {
  if (outcome.is === 'refused') return Number(outcome.members.currentVersion ?? 0);
  if (outcome.is !== 'ok') return 0;
  if (request.kind === 'list' || request.kind === 'get') return (outcome.value as { version: number }).version;
  const { expectedVersion } = request as { expectedVersion?: number };
  return expectedVersion === undefined ? 0 : expectedVersion + 1;
};

export const learn = (known: Known, call: Call): void => {
  known.version = Math.max(known.version, versionIn(call));
  if (call.request.kind !== 'createState' || call.outcome.is !== 'ok') return;
  const { token } = call.outcome.value as { token: string };
  known.tokens.push({ token, provider: call.request.provider });
};
