// The account, region and credentials of the local stand-ins. Nothing here is secret: the server listens on loopback only.
export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
