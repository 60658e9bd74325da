// Replaces the SDK's event streams in the bundles. The SDK loads them for operations that stream events; the service calls none.

const refuse = (): never => {
  throw new Error('the bundles hold no code for event streams');
};

/** Stands for the SDK's class; making one throws. */
export class EventStreamSerde {
  constructor() {
    refuse();
  }
}

/** Throws. */
export const eventStreamSerdeProvider = refuse;
/** Throws. */
export const resolveEventStreamSerdeConfig = refuse;
