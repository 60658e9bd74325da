// Requests and answers of connecting an account: in a browser, on a device, and the callback of the provider.
import * as z from 'zod';
import { CredentialView } from '../../domain/credential/credential-view.ts';
import { JsonObject } from '../../domain/values/json-object.ts';
import { CredentialId, ProviderName, Scopes, Variables } from '../../domain/values/names.ts';
import { parameter } from './parameters.ts';

const provider = ProviderName.meta({ description: 'The provider to connect, such as `github`.' });
const mcpServerUrl = z.string().min(1).max(2_048).meta({
  description: 'The URL of an MCP server to connect, in place of `provider`.',
});
const challenge = z
  .string()
  .min(1)
  .max(8_192)
  .meta({
    description:
      'With `mcpServerUrl`: the `WWW-Authenticate` value that the server answered (401 or 403), from which the scopes and the place of ' +
      'its metadata are taken. Omitted, or without metadata to find: the server is asked.',
  });
const scopes = Scopes.meta({
  description:
    'The scopes to request, at most 200. Omitted or empty: the default scopes of the provider; of an MCP server, those that its ' +
    'challenge or its metadata names.',
});
const state = z.string().meta({ description: 'The `state` that starting the connection answered. Secret until used.' });
const stateAnswer = z
  .string()
  .meta({ description: 'Names this connection. Secret: keep it with the user who started.' });
const expiresAt = z.iso.datetime().meta({ description: 'When the state expires (ISO 8601, UTC).' });
const EXAMPLE_STATE = 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT';

/**
 * The request that starts a connection in a browser, to a provider or to an MCP server. With `callbackUrl`, a page of the application
 * receives the code.
 */
export const NewConnection = z
  .strictObject({
    provider: provider.optional(),
    mcpServerUrl: mcpServerUrl.optional(),
    challenge: challenge.optional(),
    scopes: scopes.optional(),
    credentialId: CredentialId.meta({ description: 'The oauth2 credential to add scopes to.' }).optional(),
    returnUrl: z
      .string()
      .max(8192)
      .meta({
        description:
          'Where the callback sends the browser back to. Its origin and path must be on the allow list; its query must not name state, receipt or error.',
      })
      .optional(),
    callbackUrl: z
      .string()
      .max(8192)
      .meta({
        description: 'A page of your own that receives the code. The whole URL must be on the allow list.',
      })
      .optional(),
    metadata: JsonObject.meta({
      description: 'Any JSON object, at most 4,096 bytes and 16 levels. Sealed with the tokens.',
    }).optional(),
    variables: Variables.optional(),
  })
  .refine(({ provider: named, mcpServerUrl: url }) => (named === undefined) !== (url === undefined), {
    error: 'exactly one of provider and mcpServerUrl is required',
  })
  .refine(({ challenge: given, mcpServerUrl: url }) => given === undefined || url !== undefined, {
    error: 'needs mcpServerUrl',
    path: ['challenge'],
  })
  .meta({ id: 'NewConnection' });

/** The answer to a started connection. `expiresAt` is ISO 8601, UTC. */
export const StartedConnection = z
  .object({
    state: stateAnswer,
    authorizationUrl: z.url().meta({ description: 'The URL to open in the browser of the user.' }),
    expiresAt,
  })
  .meta({ id: 'StartedConnection' });

const ReceiptCompletion = z
  .strictObject({
    state,
    receipt: z.string().meta({ description: 'The receipt that the callback gave the browser.' }),
  })
  .meta({ id: 'ReceiptCompletion' });

