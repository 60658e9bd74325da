// Whether the suites run in full or with the share that `npm test` plays. `npm run proof` sets PROOF for the suites it runs in full.

/** Whether everything is to run, however long it takes. */
export const isProof = process.env.PROOF !== undefined;
