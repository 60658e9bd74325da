// The account, region and credentials of the local stand-ins. Nothing here is secret: the server listens on loopback only.

/** The region in the ARNs and signatures of the stand-ins. */
export const REGION = 'us-east-1';
/** The account in the ARNs of the stand-ins. */
export const ACCOUNT_ID = '000000000000';
/** The access key that signs calls to the stand-ins, and calls of the runtime plane. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
