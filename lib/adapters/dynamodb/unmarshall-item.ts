// Items in DynamoDB's JSON as plain values. Apart from the table's client, so that the reader of the stream needs no client.
import { NumberValueImpl as NumberValue, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../../domain/credential/rows.ts';

/** Keeps unsafe integers and fractions as NumberValue, so that one bad row cannot fail the whole query. */
export const readNumber = (text: string) =>
  Number.isSafeInteger(Number(text)) ? Number(text) : NumberValue.from(text);

/** Converts an item in DynamoDB's JSON; null for undefined. Throws if it is not valid. */
export const unmarshallItem = (item: unknown): Item | null =>
  item === undefined ? null : unmarshall(item as Parameters<typeof unmarshall>[0], { wrapNumbers: readNumber });
