// A record of the engine, and the same record as Lambda delivers it.
import type { _Record as EngineRecord } from '@aws-sdk/client-dynamodb-streams';
import { describe, expect, it } from 'vitest';
import { isCredentialRecord, toLambdaRecord } from '../../../../local/table/stream-record.ts';

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/1';
const engineRecord = (dynamodb: EngineRecord['dynamodb']): EngineRecord => ({
  eventID: '7',
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'elsewhere',
  dynamodb,
});

describe('toLambdaRecord', () => {
  it('converts to JSON: binary as base64, the time as seconds', () => {
    const record = toLambdaRecord(
      engineRecord({
        ApproximateCreationDateTime: new Date('2030-01-01T00:00:00.900Z'),
        Keys: { pk: { S: 'USER#a' }, sk: { S: 'CRED#c' } },
        NewImage: {
          wrappedKey: { B: new Uint8Array([1, 2, 3]) },
          all: { BS: [new Uint8Array([255])] },
          list: { L: [{ B: new Uint8Array([0]) }, { N: '1' }, { NULL: true }] },
          map: { M: { x: { BOOL: false } } },
        },
        SequenceNumber: '7',
        SizeBytes: 9,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      }),
      ARN,
    );
    expect(record).toEqual({
      eventID: '7',
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: Date.UTC(2030, 0, 1) / 1000,
        Keys: { pk: { S: 'USER#a' }, sk: { S: 'CRED#c' } },
        NewImage: {
          wrappedKey: { B: 'AQID' },
          all: { BS: ['/w=='] },
          list: { L: [{ B: 'AA==' }, { N: '1' }, { NULL: true }] },
          map: { M: { x: { BOOL: false } } },
        },
        SequenceNumber: '7',
        SizeBytes: 9,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: ARN,
    });
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expect(record.dynamodb).not.toHaveProperty('OldImage');
  });
});

describe('isCredentialRecord', () => {
  it.each([
    ['CRED#c', true],
    ['CRED', false],
    ['LEASE#c', false],
    ['MANAGED#CRED#', false],
    ['#HEAD', false],
  ])('for the sort key %s is %s', (sk, expected) => {
    expect(isCredentialRecord(engineRecord({ Keys: { pk: { S: 'USER#a' }, sk: { S: sk } } }))).toBe(expected);
  });

  it('is false for a record without keys', () => {
    expect(isCredentialRecord(engineRecord(undefined))).toBe(false);
  });
});
