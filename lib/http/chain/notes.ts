// What the chain notes of a request while it is handled: for its answer, whatever that will be, and for its log line.
import { withSecurityHeaders } from './security-headers.ts';
import type { Result } from './write-response.ts';

/** What is found out about a request while it is handled, for its answer and its log line; by its event. */
export interface Notes {
  /** Why it was refused, where the answer is a page, not an error. */
  refusal?: string;
  /** The user of its link. */
  userId?: string;
  /** Of the answer, whatever it is. */
  cookies?: readonly string[];
}
/** The notes of the requests that are being handled. */
export type NotesByEvent = WeakMap<object, Notes>;

/** Adds to the notes of a request. */
export const note = (notes: NotesByEvent, event: object, noted: Notes): void => {
  notes.set(event, { ...notes.get(event), ...noted });
};

/** Gives an answer the headers that every answer has, and the cookies that were noted for it. */
export const completeAnswer =
  (notes: NotesByEvent) =>
  (request: { event: object; response?: Result | undefined | null }): void => {
    if (!request.response) return;
    const { cookies = [] } = notes.get(request.event) ?? {};
    request.response = {
      ...withSecurityHeaders(request.response),
      ...(cookies.length > 0 && { cookies: [...cookies] }),
    };
  };
