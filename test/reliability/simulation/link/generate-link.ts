// Sends requests by links: mostly by one of the user's and from the browser that has it, now and then from another browser or by
// another link.
import type { Prng } from '../environment/prng.ts';
import { type Call, isKind } from '../trace/call.ts';
import type { Request } from '../workload/request.ts';
import type { ByLink, MadeLink, MakeLink } from './link-requests.ts';

interface KnownLink {
  userId: string;
  token: string;
  /** The browser of the person it was sent to. */
  browser: string;
}

export interface LinkKnowledge {
  links: KnownLink[];
  /** The links that started flows, by the state of the flow. */
  flows: Map<string, KnownLink>;
}

export const createLinkKnowledge = (): LinkKnowledge => ({ links: [], flows: new Map() });

const BROWSERS = ['browser-1', 'browser-2'];

export const generateMakeLink = (prng: Prng, userId: string): MakeLink => ({
  kind: 'makeLink',
  userId,
  manage: prng.chance(0.3),
  expiresInSeconds: prng.pick([60, 1_800, 604_800]),
});

const send = (prng: Prng, { token, browser }: KnownLink): ByLink => ({
  token,
  browser: prng.chance(0.15) ? prng.pick(BROWSERS) : browser,
});

/** The request by a link of its user; a flow's next step mostly by the link that started it. */
export const generateByLink = (prng: Prng, { links, flows }: LinkKnowledge, request: Request): Request => {
  const { kind, userId } = request;
  if (kind === 'complete' || kind === 'poll') {
    const link = prng.chance(0.1) ? prng.pick(links) : flows.get(request.state);
    return link === undefined ? request : { ...request, userId: link.userId, byLink: send(prng, link) };
  }
  if (kind !== 'add' && kind !== 'connect' && kind !== 'startDevice') return request;
  const link = prng.pick(links.filter((known) => known.userId === userId).slice(-2));
  if (link === undefined) return generateMakeLink(prng, userId);
  return prng.chance(0.05) ? request : { ...request, byLink: send(prng, link) };
};

/** What people and their browsers remember of an answer. */
export const learnLink = ({ links, flows }: LinkKnowledge, call: Call): void => {
  if (call.outcome.kind !== 'ok') return;
  if (isKind(call, 'makeLink')) {
    const { token } = call.outcome.value as MadeLink;
    links.push({ userId: call.request.userId, token, browser: BROWSERS[links.length % 2] ?? '' });
  }
  if (!isKind(call, 'connect', 'startDevice')) return;
  const { byLink } = call.request;
  const link = links.find(({ token }) => token === byLink?.token);
  if (link) flows.set((call.outcome.value as { state: string }).state, link);
};
