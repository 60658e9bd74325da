// A loopback proxy in front of a service that can simulate an outage: connections refused, connections that hang, or answers
// lost after the work was done.
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';

export type ProxyMode = 'fine' | 'refusing' | 'hanging' | 'losing answers';

export interface TcpProxy {
  url: string;
  set(mode: ProxyMode): void;
  /** How many answers were dropped. */
  lostAnswers(): number;
  close(): void;
}

/** `target` is the URL of the service, http://127.0.0.1:<port>. */
export const startProxy = async (target: string): Promise<TcpProxy> => {
  let mode: ProxyMode = 'fine';
  let lost = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((near) => {
    keep(near);
    if (mode === 'refusing') return near.destroy();
    if (mode === 'hanging') return near.resume();
    const far = keep(createConnection(Number(new URL(target).port), '127.0.0.1'));
    near.pipe(far);
    far.on('data', (bytes) => {
      if (mode !== 'losing answers') return near.write(bytes);
      lost++;
      return near.destroy();
    });
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    return near;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    lostAnswers: () => lost,
    set: (next) => {
      mode = next;
      // Kept-alive connections would keep the old mode; losing answers needs an open one.
      if (next !== 'losing answers') for (const socket of sockets) socket.destroy();
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
