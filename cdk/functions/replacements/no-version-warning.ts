// Replaces the SDK's warning of old versions of Node in the bundles. The stack says which version a function has.

/** Whether the warning was given. */
export const state = { warningEmitted: true };
/** Does nothing. */
export const emitWarningIfUnsupportedVersion = (): void => {};
