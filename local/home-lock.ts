// Allows one server per folder when it runs the table engine: two engines on one file would overwrite each other. The lock is
// an abstract socket name, which the kernel gives to one process and frees when it ends, also after kill -9.
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { sha256 } from '../lib/domain/values/digest.ts';
import { StartRefused } from './start-refused.ts';

/** Made from the inode, so that every spelling of the path gives the same name. */
const lockName = async (folder: string): Promise<string> => {
  const { dev, ino } = await stat(folder);
  return `\0keyhold-${sha256(`${dev}:${ino}`, 'hex')}`;
};

/** Resolves to the function that releases the lock. Throws `StartRefused` when it is held. Linux only, like the engine. */
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
