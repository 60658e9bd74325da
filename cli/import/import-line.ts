// One line of an import: one user's document, sent until the service has reached all of it.
import type { ImportReport } from '../../client/generated/api-types.ts';
import { KeyholdError } from '../../client/keyhold-error.ts';
import type { Transport } from '../../client/transport/call.ts';
import { checkStored, importDocument } from '../service/routes.ts';
import type { Line } from './read-lines.ts';

/** What a line holds. */
export interface UserDocument {
  userId: string;
  format: string;
  document: Record<string, unknown>;
}

/** What became of a line; it has ids and reasons, and no secret. */
export type LineResult =
  | { kind: 'done'; userId: string; imported: string[]; skipped: ImportReport['skipped']; checks: Checks }
  | { kind: 'failed'; userId: string | null; error: string }
  | { kind: 'empty' };

/** How many of the imported credentials the provider took. */
export interface Checks {
  valid: number;
  invalid: number;
  unknown: number;
}

/** How lines are imported. */
export interface ImportSettings {
  transport: Transport;
  /** The format of lines that name none. */
  format: string;
  /** Whether each imported credential is proved at its provider. */
  verify: boolean;
}

/** The longest line: the service takes documents of 4 MB. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Reads a line; text says why it cannot be one. */
export const readDocument = ({ text }: Line, format: string): UserDocument | string | null => {
  if (text === null) return `is longer than ${MAX_LINE_BYTES} bytes`;
  if (text.trim() === '') return null;
  const value = parseJson(text);
  if (!isObject(value)) return 'is no JSON object';
  if (typeof value.userId !== 'string') return 'has no userId';
  if (!isObject(value.document)) return 'has no document';
  const named = value.format ?? format;
  if (named !== 'autogpt' && named !== 'keyhold') return 'has another format than autogpt or keyhold';
  return { userId: value.userId, format: named, document: value.document };
};

/** The service ran out of time before it reached an entry: the same document again reaches it. */
const NOT_REACHED = 'not_reached';

const importAll = async (transport: Transport, { userId, format, document }: UserDocument): Promise<ImportReport> => {
  const imported: string[] = [];
  for (;;) {
    const answer = await importDocument(transport, userId, { format, document });
    imported.push(...answer.imported);
    const isDone = !answer.skipped.some(({ reason }) => reason === NOT_REACHED) || answer.imported.length === 0;
    const own = new Set(imported);
    if (isDone)
      return { imported, skipped: answer.skipped.filter(({ id, reason }) => reason !== 'exists' || !own.has(id)) };
  }
};

const isCredential = (id: string): boolean => !/^(?:managed|state)\//.test(id);

const checkAll = async (transport: Transport, userId: string, ids: readonly string[]): Promise<Checks> => {
  const checks: Checks = { valid: 0, invalid: 0, unknown: 0 };
  for (const id of ids.filter(isCredential)) checks[await checkOne(transport, userId, id)]++;
  return checks;
};

const checkOne = async (transport: Transport, userId: string, id: string): Promise<keyof Checks> => {
  try {
    return (await checkStored(transport, userId, id)).result;
  } catch (error) {
    if (error instanceof KeyholdError && error.code === 'reconnect_required') return 'invalid';
    if (error instanceof KeyholdError && isAboutUser(error)) return 'unknown';
    throw error;
  }
};

/** A refusal of this user's document; anything else stops the run, and the same command goes on later. */
const isAboutUser = ({ status, code }: KeyholdError): boolean =>
  status >= 400 && status < 500 && !['unauthenticated', 'route_unknown', 'too_many_requests'].includes(code);

/** Imports a line. Throws what is no refusal of this line. */
export const importLine = async (line: Line, { transport, format, verify }: ImportSettings): Promise<LineResult> => {
  const document = readDocument(line, format);
  if (document === null) return { kind: 'empty' };
  if (typeof document === 'string') return { kind: 'failed', userId: null, error: document };
  const { userId } = document;
  try {
    const { imported, skipped } = await importAll(transport, document);
    const checks = await checkAll(transport, userId, verify ? imported : []);
    return { kind: 'done', userId, imported, skipped, checks };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'failed', userId, error: error.message };
    if (error instanceof KeyholdError && isAboutUser(error)) return { kind: 'failed', userId, error: error.code };
    throw error;
  }
};
