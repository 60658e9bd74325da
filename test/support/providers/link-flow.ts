// Connecting through a connect link at the demo provider, step by step.
import { expect } from 'vitest';
import type { Reply } from '../http/http-caller.ts';
import type { LinkInBrowser } from '../http/link-in-browser.ts';
import type { Keyhold } from '../http/local-server.ts';
import { decideAtDemo, receiptFor } from './connect-flow.ts';

/** A started connection whose account a person has approved: what the page completes it with. */
export const approveByLink = async (
  keyhold: Keyhold,
  link: LinkInBrowser,
  { as, ...body }: { as: 'ada' | 'grace' } & Record<string, unknown>,
): Promise<{ state: string; receipt: string }> => {
  const { status, json, text } = await link.call('POST', '/connections', { provider: 'demo', ...body });
  expect([status, status === 201 ? '' : text]).toEqual([201, '']);
  const back = await decideAtDemo(new URL(json.authorizationUrl), as);
  return { state: json.state, receipt: await receiptFor(keyhold, [...back.searchParams]) };
};

/** All steps. */
export const connectByLink = async (
  keyhold: Keyhold,
  link: LinkInBrowser,
  body: { as: 'ada' | 'grace' } & Record<string, unknown>,
): Promise<Reply> => link.call('POST', '/connections/complete', await approveByLink(keyhold, link, body));
