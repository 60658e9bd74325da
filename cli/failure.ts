// What a failed call means for the person at the terminal.
import { KeyholdError } from '../client/keyhold-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { plainText } from './output/plain-text.ts';

const USER_MUST_ACT = new Set(['not_connected', 'reconnect_required', 'insufficient_scopes', 'credential_unreadable']);

/** What to try, by the code of the error. */
const REMEDIES: Readonly<Record<string, string>> = {
  unreachable: 'nothing answers at this address: is the local server running (npm start), or is --url right?',
  unauthenticated: 'the credentials were refused: check --profile and --region, and that the role may call the API',
  route_unknown: 'the service at this address has no such route: is it Keyhold, and of this version?',
};

/** The exit code of a refusal. */
export const failureExitCode = ({ code, status }: KeyholdError): ExitCode => {
  if (USER_MUST_ACT.has(code)) return EXIT.userMustAct;
  return status >= 400 && status < 500 && code !== 'too_many_requests' ? EXIT.refused : EXIT.fault;
};

const describeMembers = ({ members, errors }: KeyholdError): string[] => [
  ...(typeof members.reason === 'string' ? [`reason: ${members.reason}`] : []),
  ...(Array.isArray(members.missingScopes) ? [`missing scopes: ${members.missingScopes.join(' ')}`] : []),
  ...errors.map(({ pointer, detail }) => `${pointer}: ${detail}`),
];

/** One message for any failure, without a secret: errors of this program say only their kind. */
export const describeFailure = (error: unknown): string => {
  if (!(error instanceof KeyholdError)) return error instanceof Error ? plainText(error.message) : 'failed';
  const remedy = REMEDIES[error.code];
  const requestId = error.requestId ? [`request ${error.requestId}`] : [];
  return plainText([remedy ?? error.message, ...describeMembers(error), ...requestId].join('; '));
};
