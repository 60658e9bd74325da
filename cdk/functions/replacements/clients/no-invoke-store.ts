// Replaces where the SDK looks for the trace of an invocation in the bundles, when one instance of a function serves several calls at a time.
// Here it serves one, and the trace is in the environment.

/** There is no store. */
export const InvokeStore = { getInstanceAsync: async (): Promise<undefined> => undefined };
