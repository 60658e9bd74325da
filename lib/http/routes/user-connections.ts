// The user plane: connecting. It shares a function with disconnecting, since only these two open secrets for a user.
import { CredentialView } from '../../domain/credential/credential-view.ts';
import { route } from './route.ts';
import { BEGIN_FLOW, END_FLOW, SAVE_ERRORS, START_ERRORS } from './route-groups.ts';
import {
  CallbackQuery,
  Completion,
  DevicePollRequest,
  DeviceStatus,
  NewConnection,
  NewDeviceConnection,
  StartedConnection,
  StartedDevice,
} from './wire-schemas.ts';

export const userConnections = {
  startMyConnection: route({
    method: 'POST',
    path: '/v1/me/connections',
    plane: 'user',
    function: 'connect-api',
    summary: 'Starts an OAuth connection',
    capabilities: BEGIN_FLOW,
    body: NewConnection,
    answers: { 201: StartedConnection },
    errors: [...START_ERRORS, 'credential_not_found', 'url_not_allowed', 'not_upgradable', 'user_erasing'],
  }),
  completeMyConnection: route({
    method: 'POST',
    path: '/v1/me/connections/complete',
    plane: 'user',
    function: 'connect-api',
    summary: 'Completes an OAuth connection',
    capabilities: END_FLOW,
    body: Completion,
    answers: { 200: CredentialView, 201: CredentialView },
    errors: [...SAVE_ERRORS, 'connection_denied', 'not_upgradable', 'account_mismatch'],
  }),
  startMyDeviceConnection: route({
    method: 'POST',
    path: '/v1/me/device-connections',
    plane: 'user',
    function: 'connect-api',
    summary: 'Starts a connection for a device without a browser',
    capabilities: BEGIN_FLOW,
    body: NewDeviceConnection,
    answers: { 201: StartedDevice },
    errors: [...START_ERRORS, 'device_flow_unsupported', 'provider_rejected', 'user_erasing'],
  }),
  pollMyDeviceConnection: route({
    method: 'POST',
    path: '/v1/me/device-connections/poll',
    plane: 'user',
    function: 'connect-api',
    summary: 'Asks whether the device was approved',
    capabilities: END_FLOW,
    body: DevicePollRequest,
    answers: { 200: DeviceStatus },
    errors: SAVE_ERRORS,
  }),
  oauthCallback: route({
    method: 'GET',
    path: '/v1/oauth/callback',
    plane: 'public',
    function: 'oauth-callback',
    summary: 'Where a provider sends the browser back to; gives that browser a receipt',
    capabilities: ['park_code'],
    query: CallbackQuery,
    answers: { 200: null, 303: null, 400: null },
  }),
} as const;
