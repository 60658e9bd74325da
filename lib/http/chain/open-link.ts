// Finds the link of a request on the link plane, before anything else of the request is read.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HeldLink } from '../../domain/link/connect-link.ts';
import type { Route } from '../routes/route.ts';
import { GatewayRefusal } from './gateway-refusal.ts';
import { type FindLink, readLinkRequest } from './link-caller.ts';
import { type NotesByEvent, note } from './notes.ts';

interface Opening {
  route: Pick<Route, 'plane'>;
  findLink?: FindLink;
  notes: NotesByEvent;
}

/**
 * The link of the caller; undefined on the other planes. Throws what `findLink` throws, and `GatewayRefusal` in a function that has
 * no way to find links.
 */
export const openLink = async (
  { route, findLink, notes }: Opening,
  event: APIGatewayProxyEventV2,
): Promise<HeldLink | undefined> => {
  if (route.plane !== 'link') return undefined;
  if (findLink === undefined) throw new GatewayRefusal(401, 'Unauthorized');
  const setCookies = (cookies: readonly string[]) => note(notes, event, { cookies });
  const link = await findLink({ ...readLinkRequest(event), setCookies });
  note(notes, event, { userId: link.row.userId });
  return link;
};
