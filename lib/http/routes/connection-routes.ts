// Connecting an account by OAuth, on every plane that offers it.
import { CredentialView } from '../../domain/credential/credential-view.ts';
import {
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
  const place = { method: 'POST', plane: plane.plane as P['plane'], function: server } as const;
  const connections = `${plane.base}/connections`;
  const devices = `${plane.base}/device-connections`;
  return {
    startConnection: route({
      ...place,
      path: connections,
      capabilities: START_FLOW,
      body: NewConnection,
      answers: { 201: StartedConnection },
      errors: [...START_ERRORS, 'credential_not_found', 'url_not_allowed', 'not_upgradable'],
    }),
    completeConnection: route({
      ...place,
      path: `${connections}/complete`,
      capabilities: FINISH_FLOW,
      body: ConnectionCompletion,
      answers: { 200: CredentialView, 201: CredentialView },
      errors: [...FINISH_ERRORS, 'connection_denied', 'not_upgradable', 'account_mismatch'],
    }),
    startDeviceConnection: route({
      ...place,
      path: devices,
      capabilities: START_FLOW,
      body: NewDeviceConnection,
      answers: { 201: StartedDeviceConnection },
      errors: [...START_ERRORS, 'device_flow_unsupported', 'provider_rejected'],
    }),
    pollDeviceConnection: route({
      ...place,
      path: `${devices}/poll`,
      capabilities: FINISH_FLOW,
      body: DeviceConnectionPoll,
      answers: { 200: DeviceConnectionStatus },
      errors: FINISH_ERRORS,
    }),
  };
};
