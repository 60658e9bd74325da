// Judges one credential of a document by itself: it is either one to store or has one reason why not. No reason repeats a value.
import type * as z from 'zod';
import { MAX_SECRET_BYTES } from '../credential/credential.ts';
import { isSystemCredential } from '../credential/system-credentials.ts';
import { CredentialId } from '../values/names.ts';
import { MovedCredential } from './moved-credential.ts';
import type { SkippedEntry, SkipReason } from './skip-reason.ts';

/** Fields of a document, not yet checked. */
export type RawFields = Readonly<Record<string, unknown>>;

/** What is to become of an entry, before the table is asked. */
export type JudgedCredential =
  | { kind: 'credential'; id: string; credential: MovedCredential }
  | ({ kind: 'skipped' } & SkippedEntry);

/** A provider may give two tokens of 16 KB each, and a record may keep more beside them. */
const MAX_STORED_SECRET_BYTES = 3 * MAX_SECRET_BYTES;

/** What Pydantic writes in place of a secret, unless it is told otherwise. */
const MASK = '**********';

/** Whether a value stands in place of a secret. */
export const isMask = (value: unknown): boolean => value === MASK;

/** Far above what an entry needs; below it, no schema takes long. */
const MAX_ENTRY_SIZE = 128 * 1024;

/** Adds up names and texts, and eight for each value. Walks without recursion, and no further than the limit. */
const isTooLarge = (entry: RawFields): boolean => {
  let size = 0;
  const left: unknown[] = [entry];
  while (left.length > 0 && size <= MAX_ENTRY_SIZE) {
    const value = left.pop();
    size += typeof value === 'string' ? value.length : 8;
    if (typeof value !== 'object' || value === null) continue;
    for (const name in value) {
      size += name.length + 8;
      if (size > MAX_ENTRY_SIZE) return true;
      left.push(value[name as keyof typeof value]);
    }
  }
  return size > MAX_ENTRY_SIZE;
};

/** The entry, if it is an object of a size that can be judged; else why not. */
export const readEntry = (value: unknown): RawFields | 'invalid_entry' | 'entry_too_large' => {
  if (!isRawFields(value)) return 'invalid_entry';
  return isTooLarge(value) ? 'entry_too_large' : value;
};

const REASONS: Readonly<Record<string, SkipReason>> = {
  type: 'invalid_type',
  provider: 'invalid_provider',
  title: 'invalid_title',
  host: 'invalid_host',
  username: 'invalid_account',
  accountId: 'invalid_account',
  scopes: 'invalid_scopes',
  data: 'invalid_data',
  resource: 'invalid_resource',
  reason: 'invalid_reason',
  secret: 'invalid_secret',
  'secret/metadata': 'invalid_metadata',
  'secret/variables': 'invalid_variables',
  'secret/server': 'invalid_resource',
};

const explain = ([issue]: readonly z.core.$ZodIssue[]): SkipReason => {
  const [field, part] = issue?.path.map(String) ?? [];
  return REASONS[`${field}/${part}`] ?? REASONS[field ?? ''] ?? 'invalid_time';
};

/** Whether a value is an object that is no list. */
export const isRawFields = (value: unknown): value is RawFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasMask = (fields: RawFields): boolean => Object.values(fields).some(isMask);

const isMasked = (secret: unknown): boolean =>
  isRawFields(secret) && (hasMask(secret) || (isRawFields(secret.headers) && hasMask(secret.headers)));

const findReason = (raw: RawFields, isStored: boolean): SkipReason | MovedCredential => {
  if (raw.secret === null && raw.reason === 'unreadable') return 'unreadable';
  if (isMasked(raw.secret)) return 'masked_secret';
  const parsed = MovedCredential.safeParse(raw);
  if (!parsed.success) return explain(parsed.error.issues);
  const bytes = Buffer.byteLength(JSON.stringify(parsed.data.secret));
  return bytes > (isStored ? MAX_STORED_SECRET_BYTES : MAX_SECRET_BYTES) ? 'secret_too_large' : parsed.data;
};

/**
 * Judges a credential in the shape of an export. `isStored`: it comes from a store of this service, so its secret may have the size
 * that a provider gave it. `place` names it where its own id is unusable.
 */
export const judgeCredential = (
  raw: RawFields,
  { place, isStored }: { place: string; isStored: boolean },
): JudgedCredential => {
  const id = CredentialId.safeParse(raw.id);
  if (!id.success) return { kind: 'skipped', id: place, reason: 'invalid_id' };
  if (isSystemCredential(id.data)) return { kind: 'skipped', id: id.data, reason: 'system_credential' };
  const found = findReason(raw, isStored);
  if (typeof found === 'string') return { kind: 'skipped', id: id.data, reason: found };
  return { kind: 'credential', id: id.data, credential: found };
};
