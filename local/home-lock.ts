// One server per folder when it runs the table engine itself: two engines on one file would each believe in their own
// state. The lock is a socket name that the kernel gives to one process and takes back at its death, even by kill -9.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { StartRefused } from './start-refused.ts';

/** The folder by its inode, so that another spelling of its path is still the same folder. */
const lockName = async (folder: string): Promise<string> => {
  const { dev, ino } = await stat(folder);
  return `\0keyhold-${createHash('sha256').update(`${dev}:${ino}`).digest('hex')}`;
};

/** Resolves to what gives it back; it is held until then or the process's end. Linux only, as is the engine it guards. */
export const lockHome = async (folder: string): Promise<() => void> => {
  const name = await lockName(folder);
  const holder = createServer((socket) => socket.destroy());
  await new Promise<void>((locked, refuse) => {
    holder.once('error', () =>
      refuse(
        new StartRefused(
          `another server already runs on ${folder}: stop it, or choose another KEYHOLD_HOME, or give both one engine with AWS_ENDPOINT_URL_DYNAMODB`,
        ),
      ),
    );
    holder.listen(name, locked);
  });
  holder.unref();
  return () => holder.close();
};
