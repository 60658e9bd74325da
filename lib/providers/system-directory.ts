// Which system credentials can be used now, known from the keys themselves where a function may read them.

import { configuredSystemIds } from '../domain/credential/system-credentials.ts';
import type { SystemDirectory, SystemKeys } from '../domain/ports/system-keys.ts';

export const directoryFromKeys = (keys: SystemKeys): SystemDirectory => ({
  configuredIds: async () => configuredSystemIds(new Set((await keys.systemKeys()).keys())),
});
