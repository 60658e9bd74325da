// Stands in for EventBridge: one bus that keeps its newest events in memory, for GET /_local/events. An event that is
// delivered again is shown once, as a subscriber should treat it.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type Operation, type StandIn, serveAwsJson } from './aws-json-server.ts';

const MAX_EVENTS = 10_000;

const PutEvents = z.object({ Entries: z.array(z.unknown()).min(1).max(10) });

const jsonObject = z.string().transform((text, context): Record<string, unknown> => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    context.addIssue('not a JSON object');
    return z.NEVER;
  }
});

const Entry = z.object({
  EventBusName: z.string().min(1),
  Source: z.string().min(1),
  DetailType: z.string().min(1),
  Detail: jsonObject,
});

/** The fields of the event's detail, and its detail type. */
export type KeptEvent = Readonly<Record<string, unknown>> & { type: string };

interface EventLog {
  put(event: KeptEvent): void;
  /** Oldest first. */
  events(): KeptEvent[];
}

const newEventLog = (): EventLog => {
  const kept = new Map<unknown, KeptEvent>();
  return {
    put: (event) => {
      // A map keeps its keys in the order of their first insertion.
      kept.set(event.eventId ?? randomUUID(), event);
      if (kept.size > MAX_EVENTS) kept.delete(kept.keys().next().value);
    },
    events: () => [...kept.values()],
  };
};

const refusal = (error: z.ZodError) =>
  error.issues.some(({ path }) => path[0] === 'Detail')
    ? { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
    : { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${String(error.issues[0]?.path[0])} is not valid.` };

const putEntry = (log: EventLog, entry: unknown): object => {
  const { data, error } = Entry.safeParse(entry);
  if (!data) return refusal(error);
  log.put({ type: data.DetailType, ...data.Detail });
  return { EventId: randomUUID() };
};

const putEvents =
  (log: EventLog): Operation =>
  (input) => {
    const parsed = PutEvents.safeParse(input);
    if (!parsed.success) throw new AwsError('ValidationException', 'Entries must be 1 to 10');
    const Entries = parsed.data.Entries.map((entry) => putEntry(log, entry));
    return { FailedEntryCount: Entries.filter((answer) => 'ErrorCode' in answer).length, Entries };
  };

/** EventBridge's stand-in, and the events it was given, oldest first. */
export interface EventBridgeStandIn extends StandIn {
  events(): KeptEvent[];
}

/** Starts an empty bus. It accepts any bus name. */
export const startEventBridge = async (): Promise<EventBridgeStandIn> => {
  const log = newEventLog();
  const standIn = await serveAwsJson({ 'AWSEvents.PutEvents': putEvents(log) });
  return { ...standIn, events: log.events };
};
