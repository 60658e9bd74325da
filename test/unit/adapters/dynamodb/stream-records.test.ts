// Records of the table's stream: what is parsed of them, and that a malformed record never throws.
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { credentialKey, managedKey, stateKey, userRecordKey } from '../../../../lib/adapters/dynamodb/item-keys.ts';
import { readStreamRecords } from '../../../../lib/adapters/dynamodb/stream/stream-records.ts';
import { credentialItem } from '../../../../lib/domain/credential/rows.ts';
import { credential } from '../../../support/builders.ts';

const KEY = credentialKey('alice', 'c1');
const ROW = { ...KEY, ...credentialItem(credential()) };

/** As Lambda writes an image: JSON, binary in base64. */
const image = (item: object = ROW): Record<string, unknown> =>
  JSON.parse(JSON.stringify(marshall({ ...item, wrappedKey: undefined }, { removeUndefinedValues: true })));

const record = (eventName: string, dynamodb: object = {}) => ({
  eventID: 'e1',
  eventName,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/1',
  dynamodb: {
    ApproximateCreationDateTime: 1_893_456_000,
    Keys: marshall(KEY),
    SequenceNumber: '111',
    SizeBytes: 1,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
    ...dynamodb,
  },
});

const read = (given: unknown) => readStreamRecords([given])[0];
const readRow = (given: unknown) => {
  const found = read(given);
  return found?.kind === 'credential' ? found.row : undefined;
};

describe('readStreamRecords', () => {
  it('parses user, credential, time and position in the stream', () => {
    expect(read(record('INSERT', { NewImage: image() }))).toMatchObject({
      kind: 'credential',
      position: '111',
      row: { eventId: 'e1', userId: 'alice', credentialId: 'c1', occurredAt: Date.UTC(2030, 0, 1) },
    });
  });

  it.each([
    ['INSERT', false, true],
    ['MODIFY', true, true],
    ['REMOVE', true, false],
  ])('returns the images that a %s has', (eventName, before, after) => {
    const row = readRow(record(eventName, { NewImage: image(), OldImage: image() }));
    expect(row?.before?.version).toBe(before ? 1 : undefined);
    expect(row?.after?.version).toBe(after ? 1 : undefined);
    expect([row?.before === null, row?.after === null]).toEqual([!before, !after]);
  });

  it('reads a base64 wrapped key, as Lambda encodes binary', () => {
    const row = readRow(record('INSERT', { NewImage: { ...image(), wrappedKey: { B: 'AQID' } } }));
    expect(row?.after).toMatchObject({ provider: 'github', version: 1 });
  });

  it.each(['a#b', 'é\u{1f511}', '%23', 'a\u0001'])('parses the user id %j', (userId) => {
    expect(readRow(record('REMOVE', { Keys: marshall(credentialKey(userId, 'c1')) }))?.userId).toBe(userId);
  });

  it.each<[string, object]>([
    ['a user record', userRecordKey('alice')],
    ['a managed key', managedKey('alice', 'ayrshare')],
    ['a state', stateKey('hash')],
    ['a lease', { pk: 'USER#alice', sk: 'LEASE#c1' }],
    ['an invalid id', { pk: 'USER#alice', sk: 'CRED#a b' }],
    ['a partition of no user', { pk: 'STATE#alice', sk: 'CRED#c1' }],
    ['a partition with too many parts', { pk: 'USER#a#b', sk: 'CRED#c1' }],
    ['a partition that the encoder never writes', { pk: 'USER#%41', sk: 'CRED#c1' }],
  ])('classifies %s as other', (_, key) => {
    expect(read(record('INSERT', { Keys: marshall(key), NewImage: image() }))).toEqual({ kind: 'other' });
  });

  it.each<[string, unknown]>([
    ['none', undefined],
    ['no object', 'x'],
    ['one with a type that is none', { provider: { X: 'y' } }],
    ['one with an attribute that is none', { provider: 5 }],
    ['one with a number that is none', { version: { N: 'x' } }],
  ])('treats an invalid image as an empty row: %s', (_, broken) => {
    expect(readRow(record('INSERT', { NewImage: broken }))).toMatchObject({ before: null, after: {} });
    expect(readRow(record('REMOVE', { OldImage: broken }))).toMatchObject({ before: {}, after: null });
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['no object', 5],
    ['no id', { ...record('INSERT'), eventID: undefined }],
    ['an unknown event name', record('REPLACE')],
    ['no place in the stream', record('INSERT', { SequenceNumber: undefined })],
    ['no keys', record('INSERT', { Keys: undefined })],
    ['keys that are numbers', record('INSERT', { Keys: { pk: { N: '1' }, sk: { N: '1' } } })],
    ['no time', record('INSERT', { ApproximateCreationDateTime: undefined })],
    ['a time out of range', record('INSERT', { ApproximateCreationDateTime: 1e300 })],
  ])('classifies a record with %s as unknown, without throwing', (_, odd) => {
    expect(read(odd)).toEqual({ kind: 'unknown' });
  });
});
