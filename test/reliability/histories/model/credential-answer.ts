// How a credential of the model shows in an answer: its own version and title, and the secret where the answer holds it.
import type { CredentialView } from '../../../../lib/domain/credential/credential-view.ts';

export interface Row {
  version: number;
  title: string | null;
  key: string;
  oauth: boolean;
}

export type Shown = Pick<CredentialView, 'id' | 'version' | 'title' | 'source'> & { secret?: unknown };

export const looksLike = (row: Row | undefined, { version, title }: Shown): boolean =>
  row !== undefined && row.version === version && row.title === title;

export const showsSecret = ({ key, oauth }: Row, { secret }: Shown): boolean =>
  JSON.stringify(secret) === JSON.stringify(oauth ? { accessToken: key } : { apiKey: key });

/** All of them and, the operator's aside, no other. */
export const showsAll = (rows: ReadonlyMap<string, Row>, shown: readonly Shown[]): boolean => {
  const own = shown.filter(({ source }) => source === 'user');
  return own.length === rows.size && own.every((view) => looksLike(rows.get(view.id), view));
};
