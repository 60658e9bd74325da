// Replaces the SDK's event streams in the bundles. The SDK loads them for operations that stream events; the service calls none.

const refuse = (): never => {
  throw new Error('the bundles do not contain code for event streams');
};

/** Replaces the SDK's class; its constructor throws. */
export class EventStreamSerde {
  constructor() {
    refuse();
  }
}

/** Throws. */
export const eventStreamSerdeProvider = refuse;
/** Throws. */
export const resolveEventStreamSerdeConfig = refuse;
