// Compares a credential of the model with an answer: version, title, and the secret where the answer has one.
import type { CredentialView } from '../../../../lib/domain/credential/credential-view.ts';

/** A credential of the model. */
export interface Row {
  version: number;
  title: string | null;
  key: string;
  oauth: boolean;
}

/** A credential in an answer. */
export type Shown = Pick<CredentialView, 'id' | 'version' | 'title' | 'source'> & { secret?: unknown };

/** Whether version and title match. */
export const looksLike = (row: Row | undefined, { version, title }: Shown): boolean =>
  row !== undefined && row.version === version && row.title === title;

/** Whether the secret matches. */
export const showsSecret = ({ key, oauth }: Row, { secret }: Shown): boolean =>
  JSON.stringify(secret) === JSON.stringify(oauth ? { accessToken: key } : { apiKey: key });

/** Whether the answer has exactly the credentials of the user; system credentials are ignored. */
export const showsAll = (rows: ReadonlyMap<string, Row>, shown: readonly Shown[]): boolean => {
  const own = shown.filter(({ source }) => source === 'user');
  return own.length === rows.size && own.every((view) => looksLike(rows.get(view.id), view));
};
