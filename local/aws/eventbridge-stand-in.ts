// A stand-in for EventBridge: one bus, whose newest events are kept in memory to be looked at. An event that comes again
// is shown once, as a subscriber should see it.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type Operation, type StandIn, serveAwsJson } from './aws-json-server.ts';

const MOST_KEPT = 10_000;

const PutEvents = z.object({ Entries: z.array(z.unknown()).min(1).max(10) });

const jsonObject = z.string().transform((text, context): Record<string, unknown> => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    context.addIssue('no JSON object');
    return z.NEVER;
  }
});

const Entry = z.object({
  EventBusName: z.string().min(1),
  Source: z.string().min(1),
  DetailType: z.string().min(1),
  Detail: jsonObject,
});

/** The detail, and the detail's type. */
export type KeptEvent = Readonly<Record<string, unknown>> & { type: string };

interface Shelf {
  put(event: KeptEvent): void;
  /** Oldest first. */
  events(): KeptEvent[];
}

const newShelf = (): Shelf => {
  const kept = new Map<unknown, KeptEvent>();
  return {
    put: (event) => {
      // A map keeps its keys in the order in which they first came.
      kept.set(event.eventId ?? randomUUID(), event);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
    },
    events: () => [...kept.values()],
  };
};

const refusal = (error: z.ZodError) =>
  error.issues.some(({ path }) => path[0] === 'Detail')
    ? { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
    : { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${String(error.issues[0]?.path[0])} is not valid.` };

const takeEntry = (shelf: Shelf, entry: unknown): object => {
  const { data, error } = Entry.safeParse(entry);
  if (!data) return refusal(error);
  shelf.put({ type: data.DetailType, ...data.Detail });
  return { EventId: randomUUID() };
};

const putEvents =
  (shelf: Shelf): Operation =>
  (input) => {
    const parsed = PutEvents.safeParse(input);
    if (!parsed.success) throw new AwsError('ValidationException', 'Entries must be 1 to 10');
    const Entries = parsed.data.Entries.map((entry) => takeEntry(shelf, entry));
    return { FailedEntryCount: Entries.filter((answer) => 'ErrorCode' in answer).length, Entries };
  };

export interface EventBridgeStandIn extends StandIn {
  events(): KeptEvent[];
}

export const startEventBridge = async (): Promise<EventBridgeStandIn> => {
  const shelf = newShelf();
  const standIn = await serveAwsJson({ 'AWSEvents.PutEvents': putEvents(shelf) });
  return { ...standIn, events: shelf.events };
};
