// The dependencies of publish-events. No table access: records arrive in the stream event.

import { readStreamRecords } from '../adapters/dynamodb/stream/stream-records.ts';
import { eventbridgeEventBus } from '../adapters/eventbridge/eventbridge-event-bus.ts';
import { readConfig, requireSetting } from '../config.ts';
import { makeLog } from './shared/log.ts';

/** Makes the dependencies of publish-events. */
export const publishEventsDeps = () => {
  const eventBus = eventbridgeEventBus(requireSetting(readConfig(), 'EVENT_BUS_NAME'));
  return { log: makeLog('publish-events'), eventBus, readStreamRecords };
};
