// The words for a server that cannot be connected: where it failed (`step`), why (`reason`), and what the person can do. Reasons that a
// person cannot tell apart share their words; the exact one is a reference for support.
import type { Problem } from './problem.ts';
import { findWords, type Words } from './words.ts';

const CHECK = 'Check the address, or ask the operator of the server.';
const OPERATOR = 'Only the operator of the server can change that.';

/** Reasons, what happened, and what the person can do. A test compares the reasons with those of the service. */
const CAUSES = [
  ['unreachable', 'cannot be reached', 'Check the address, or try again in a moment.'],
  ['too_slow server_error', 'does not answer as it should', 'Try again in a moment.'],
  ['redirected resource_mismatch', 'has another address', CHECK],
  ['no_metadata invalid_reply', 'does not say how to sign in', CHECK],
  [
    'url_not_allowed invalid_metadata no_authorization_server issuer_mismatch invalid_registration',
    'does not say clearly where to sign in',
    OPERATOR,
  ],
  [
    'pkce_unsupported code_flow_unsupported client_auth_unsupported',
    'offers no way to sign in that is supported here',
    OPERATOR,
  ],
  [
    'registration_unsupported registration_refused redirect_uri_refused',
    'does not accept this application',
    'Ask the support of the application to set it up.',
  ],
  ['not_protected', 'does not ask you to sign in', 'There is nothing to connect.'],
] as const;

/** What failed: the server itself, or what it names for signing in. */
const nameSubject = (step: string): string => (/^(auth|reg)/.test(step) ? 'Its sign-in service' : 'The server');

/** The words for a problem; of a server, those for its step and reason. A newer service may have others: they get the general ones. */
export const describeProblem = ({ code, step = '', reason = '' }: Problem): Words & { reference?: string } => {
  const words = findWords(code);
  const [, what, advice] = CAUSES.find(([reasons]) => reasons.split(' ').includes(reason)) ?? [];
  if (code !== 'server_not_connectable' || !what) return words;
  const text = `${nameSubject(step)} ${what}. ${advice}`;
  return { title: words.title, text, reference: `${step}: ${reason}` };
};
