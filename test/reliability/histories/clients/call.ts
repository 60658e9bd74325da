// One recorded call: request, start and end in the order of events, and outcome.

import { type Outcome, outcomeName } from '../../simulation/trace/call.ts';
import type { Request } from '../../simulation/workload/request.ts';

/** One call of a client. */
export interface Call {
  client: number;
  request: Request;
  /** Positions in the order of all starts and ends. */
  start: number;
  end: number;
  outcome: Outcome;
}

const answerText = ({ outcome }: Call): string => {
  if (outcome.kind === 'ok') return JSON.stringify(outcome.value) ?? '';
  if (outcome.kind === 'refused') return JSON.stringify(outcome.members);
  if (outcome.kind === 'unknown') return outcome.why;
  return outcome.kind === 'unexpected' ? String(outcome.error) : '';
};

/** One line for a person. */
export const formatCall = (call: Call): string => {
  const { kind, userId: _, ...asked } = call.request;
  const when = `${call.start}–${call.end}`.padEnd(9);
  return `${when} client ${call.client} ${kind} ${JSON.stringify(asked)} → ${outcomeName(call.outcome)} ${answerText(call)}`;
};
