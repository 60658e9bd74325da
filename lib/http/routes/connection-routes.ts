// Connecting an account by OAuth, on every plane that offers it, and the address providers send browsers back to.
import { CredentialView } from '../../domain/credential/credential-view.ts';
import {
  CallbackPage,
  CallbackQuery,
  ConnectionCompletion,
  DeviceConnectionPoll,
  DeviceConnectionStatus,
  NewConnection,
  NewDeviceConnection,
  StartedConnection,
  StartedDeviceConnection,
} from '../schemas/connections.ts';
import { FINISH_FLOW, START_FLOW } from './capabilities.ts';
import { FINISH_ERRORS, START_ERRORS } from './error-groups.ts';
import type { PlaneSettings } from './planes.ts';
import { route } from './route.ts';

/** Start and complete in a browser, start and poll on a device, for the callers of one plane. */
export const connectionRoutes = <const P extends PlaneSettings>(plane: P) => {
  // The cast keeps the literal type: a property of a type parameter is otherwise read as its constraint's.
  const server = plane.connectFunction as P['connectFunction'];
  const place = { method: 'POST', plane: plane.plane, function: server } as const;
  const connections = `${plane.base}/connections`;
  const devices = `${plane.base}/device-connections`;
  return {
    startConnection: route({
      ...place,
      path: connections,
      tag: 'Connections',
      summary: 'Start an OAuth connection',
      description:
        'Answers the URL to open in the browser of the user, and a `state` that only this user can complete. With ' +
        '`credentialId` the connection adds scopes to a stored credential instead of storing a new one.',
      capabilities: START_FLOW,
      body: NewConnection,
      answers: { 201: StartedConnection },
      errors: [...START_ERRORS, 'credential_not_found', 'url_not_allowed', 'not_upgradable'],
    }),
    completeConnection: route({
      ...place,
      path: `${connections}/complete`,
      tag: 'Connections',
      summary: 'Complete an OAuth connection',
      description:
        'Exchanges the code the provider sent and stores the credential. Send the `receipt` that the browser brought back ' +
        'from the callback, or `code` and `iss` where `callbackUrl` pointed at a page of your own. 201: a new credential; ' +
        '200: merged into the credential of the same account. A refused check leaves the state usable.',
      capabilities: FINISH_FLOW,
      body: ConnectionCompletion,
      answers: { 200: CredentialView, 201: CredentialView },
      errors: [...FINISH_ERRORS, 'connection_denied', 'not_upgradable', 'account_mismatch'],
    }),
    startDeviceConnection: route({
      ...place,
      path: devices,
      tag: 'Device connections',
      summary: 'Start a device connection',
      description:
        'For a device without a browser (RFC 8628): show the user `userCode` and `verificationUri`, then poll. The device ' +
        'code itself stays in the service.',
      capabilities: START_FLOW,
      body: NewDeviceConnection,
      answers: { 201: StartedDeviceConnection },
      errors: [...START_ERRORS, 'device_flow_unsupported', 'provider_rejected'],
    }),
    pollDeviceConnection: route({
      ...place,
      path: `${devices}/poll`,
      tag: 'Device connections',
      summary: 'Poll a device connection',
      description:
        'Says whether the user has approved the device; once approved, answers the stored credential. Wait `interval` ' +
        'seconds between polls, and five more after each `slow_down`.',
      capabilities: FINISH_FLOW,
      body: DeviceConnectionPoll,
      answers: { 200: DeviceConnectionStatus },
      errors: FINISH_ERRORS,
    }),
  };
};

export const callbackRoutes = {
  receiveOAuthCallback: route({
    method: 'GET',
    path: '/v1/oauth/callback',
    plane: 'public',
    function: 'oauth-callback',
    tag: 'Connections',
    summary: 'Receive the redirect of a provider',
    description:
      'Register this URL as redirect URI at the provider. It keeps the code and gives this browser a one-time receipt: in ' +
      'the query of the return URL (303), or on a page (200). Only the first code of a state is taken; a bad state, a later ' +
      'code and a failed check all show one and the same page (400).',
    capabilities: ['park_code'],
    query: CallbackQuery,
    answers: { 200: CallbackPage, 303: null, 400: CallbackPage },
    errors: ['store_busy', 'store_unavailable'],
  }),
} as const;
