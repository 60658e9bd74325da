// Reads from a reply the values that the record keeps. `*` in a path stands for every item of a list: the values are joined by
// commas, as many as fit.
import { type Keep, type KeptValues, keepValues } from '../../../domain/oauth/kept/kept-values.ts';
import type { ProviderProfile } from '../../../domain/oauth/provider-profile.ts';
import type { OutboundPolicy } from '../../../domain/values/outbound-url.ts';
import { readPath } from './provider-reply.ts';

/** The longest joined list (characters); a value may be that long. */
const MAX_JOINED = 1_000;

const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

const readItems = (body: unknown, list: string, rest: string): string | undefined => {
  const items = list === '' ? body : readPath(body, list);
  if (!Array.isArray(items)) return undefined;
  const values = items.map((item) => (rest === '' ? item : readPath(item, rest))).filter(isScalar);
  return values.reduce<string>((joined, value) => {
    const longer = joined === '' ? String(value) : `${joined},${value}`;
    return longer.length > MAX_JOINED ? joined : longer;
  }, '');
};

/** The value at a path, which may have one `*`. */
const readKeptPath = (body: unknown, path: string): unknown => {
  const parts = path.split('.');
  const star = parts.indexOf('*');
  if (star === -1) return readPath(body, path);
  return readItems(body, parts.slice(0, star).join('.'), parts.slice(star + 1).join('.'));
};

/** What the record keeps of a reply, checked. */
export const readKept = (
  profile: ProviderProfile,
  body: unknown,
  { from, policy }: { from: Keep['from']; policy: OutboundPolicy },
): KeptValues => keepValues(profile, { from, policy, read: (path) => readKeptPath(body, path) });
