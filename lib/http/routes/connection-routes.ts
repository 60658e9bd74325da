// Connecting an account by OAuth, on every plane that offers it. Starting and finishing are apart, because other functions serve them:
// each function names the routes that it has, so that its bundle has no schemas of the others.
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
import { FINISH_FLOW, START_BY_URL, START_ON_DEVICE } from './capabilities.ts';
import { FINISH_ERRORS, START_ERRORS } from './error-groups.ts';
import type { PlaneSettings } from './planes.ts';
import { route } from './route.ts';

/** Start in a browser and on a device, for the callers of one plane. */
export const startRoutes = <const P extends PlaneSettings>(plane: P) => {
  // The cast keeps the literal type: a property of a type parameter is otherwise read as its constraint's.
  const server = plane.startFunction as P['startFunction'];
  const place = { method: 'POST', plane: plane.plane as P['plane'], function: server } as const;
  return {
    startConnection: route({
      ...place,
      path: `${plane.base}/connections`,
      capabilities: START_BY_URL,
      body: NewConnection,
      answers: { 201: StartedConnection },
      errors: [...START_ERRORS, 'credential_not_found', 'url_not_allowed', 'not_upgradable', 'server_not_connectable'],
    }),
    startDeviceConnection: route({
      ...place,
      path: `${plane.base}/device-connections`,
      capabilities: START_ON_DEVICE,
      body: NewDeviceConnection,
      answers: { 201: StartedDeviceConnection },
      errors: [...START_ERRORS, 'device_flow_unsupported', 'provider_rejected'],
    }),
  };
};

/** Complete in a browser and poll on a device, for the callers of one plane. */
export const finishRoutes = <const P extends PlaneSettings>(plane: P) => {
  const server = plane.connectFunction as P['connectFunction'];
  const place = { method: 'POST', plane: plane.plane as P['plane'], function: server } as const;
  return {
    completeConnection: route({
      ...place,
      path: `${plane.base}/connections/complete`,
      capabilities: FINISH_FLOW,
      body: ConnectionCompletion,
      answers: { 200: CredentialView, 201: CredentialView },
      errors: [...FINISH_ERRORS, 'connection_denied', 'not_upgradable', 'account_mismatch'],
    }),
    pollDeviceConnection: route({
      ...place,
      path: `${plane.base}/device-connections/poll`,
      capabilities: FINISH_FLOW,
      body: DeviceConnectionPoll,
      answers: { 200: DeviceConnectionStatus },
      errors: FINISH_ERRORS,
    }),
  };
};

/** All of them, in the order of a connection. */
export const connectionRoutes = <const P extends PlaneSettings>(plane: P) => {
  const { startConnection, startDeviceConnection } = startRoutes(plane);
  const { completeConnection, pollDeviceConnection } = finishRoutes(plane);
  return { startConnection, completeConnection, startDeviceConnection, pollDeviceConnection };
};
