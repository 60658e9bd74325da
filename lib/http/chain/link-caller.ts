// What the chain gives to the function that finds the link of a request. The link plane has no authorizer: the link is the caller's
// right, and its browser's cookie.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HeldLink } from '../../domain/link/connect-link.ts';

/** A request on the link plane, before its body is read. */
export interface LinkRequest {
  /** Of `Authorization: Link <token>`; null without one. */
  token: string | null;
  /** As API Gateway gives them: `name=value`. */
  cookies: readonly string[];
  /** The origin of the page that sent the request; absent from programs, and from most reads of the same origin. */
  origin: string | undefined;
  /** Sets the cookies of the answer, whatever it will be; a later call replaces them. */
  setCookies(cookies: readonly string[]): void;
}

/** Finds the link of a request, for its browser. Throws `link_invalid`, and `GatewayRefusal` (429) for too many calls of one user. */
export type FindLink = (request: LinkRequest) => Promise<HeldLink>;

const LINK_SCHEME = /^Link +([\w-]+)$/i;

/** Reads what a request says of its link. */
export const readLinkRequest = ({
  headers,
  cookies = [],
}: APIGatewayProxyEventV2): Omit<LinkRequest, 'setCookies'> => ({
  token: LINK_SCHEME.exec(headers.authorization ?? '')?.[1] ?? null,
  cookies,
  origin: headers.origin,
});
