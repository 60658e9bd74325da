// Handlers of the link plane that start connections: those of the user plane, with what the link presets filled in, and refused beyond
// what it allows.
import { applyToConnection, applyToDevice } from '../../lib/domain/link/link-rules.ts';
import type { startDeviceConnection } from '../../lib/operations/connect/start-device-connection.ts';
import { type OperationBody, type StartBody, startHandlers } from './connections.ts';
import type { ByLink } from './requests.ts';

type StartDevice = Parameters<typeof startDeviceConnection>[1];

/** Start connections in a browser and on a device. */
export const startByLinkHandlers = (deps: Parameters<typeof startHandlers>[0]) => {
  const connections = startHandlers(deps);
  return {
    startConnection: async ({ userId, link, body }: ByLink & { body: StartBody }) => {
      const allowed = applyToConnection(link.allows, body, deps.redirects);
      return connections.startConnection({ userId, body: { ...allowed, link: link.use } });
    },
    startDeviceConnection: async ({ userId, link, body }: ByLink & { body: OperationBody<StartDevice> }) =>
      connections.startDeviceConnection({ userId, body: { ...applyToDevice(link.allows, body), link: link.use } }),
  };
};
