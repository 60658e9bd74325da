// What stands for an AWS account on a laptop. Nothing here is secret: it signs and names, and guards nothing by itself.
export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
