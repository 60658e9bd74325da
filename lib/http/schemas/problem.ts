// The answer to a request that failed. Documentation only: the documents are made in problem.ts.
import * as z from 'zod';
import { BrokenReason } from '../../domain/credential/credential.ts';
import { DiscoveryStep, describeReasons, notConnectableReasons } from '../../domain/mcp/not-connectable.ts';
import { errorCodes, ServiceError } from '../../domain/values/service-error.ts';
import { problemDocument } from '../problem.ts';
import { problemMeanings } from '../problem-meanings.ts';
import { problemTypes } from '../problem-types.ts';

const REQUEST_ID = 'JKJaXmPLvHcESHA=';

/** The members that some codes add (RFC 9457 §3.2), as an example shows them. */
const details: Partial<Record<ServiceError['code'], ConstructorParameters<typeof ServiceError>[1]>> = {
  invalid_request: { errors: [{ pointer: '#/apiKey', detail: 'Too small: expected string to have >=1 characters' }] },
  version_conflict: { members: { currentVersion: 4 } },
  reconnect_required: { members: { reason: 'expired' } },
  insufficient_scopes: { members: { missingScopes: ['repo'] } },
  scopes_narrowed: { members: { missingScopes: ['repo'] } },
  server_not_connectable: { members: { step: 'authorization_server_metadata', reason: 'issuer_mismatch' } },
  credential_limit: { detail: 'at most 1000 credentials a user' },
  body_too_large: { detail: 'at most 65536 bytes' },
};

/** A problem document for each code. */
export const problemExamples = Object.fromEntries(
  errorCodes.map((code) => [
    code,
    { summary: problemTypes[code].title, value: problemDocument(new ServiceError(code, details[code]), REQUEST_ID) },
  ]),
);

/** The codes with their sentences, as Markdown. */
export const describeCodes = (codes: readonly (typeof errorCodes)[number][]): string =>
  codes.map((code) => `- \`${code}\`: ${problemMeanings[code]}`).join('\n');

const Violation = z
  .looseObject({
    pointer: z
      .string()
      .meta({ description: 'Where: a JSON pointer into the body as a URI fragment (RFC 6901); `#` is all.' }),
    detail: z.string().meta({ description: 'What is wrong there. Never repeats the value.' }),
  })
  .meta({ id: 'Violation', description: 'One broken rule of the request.' });

const NotConnectableReason = z.enum(notConnectableReasons).meta({
  id: 'NotConnectableReason',
  description: `Why a server cannot be connected. New reasons may be added.\n\n${describeReasons()}`,
});

/** A problem document (RFC 9457). Open to members that a later version adds. */
export const Problem = z
  .looseObject({
    type: z.string().meta({ description: '`urn:keyhold:problem:` and the code.' }),
    title: z.string().meta({ description: 'One line for a person; the same for every occurrence of the code.' }),
    status: z.int().meta({ description: 'The HTTP status.' }),
    code: z.enum(errorCodes).meta({
      id: 'ErrorCode',
      description: `What went wrong. New codes may be added.\n\n${describeCodes(errorCodes)}`,
    }),
    instance: z.string().meta({ description: 'The request id, which the logs of the service have too.' }),
    detail: z.string().meta({ description: 'More about this occurrence. Never in a 5xx.' }).optional(),
    errors: z.array(Violation).meta({ description: 'With `invalid_request`: up to 20 broken rules.' }).optional(),
    step: DiscoveryStep.meta({ description: 'With `server_not_connectable`: the hop that failed.' }).optional(),
    reason: z
      .union([BrokenReason, NotConnectableReason])
      .meta({
        description:
          'With `reconnect_required`: why the credential cannot be used. With `server_not_connectable`: why the server cannot be connected.',
      })
      .optional(),
    missingScopes: z
      .array(z.string())
      .meta({ description: 'With `insufficient_scopes` and `scopes_narrowed`: the scopes that are not covered.' })
      .optional(),
    providerError: z
      .string()
      .regex(/^[\w.-]{1,64}$/)
      .meta({ description: 'On the runtime plane, where a provider refused: its own error word, if it has one.' })
      .optional(),
    currentVersion: z
      .int()
      .meta({ description: 'With `version_conflict`: the present version of the user.' })
      .optional(),
    credentialId: z
      .string()
      .meta({ description: 'With `credential_not_found` of an edit: the unknown id.' })
      .optional(),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' });

/** What API Gateway answers when it refuses a request itself. */
export const GatewayRefusal = z
  .object({ message: z.string().meta({ description: 'The words of API Gateway.' }) })
  .meta({
    id: 'GatewayRefusal',
    description: 'A refusal in the words of API Gateway, mostly before the service was reached.',
  });
