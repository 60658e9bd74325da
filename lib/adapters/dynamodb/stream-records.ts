// The table's stream as Lambda hands it over, in our own words. Whatever a record holds, reading it does not throw: one
// that nobody could understand must not stand in the way of those behind it.
import * as z from 'zod';
import type { RowChange, StreamRecord } from '../../domain/credential/credential-event.ts';
import type { Item } from '../../domain/credential/rows.ts';
import { ownedCredentialOf } from './item-keys.ts';
import { unmarshallItem } from './table.ts';

const StringAttribute = z.object({ S: z.string() }).transform(({ S }) => S);

/** The last second that a four-digit year can express (RFC 3339 §5.6). */
const LAST_SECOND = 253_402_300_799;

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
    // That the row came or went is evident all the same.
    return {};
  }
};

/** By the kind of the change, which holds whatever the images look like. */
const imagesOf = ({ eventName, dynamodb }: LambdaRecord): Pick<RowChange, 'before' | 'after'> => ({
  before: eventName === 'INSERT' ? null : readImage(dynamodb.OldImage),
  after: eventName === 'REMOVE' ? null : readImage(dynamodb.NewImage),
});

const readRecord = (record: unknown): StreamRecord => {
  const { success, data } = LambdaRecord.safeParse(record);
  if (!success) return { about: 'unknown' };
  const credential = ownedCredentialOf(data.dynamodb.Keys);
  if (!credential) return { about: 'other' };
  const { SequenceNumber: position, ApproximateCreationDateTime: seconds } = data.dynamodb;
  const row = { eventId: data.eventID, ...credential, occurredAt: Math.round(seconds * 1000), ...imagesOf(data) };
  return { about: 'credential', position, row };
};

/** In the order of the stream. */
export const readStreamRecords = (records: readonly unknown[]): StreamRecord[] => records.map(readRecord);
