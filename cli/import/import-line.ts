// One line of an import: one user's document, sent until the service has reached all of it.
import type { ImportReport, ImportRequest } from '../../client/generated/api-types.ts';
import { KeyholdError } from '../../client/keyhold-error.ts';
import type { Worker } from '../../client/worker.ts';
import type { Line } from './read-lines.ts';

/** How a document is written. */
export type ImportFormat = ImportRequest['format'];

/** What a line holds. */
export interface UserDocument {
  userId: string;
  format: ImportFormat;
  document: Record<string, unknown>;
}

/** What became of a line; it has ids and reasons, and no secret. */
export type LineResult =
  | { kind: 'done'; userId: string; imported: string[]; skipped: ImportReport['skipped']; checks: Checks }
  | { kind: 'failed'; userId: string | null; error: string }
  | { kind: 'empty' };

/** How many of the stored credentials the provider took, and the ids of those that it refused or said nothing about. */
export interface Checks {
  valid: number;
  invalid: string[];
  unknown: string[];
}

/** How lines are imported. */
export interface ImportSettings {
  worker: Worker;
  /** The format of lines that name none. */
  format: ImportFormat;
  /** Whether each credential that is stored now, also one that was there before, is checked at its provider. */
  verify: boolean;
}

/** The longest line: the service takes documents of 4 MB. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NO_OBJECT = 'is no JSON object';

const parseObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Reads a line; text says why it cannot be one. */
export const readDocument = ({ text }: Line, format: ImportFormat): UserDocument | string | null => {
  if (text === null) return `is longer than ${MAX_LINE_BYTES} bytes`;
  if (text.trim() === '') return null;
  const value = parseObject(text);
  if (value === undefined) return NO_OBJECT;
  if (typeof value.userId !== 'string') return 'has no userId';
  if (!isObject(value.document)) return 'has no document';
  const named = value.format ?? format;
  if (named !== 'autogpt' && named !== 'keyhold') return 'has another format than autogpt or keyhold';
  return { userId: value.userId, format: named, document: value.document };
};

/** The service ran out of time before it reached an entry: the same document again reaches it. */
const NOT_REACHED = 'not_reached';

const importAll = async (worker: Worker, { userId, format, document }: UserDocument): Promise<ImportReport> => {
  const imported: string[] = [];
  for (;;) {
    const answer = await worker.importUser(userId, { format, document });
    imported.push(...answer.imported);
    const isDone = !answer.skipped.some(({ reason }) => reason === NOT_REACHED) || answer.imported.length === 0;
    const own = new Set(imported);
    if (isDone)
      return { imported, skipped: answer.skipped.filter(({ id, reason }) => reason !== 'exists' || !own.has(id)) };
  }
};

const isCredential = (id: string): boolean => !/^(?:managed|state)\//.test(id);

/** The credentials of the document that are stored now. An entry that exists was stored by an earlier import, or before. */
const storedIds = ({ imported, skipped }: ImportReport): string[] => {
  const existing = skipped.filter(({ reason }) => reason === 'exists').map(({ id }) => id);
  return [...new Set([...imported, ...existing])].filter(isCredential);
};

const checkAll = async (worker: Worker, userId: string, ids: readonly string[]): Promise<Checks> => {
  const checks: Checks = { valid: 0, invalid: [], unknown: [] };
  for (const id of ids) {
    const result = await checkOne(worker, userId, id);
    if (result === 'valid') checks.valid++;
    else checks[result].push(id);
  }
  return checks;
};

const checkOne = async (worker: Worker, userId: string, id: string): Promise<keyof Checks> => {
  try {
    return (await worker.checkStoredCredential(userId, id)).result;
  } catch (error) {
    if (error instanceof KeyholdError && error.code === 'reconnect_required') return 'invalid';
    if (error instanceof KeyholdError && isAboutUser(error)) return 'unknown';
    throw error;
  }
};

/** A refusal of this user's document; anything else stops the run, and the same command goes on later. */
const isAboutUser = ({ status, code }: KeyholdError): boolean =>
  status >= 400 && status < 500 && !['unauthenticated', 'route_unknown', 'too_many_requests'].includes(code);

const importUser = async (user: UserDocument, { worker, verify }: ImportSettings): Promise<LineResult> => {
  const { userId } = user;
  try {
    const report = await importAll(worker, user);
    const checks = await checkAll(worker, userId, verify ? storedIds(report) : []);
    return { kind: 'done', userId, ...report, checks };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'failed', userId, error: error.message };
    if (error instanceof KeyholdError && isAboutUser(error)) return { kind: 'failed', userId, error: error.code };
    throw error;
  }
};

/** Imports a line. Throws what is no refusal of this line. */
export const importLine = async (line: Line, settings: ImportSettings): Promise<LineResult> => {
  const user = readDocument(line, settings.format);
  if (user === null) return { kind: 'empty' };
  return typeof user === 'string' ? { kind: 'failed', userId: null, error: user } : importUser(user, settings);
};

/** Imports a text that is one document, into this user and no other. Throws what is no refusal of the document. */
export const importText = async (userId: string, text: string, settings: ImportSettings): Promise<LineResult> => {
  const document = parseObject(text);
  if (document === undefined) return { kind: 'failed', userId, error: NO_OBJECT };
  return importUser({ userId, format: settings.format, document }, settings);
};
