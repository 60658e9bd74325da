// An outage of one provider at full size, second by second. Its tokens live an hour and are spread evenly over it. A token is due before
// it expires; while the provider is down it is served until it expires, and then refused. The back-off of each credential bounds the
// calls that the provider gets. After the outage the sweep and the callers renew what is due, as fast as the provider allows.
import { FLEET } from './fleet.ts';

/** The tokens of the provider, and what renews them. */
export const OUTAGE = {
  /** A fifth of the users use this provider, a third of them in these days. */
  tokens: FLEET.users / 15,
  lifetimeSeconds: 3_600,
  /** A token is due this long before it expires. */
  leadSeconds: 900,
  /** Seconds between two calls for one token. */
  callEverySeconds: 600,
  /** Seconds between two attempts of one credential after several failures, at the least. */
  backOffSeconds: 7.5,
} as const;

/** What an outage does. */
export interface OutageResult {
  minutes: number;
  /** Renewals a second that sweep and provider bear together. */
  capacity: number;
  /** The most tokens past their end at once. */
  expired: number;
  /** The most refused calls a second. */
  refused: number;
  /** The most calls a second that the provider gets while it is down, and after it. */
  callsDown: number;
  callsAfter: number;
  /** The most write units a second. */
  writeUnits: number;
  /** Minutes after the outage until nothing is due late. */
  drainMinutes: number;
}

const MOST_SECONDS = 86_400;

/** Plays an outage of some minutes. */
export const simulateOutage = (minutes: number, capacity: number): OutageResult => {
  const { tokens, lifetimeSeconds, leadSeconds, callEverySeconds, backOffSeconds } = OUTAGE;
  const dueEachSecond = tokens / lifetimeSeconds;
  const result = {
    minutes,
    capacity,
    expired: 0,
    refused: 0,
    callsDown: 0,
    callsAfter: 0,
    writeUnits: 0,
    drainMinutes: 0,
  };
  let backlog = 0;
  for (let second = 0; second < MOST_SECONDS; second++) {
    const isDown = second < minutes * 60;
    backlog = Math.min(tokens, backlog + dueEachSecond);
    // The backlog is in the order of its due times: what is beyond the lead has expired.
    const expired = Math.max(0, backlog - dueEachSecond * leadSeconds);
    const wanted = isDown ? backlog / Math.max(callEverySeconds, backOffSeconds) : backlog;
    const attempts = Math.min(wanted, capacity);
    if (!isDown) backlog -= attempts;
    const part = isDown ? 'callsDown' : 'callsAfter';
    result[part] = Math.max(result[part], attempts);
    result.expired = Math.max(result.expired, expired);
    result.refused = Math.max(result.refused, expired / callEverySeconds);
    result.writeUnits = Math.max(result.writeUnits, attempts * FLEET.refreshWriteUnits);
    if (!isDown && backlog <= dueEachSecond) return { ...result, drainMinutes: (second - minutes * 60) / 60 };
  }
  return { ...result, drainMinutes: Number.POSITIVE_INFINITY };
};
