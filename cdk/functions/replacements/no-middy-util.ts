// Replaces middy's helpers in the bundles. Its core uses one, to check options on request, which the service does not do; all of
// them together import `node:http`, which costs a cold start some 40 ms.

/** Throws. */
export const validateOptions = (): never => {
  throw new Error('the bundles do not contain the check of middy options');
};
