// The five questions that each record of the catalogue answers, with the sources of each answer and the day they were read, or with
// an honest "unknown".
import { type ProviderProfile, providerProfile } from '../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../lib/domain/oauth/provider-record.ts';
import type { KeyProvider } from '../lib/providers/catalogue/key-provider.ts';
import { type KeySource, keysCheckedOn, OAUTH_RECORD } from '../lib/providers/catalogue/key-source.ts';
import { oauthCheckedOn } from '../lib/providers/catalogue/oauth-source.ts';
import { catalogueProviders } from '../lib/providers/catalogue.ts';
import { findKeyProvider, keyProviders } from '../lib/providers/key-catalogue.ts';
import { keySources } from '../lib/providers/key-sources.ts';
import { oauthSources } from '../lib/providers/oauth-sources.ts';

/** What is asked of each record. */
export const questions = ['connect', 'renew', 'call', 'check', 'end'] as const;
/** One of the questions. */
export type Question = (typeof questions)[number];

/** One answer, its sources, and when they were last read (ISO 8601). */
export interface Answer {
  text: string;
  sources: readonly string[];
  readOn: string;
}

/** The answers of one record; null: unknown. */
export type Answers = Readonly<Record<Question, Answer | null>>;

const code = (text: string): string => `\`${text}\``;

const renewal = ({ rotatesRefreshTokens, accessTokenLifetimeSeconds }: ProviderRecord): string | null => {
  if (rotatesRefreshTokens !== undefined) return rotatesRefreshTokens ? 'refresh token, spent' : 'refresh token, kept';
  return accessTokenLifetimeSeconds === null ? 'does not expire' : null;
};

const connection = ({ deviceAuthorizationEndpoint, sendPkce }: ProviderProfile): string =>
  `code${sendPkce ? ' with PKCE' : ''}${deviceAuthorizationEndpoint === null ? '' : ', device'}`;

const keyPlace = ({ type, key }: KeyProvider): string => {
  if (type === 'user_password') return 'user name and password';
  if (key === undefined) return 'key, bearer';
  return `key in ${code('query' in key ? `?${key.query}` : `${key.header.name}: ${key.header.prefix}`.trim().replace(/:$/, ''))}`;
};

const callText = (method: string, path: string): string => code(`${method} ${path}`);

const keyAnswer = (text: string | null, sources: readonly string[] = []): Answer | null =>
  text === null || sources.length === 0 ? null : { text, sources, readOn: keysCheckedOn };

const findOAuthSources = (name: string, question: Question): readonly string[] => {
  const source = oauthSources.get(name);
  if (source === undefined || !('connect' in source)) return source ?? [];
  return [source[question as keyof typeof source] ?? []].flat();
};

/** The OAuth record of the same name stands for its own sources. */
const withRecordSources = (name: string, sources: readonly string[] | undefined): readonly string[] | undefined =>
  sources?.flatMap((source) => {
    const own = source === OAUTH_RECORD ? findOAuthSources(name, 'check') : [];
    return own.length > 0 ? own : [source];
  });

const keySource = (name: string): Partial<KeySource> => keySources.get(name) ?? {};

const callAnswer = (name: string, known: KeyProvider | undefined): Answer | null => {
  if (known === undefined) return null;
  const hosts = known.apiHosts ?? [];
  const text = known.apiBaseUrl ?? hosts[0] ?? null;
  return keyAnswer(text === null ? null : code(text), withRecordSources(name, keySource(name).call));
};

const keyCheck = (name: string, known: KeyProvider): Answer | null => {
  const { verification } = known;
  const text = verification === undefined ? null : callText(verification.method, verification.path);
  return keyAnswer(text, withRecordSources(name, keySource(name).check));
};

/** The answers for a provider's keys. A key is not renewed by anything documented, so that question has no answer yet. */
export const keyAnswers = (name: string, known: KeyProvider): Answers => ({
  connect: keyAnswer(keyPlace(known), withRecordSources(name, keySource(name).call)),
  renew: null,
  call: callAnswer(name, known),
  check: keyCheck(name, known),
  end: keyAnswer('deleted at the vendor', keySource(name).end),
});

/** The answers for a provider's OAuth grants. */
export const oauthAnswers = (name: string, record: ProviderRecord): Answers => {
  const profile = providerProfile(name, record);
  const answer = (question: Question, text: string | null): Answer | null => {
    const sources = findOAuthSources(name, question);
    return text === null || sources.length === 0 ? null : { text, sources, readOn: oauthCheckedOn };
  };
  const { identityEndpoint, identityMethod, revocationStyle, apiBaseUrl } = profile;
  return {
    connect: answer('connect', connection(profile)),
    renew: answer('renew', renewal(record)),
    call: apiBaseUrl === null ? callAnswer(name, findKeyProvider(name)) : answer('call', code(apiBaseUrl)),
    check: answer('check', identityEndpoint === null ? null : callText(identityMethod, identityEndpoint)),
    end: answer('end', revocationStyle === 'none' ? null : `revocation, ${code(revocationStyle)}`),
  };
};

/** All answers: of the OAuth records and of the listed keys, by name. */
export const allAnswers = (): { oauth: ReadonlyMap<string, Answers>; keys: ReadonlyMap<string, Answers> } => ({
  oauth: new Map([...catalogueProviders].map(([name, record]) => [name, oauthAnswers(name, record)])),
  keys: new Map([...keyProviders].map(([name, known]) => [name, keyAnswers(name, known)])),
});

/** How many of the records answer a question. */
export const countKnown = (records: Iterable<Answers>, question: Question): number =>
  [...records].filter((answers) => answers[question] !== null).length;
