// The log of a function.

import { systemClock } from '../../adapters/runtime/system-clock.ts';
import { jsonLog } from '../../adapters/telemetry/json-log.ts';
import { readTraceId } from '../../config.ts';

/** The log of a function: one JSON line per entry, with the id of the call's trace. */
export const makeLog = (service: string) => jsonLog({ service, clock: systemClock, readTraceId });
