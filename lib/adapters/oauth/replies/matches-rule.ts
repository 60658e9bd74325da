// Whether a reply is one that a rule of the record describes.
import type { ReplyRule } from '../../../domain/oauth/rules/reply-rule.ts';
import { readPath } from './provider-reply.ts';

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);

/** Whether every member of the rule holds for a reply of this status with these fields. */
export const matchesRule = ({ status, path, equals }: ReplyRule, replyStatus: number, body: unknown): boolean => {
  if (status !== undefined && status !== replyStatus) return false;
  if (path === undefined) return true;
  const value = readPath(body, path);
  if (equals === undefined) return value !== undefined && value !== null;
  return isScalar(value) && String(value) === String(equals);
};
