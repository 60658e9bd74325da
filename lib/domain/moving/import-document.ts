// Reads a document to import: a list of entries, each judged by itself, in the order of the document. Pure: the same document and
// time give the same entries, so a repeated import finds what the first one stored.
import { CredentialId, ProviderName } from '../values/names.ts';
import { invalidRequest } from '../values/service-error.ts';
import { convertAutogptCredential, convertAutogptManaged } from './autogpt.ts';
import {
  isMask,
  isRawFields,
  type JudgedCredential,
  judgeCredential,
  type RawFields,
  readEntry,
} from './judge-credential.ts';
import { type MovedState, readAutogptState, readAutogptStateExpiry } from './moved-state.ts';
import { convertNewCredential } from './new-to-moved.ts';
import type { SkippedEntry } from './skip-reason.ts';

/** The kinds of documents that can be imported. */
export const importFormats = ['autogpt', 'keyhold'] as const;
/** One of the kinds. */
export type ImportFormat = (typeof importFormats)[number];

/** Bounds the answer, which names every entry. */
export const MAX_ENTRIES = 10_000;

const MAX_MANAGED_CHARACTERS = 16_384;

/** One thing of a document, to store or to skip. */
export type ImportEntry =
  | JudgedCredential
  | { kind: 'managed'; id: string; provider: string; secret: string }
  | { kind: 'state'; id: string; state: MovedState };

/** An entry that is stored under the user's version. */
export type StorableEntry = Extract<ImportEntry, { kind: 'credential' | 'managed' }>;

const skip = (id: string, reason: SkippedEntry['reason']): ImportEntry => ({ kind: 'skipped', id, reason });

/** Throws `invalid_request`. */
const readList = (document: RawFields, name: string): readonly unknown[] => {
  const list = document[name] ?? [];
  if (!Array.isArray(list)) throw invalidRequest(`#/document/${name}`, 'must be a list');
  if (list.length > MAX_ENTRIES) throw invalidRequest(`#/document/${name}`, `at most ${MAX_ENTRIES} entries`);
  return list;
};

const readId = (item: unknown): string | undefined =>
  CredentialId.safeParse(isRawFields(item) ? item.id : undefined).data;

const judgeCredentials = (
  list: readonly unknown[],
  convert: (raw: RawFields) => { raw: RawFields; isStored: boolean },
): ImportEntry[] =>
  list.map((item, index) => {
    const place = `credential/${index}`;
    const entry = readEntry(item);
    if (typeof entry === 'string') return skip(readId(item) ?? place, entry);
    const { raw, isStored } = convert(entry);
    return judgeCredential(raw, { place, isStored });
  });

interface RawManaged {
  provider: unknown;
  secret: unknown;
  isKnown: boolean;
  place: string;
}

const judgeManaged = ({ provider, secret, isKnown, place }: RawManaged): ImportEntry => {
  const name = ProviderName.safeParse(provider);
  const id = name.success ? `managed/${name.data}` : place;
  if (isMask(secret)) return skip(id, 'masked_secret');
  const isText = typeof secret === 'string' && secret !== '' && secret.length <= MAX_MANAGED_CHARACTERS;
  if (!name.success || !isKnown || !isText) return skip(id, 'invalid_managed_key');
  return { kind: 'managed', id, provider: name.data, secret };
};

const judgeState = (item: unknown, index: number, now: number): ImportEntry => {
  const id = `state/${index}`;
  const entry = readEntry(item);
  if (typeof entry === 'string') return skip(id, entry);
  const expiresAt = readAutogptStateExpiry(entry);
  if (expiresAt !== null && expiresAt <= now) return skip(id, 'expired_state');
  const state = readAutogptState(entry);
  return state ? { kind: 'state', id, state } : skip(id, 'invalid_state');
};

const readAutogpt = (document: RawFields, now: number): ImportEntry[] => {
  const managed = document.managed_credentials ?? {};
  if (!isRawFields(managed)) throw invalidRequest('#/document/managed_credentials', 'must be an object');
  if (Object.keys(managed).length > MAX_ENTRIES) {
    throw invalidRequest('#/document/managed_credentials', `at most ${MAX_ENTRIES} entries`);
  }
  return [
    ...judgeCredentials(readList(document, 'credentials'), (item) => ({
      raw: convertAutogptCredential(item),
      isStored: false,
    })),
    ...convertAutogptManaged(managed).map((key, index) => judgeManaged({ ...key, place: `managed/${index}` })),
    ...readList(document, 'oauth_states').map((item, index) => judgeState(item, index, now)),
  ];
};

const readKeyhold = (document: RawFields): ImportEntry[] => [
  ...judgeCredentials(readList(document, 'credentials'), (item) =>
    'secret' in item ? { raw: item, isStored: true } : { raw: convertNewCredential(item), isStored: false },
  ),
  ...readList(document, 'managed').map((item, index): ImportEntry => {
    const place = `managed/${index}`;
    const entry = readEntry(item);
    if (typeof entry === 'string') return skip(place, entry);
    const { provider, secret, reason } = entry;
    const judged = judgeManaged({ provider, secret, isKnown: true, place });
    return secret === null && reason === 'unreadable' ? skip(judged.id, 'unreadable') : judged;
  }),
];

const withoutRepetitions = (entries: readonly ImportEntry[]): ImportEntry[] => {
  const seen = new Set<string>();
  return entries.map((entry) => {
    if (entry.kind === 'skipped') return entry;
    const key = entry.kind === 'state' ? `state/${entry.state.token}` : entry.id;
    if (seen.has(key)) return skip(entry.id, 'duplicate_id');
    seen.add(key);
    return entry;
  });
};

/**
 * The entries of a document at `now` (epoch milliseconds). Throws `invalid_request` for a document that is none of this format as a
 * whole: a list that is no list, or one with too many entries.
 */
export const readImportDocument = (
  { format, document }: { format: ImportFormat; document: RawFields },
  now: number,
): ImportEntry[] => {
  const entries = format === 'autogpt' ? readAutogpt(document, now) : readKeyhold(document);
  if (entries.length > MAX_ENTRIES) throw invalidRequest('#/document', `at most ${MAX_ENTRIES} entries`);
  return withoutRepetitions(entries);
};
