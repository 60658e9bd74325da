// Which system credentials can be used now, known from the keys themselves where a function may read them.
import type { SystemDirectory, SystemKeys } from '../domain/ports.ts';
import { configuredSystemIds } from '../domain/system-credentials.ts';

export const directoryFromKeys = (keys: SystemKeys): SystemDirectory => ({
  configuredIds: async () => configuredSystemIds(new Set((await keys.systemKeys()).keys())),
});
