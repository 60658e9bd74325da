// Parses `WWW-Authenticate` (RFC 9110 §11.6.1): several challenges in one value, as also several header lines become when they are
// joined. Forgiving where servers err (a URL without quotes, a missing comma); it stops at what it cannot read.

/** One challenge. Names of parameters are in lower case; of one that comes twice, the first counts. */
export interface Challenge {
  /** In lower case. */
  scheme: string;
  parameters: ReadonlyMap<string, string>;
}

/** What discovery needs of a `WWW-Authenticate` value. */
export interface ReadChallenge {
  /** The URL of the protected-resource metadata (RFC 9728 §5.1); null: not named. */
  resourceMetadata: string | null;
  /** The scopes asked for (RFC 6750 §3), each once; null: none. */
  scopes: readonly string[] | null;
  /** The error word (RFC 6750 §3.1); null: none. */
  error: string | null;
}

const MAX_LENGTH = 8192;
const MAX_SCOPES = 100;

const SEPARATORS = /[\s,]+/y;
const TOKEN = "[!#$%&'*+.^_`|~\\dA-Za-z\\-]+";
/** Name, then a quoted string or, against the grammar, any text up to a space or comma: a URL is no token. */
const PARAMETER = new RegExp(`(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\[\\s\\S])*)"|([^\\s,"=][^\\s,"]*))`, 'y');
/** A scheme stands before a space, a comma or the end; then may follow the one value that some schemes have (token68). */
const SCHEME = new RegExp(`(${TOKEN})(?=[\\s,]|$)(?:[ \\t]+[\\w.~+/\\-]+=*(?=\\s*(?:,|$)))?`, 'y');
const SCOPE = /^[!#-[\]-~]{1,256}$/;
const ERROR = /^[\w.-]{1,64}$/;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const readParameter = ([, name = '', quoted, bare = '']: RegExpExecArray): [string, string] => [
  name.toLowerCase(),
  quoted === undefined ? bare : quoted.replace(/\\([\s\S])/g, '$1'),
];

interface OpenChallenge extends Challenge {
  parameters: Map<string, string>;
}

/** Adds what stands at the position; returns the position after it, or null if it cannot be read. */
const readNext = (challenges: OpenChallenge[], text: string, at: number): number | null => {
  const parameter = matchAt(PARAMETER, text, at);
  const current = challenges.at(-1);
  if (parameter && current) {
    const [name, value] = readParameter(parameter);
    if (!current.parameters.has(name)) current.parameters.set(name, value);
    return at + parameter[0].length;
  }
  const scheme = parameter ? null : matchAt(SCHEME, text, at);
  if (!scheme) return null;
  challenges.push({ scheme: (scheme[1] ?? '').toLowerCase(), parameters: new Map() });
  return at + scheme[0].length;
};

/** The challenges of a value, up to the first place that cannot be read. None of a value over 8,192 characters. */
export const parseChallenges = (text: string): readonly Challenge[] => {
  const challenges: OpenChallenge[] = [];
  if (text.length > MAX_LENGTH) return challenges;
  for (let at: number | null = 0; at !== null; at = readNext(challenges, text, at)) {
    at += matchAt(SEPARATORS, text, at)?.[0].length ?? 0;
    if (at >= text.length) break;
  }
  return challenges;
};

const hasMetadata = ({ parameters }: Challenge): boolean => parameters.has('resource_metadata');

/** A Bearer challenge before any other, and among them one that names the metadata. */
const pickChallenge = (challenges: readonly Challenge[]): Challenge | undefined => {
  const bearer = challenges.filter(({ scheme }) => scheme === 'bearer');
  return bearer.find(hasMetadata) ?? bearer[0] ?? challenges.find(hasMetadata);
};

const readScopes = (text: string | undefined): readonly string[] | null => {
  const scopes = [...new Set(text?.split(' '))].filter((scope) => SCOPE.test(scope));
  return scopes.length > 0 && scopes.length <= MAX_SCOPES ? scopes : null;
};

/** Reads a `WWW-Authenticate` value; null if no challenge in it is for bearer tokens or names metadata. */
export const readChallenge = (text: string): ReadChallenge | null => {
  const parameters = pickChallenge(parseChallenges(text))?.parameters;
  if (!parameters) return null;
  const error = parameters.get('error') ?? '';
  return {
    resourceMetadata: parameters.get('resource_metadata') ?? null,
    scopes: readScopes(parameters.get('scope')),
    error: ERROR.test(error) ? error : null,
  };
};
