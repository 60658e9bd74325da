// Turns a stream record of the engine into one as Lambda delivers it (JSON: binary as base64, times as epoch seconds), and has
// the filter of the deployed mapping.
import type { _Record as EngineRecord } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { REGION } from '../aws/local-aws.ts';

const CREDENTIAL_PREFIX = 'CRED#';

/** Whether the record is of a credential; the mapping filters out all others. */
export const isCredentialRecord = ({ dynamodb }: EngineRecord): boolean =>
  dynamodb?.Keys?.sk?.S?.startsWith(CREDENTIAL_PREFIX) ?? false;

const toJson = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
};

/** The record for a function, from the stream with this ARN. */
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
