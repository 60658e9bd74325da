// A record of the table's stream as Lambda hands it to a function: JSON, so binary is base64 and an instant is seconds; and
// the filter that the deployed mapping has.
import type { _Record as EngineRecord } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { REGION } from '../aws/local-aws.ts';

const CREDENTIAL_PREFIX = 'CRED#';

/** Other rows invoke nothing. */
export const isOfCredential = ({ dynamodb }: EngineRecord): boolean =>
  dynamodb?.Keys?.sk?.S?.startsWith(CREDENTIAL_PREFIX) ?? false;

const toJson = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
};

export const toLambdaRecord = (record: EngineRecord, eventSourceARN: string): DynamoDBRecord => {
  const { ApproximateCreationDateTime: created, ...dynamodb } = record.dynamodb ?? {};
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: record.eventSource,
    awsRegion: REGION,
    dynamodb: {
      ...(created && { ApproximateCreationDateTime: Math.floor(created.getTime() / 1000) }),
      ...(toJson(dynamodb) as StreamRecord),
    },
    eventSourceARN,
  } as DynamoDBRecord;
};
