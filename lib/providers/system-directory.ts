// Which system credentials are configured, read from the keys themselves, for functions that may read secrets.
import { configuredSystemIds } from '../domain/credential/system-credentials.ts';
import type { SystemDirectory, SystemKeys } from '../domain/ports/system-keys.ts';

/** Throws `secrets_unavailable`. */
export const directoryFromKeys = (keys: SystemKeys): SystemDirectory => ({
  configuredIds: async () => configuredSystemIds(new Set((await keys.systemKeys()).keys())),
});
