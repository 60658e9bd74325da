// Replaces the step of the SDK's clients that logs each call in the bundles. They are given no logger.

/** Passes each call on. */
export const loggerMiddleware =
  () =>
  <T>(next: T): T =>
    next;
/** How the step would be added. */
export const loggerMiddlewareOptions = { name: 'loggerMiddleware', step: 'initialize' };
/** Adds nothing. */
export const getLoggerPlugin = () => ({ applyToStack: (): void => {} });