const CodeCompletion = z
  .strictObject({
    state,
    code: z
      .string()
      .min(1)
      .max(4096)
      .meta({ description: 'The authorization code that `callbackUrl` received: 1 to 4,096 characters.' }),
    iss: z
      .string()
      .max(2048)
      .meta({ description: 'The issuer that came with the code, if any (RFC 9207).' })
      .optional(),
    parameters: z
      .record(z.string().max(64), z.string().max(2048))
      .refine((parameters) => Object.keys(parameters).length <= 32, 'at most 32 parameters')
      .meta({
        description:
          'The other parameters that came with the code. Those that the record of the provider names are kept or name the ' +
          'tenant, such as the company of QuickBooks; the rest is ignored.',
      })
      .optional(),
  })
  .meta({ id: 'CodeCompletion' });

/** The request that finishes a connection: with the receipt of the callback, or with the code itself. */
export const ConnectionCompletion = z.union([ReceiptCompletion, CodeCompletion]).meta({ id: 'ConnectionCompletion' });

/** Anything a browser may bring is accepted here: the handler answers what is wrong with a page. */
const anyText = (description: string, example: string) =>
  z
    .unknown()
    .meta({ override: { type: 'string' } })
    .optional()
    .meta(parameter(description, example));

/** The query that a provider redirects with (RFC 6749 §4.1.2, RFC 9207). Some name granted scopes or a tenant in parameters of their own. */
export const CallbackQuery = z.looseObject({
  state: anyText('The state of the connection.', EXAMPLE_STATE),
  code: anyText('The authorization code (RFC 6749 §4.1.2).', '4f7c2a9be1'),
  iss: anyText('The issuer of the code (RFC 9207).', 'https://accounts.example.com'),
  error: anyText('Why the provider gave no code (RFC 6749 §4.1.2.1).', 'access_denied'),
});

/** A field of a form, with all values of a repeated name. The handler answers what is wrong with a page. */
const FormField = z.union([z.string(), z.array(z.string())]).meta({ override: { type: 'string' } });
const field = (description: string) => FormField.optional().meta({ description });

/** The form that a provider posts instead of a query (OAuth 2.0 Form Post Response Mode), and any fields of its own. */
export const CallbackForm = z
  .object({
    state: field('The state of the connection.'),
    code: field('The authorization code (RFC 6749 §4.1.2).'),
    iss: field('The issuer of the code (RFC 9207).'),
    error: field('Why the provider gave no code (RFC 6749 §4.1.2.1).'),
  })
  .catchall(FormField)
  .meta({ id: 'CallbackForm' });

/** The one answer that is not JSON. */
export const CallbackPage = z.string().meta({ id: 'CallbackPage' });

/** The request that starts a connection on a device without a browser (RFC 8628). */
export const NewDeviceConnection = z
  .strictObject({ provider, scopes: scopes.optional(), variables: Variables.optional() })
  .meta({ id: 'NewDeviceConnection' });

/** The answer to a started device connection. `interval` in seconds; `expiresAt` is ISO 8601, UTC. */
export const StartedDeviceConnection = z
  .object({
    state: stateAnswer,
    userCode: z.string().meta({ description: 'The code the user types in, to be shown as it is.' }),
    verificationUri: z.string().meta({ description: 'The page the user opens on another device.' }),
    verificationUriComplete: z
      .string()
      .meta({ description: 'The same page with the code filled in, if the provider has one.' })
      .optional(),
    interval: z.number().meta({ description: 'Seconds to wait between two polls.' }),
    expiresAt,
  })
  .meta({ id: 'StartedDeviceConnection' });

/** The request for the status of a device connection. */
export const DeviceConnectionPoll = z.strictObject({ state }).meta({ id: 'DeviceConnectionPoll' });

/** The answer to a poll. */
export const DeviceConnectionStatus = z
  .object({
    status: z.enum(['pending', 'slow_down', 'approved', 'denied', 'expired']).meta({
      description:
        '`pending`: not decided yet. `slow_down`: wait five seconds longer between polls. `approved`: the credential is ' +
        'stored. `denied`: the user refused. `expired`: start again.',
    }),
    credential: CredentialView.nullable().meta({
      description: 'The stored credential when approved (null if it has been deleted since), else null.',
    }),
  })
  .meta({ id: 'DeviceConnectionStatus' });
