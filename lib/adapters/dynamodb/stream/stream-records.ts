// Parses the records of the table's stream as Lambda delivers them. It never throws: a record that cannot be parsed must not
// block those behind it.
import * as z from 'zod';
import type { RowChange, StreamRecord } from '../../../domain/credential/credential-event.ts';
import type { Item } from '../../../domain/credential/rows.ts';
import { parseCredentialKey } from '../item-keys.ts';
import { unmarshallItem } from '../unmarshall-item.ts';

const StringAttribute = z.object({ S: z.string() }).transform(({ S }) => S);

/** The last second that a four-digit year can express (RFC 3339 §5.6). */
const LAST_SECOND = 253_402_300_799;

/** Fields of a record of DynamoDB Streams (AWS Lambda Developer Guide, "Using Lambda with Amazon DynamoDB"). */
const LambdaRecord = z.object({
  eventID: z.string().min(1),
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.object({
    SequenceNumber: z.string().min(1),
    ApproximateCreationDateTime: z.number().min(0).max(LAST_SECOND),
    Keys: z.object({ pk: StringAttribute, sk: StringAttribute }),
    NewImage: z.unknown().optional(),
    OldImage: z.unknown().optional(),
  }),
});
type LambdaRecord = z.infer<typeof LambdaRecord>;

const readImage = (image: unknown): Item => {
  try {
    return unmarshallItem(image) ?? {};
  } catch {
    // The row was created, changed or deleted all the same: eventName says so.
    return {};
  }
};

/** eventName decides which images there are, so that a damaged image does not look like a missing row. */
const readImages = ({ eventName, dynamodb }: LambdaRecord): Pick<RowChange, 'before' | 'after'> => ({
  before: eventName === 'INSERT' ? null : readImage(dynamodb.OldImage),
  after: eventName === 'REMOVE' ? null : readImage(dynamodb.NewImage),
});

const readRecord = (record: unknown): StreamRecord => {
  const { success, data } = LambdaRecord.safeParse(record);
  if (!success) return { kind: 'unknown' };
  const credential = parseCredentialKey(data.dynamodb.Keys);
  if (!credential) return { kind: 'other' };
  const { SequenceNumber: position, ApproximateCreationDateTime: seconds } = data.dynamodb;
  const row = { eventId: data.eventID, ...credential, occurredAt: Math.round(seconds * 1000), ...readImages(data) };
  return { kind: 'credential', position, row };
};

/** Parses records, keeping their order. */
export const readStreamRecords = (records: readonly unknown[]): StreamRecord[] => records.map(readRecord);
