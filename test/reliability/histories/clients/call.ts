// What is written down of one call: what was asked, when it began and ended in the order of events, and what came of it.
import type { Request } from '../../simulation/clients/request.ts';
import { type Outcome, outcomeName } from '../../simulation/evidence/history.ts';

export interface Call {
  client: number;
  request: Request;
  /** Places in the order of all beginnings and ends. */
  start: number;
  end: number;
  outcome: Outcome;
}

const answerText = ({ outcome }: Call): string => {
  if (outcome.is === 'ok') return JSON.stringify(outcome.value) ?? '';
  if (outcome.is === 'refused') return JSON.stringify(outcome.members);
  if (outcome.is === 'unknown') return outcome.why;
  return outcome.is === 'broken' ? String(outcome.error) : '';
};

export const tellCall = (call: Call): string => {
  const { kind, userId: _, ...asked } = call.request;
  const when = `${call.start}–${call.end}`.padEnd(9);
  return `${when} client ${call.client} ${kind} ${JSON.stringify(asked)} → ${outcomeName(call.outcome)} ${answerText(call)}`;
};
