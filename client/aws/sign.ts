// Signs requests with AWS Signature Version 4 for API Gateway (service `execute-api`).
import { SignatureV4 } from '@smithy/signature-v4';
import { NodeSha256 } from '../../lib/adapters/signing/node-sha256.ts';
import type { OutgoingRequest } from '../transport/call.ts';
import type { AwsCredentials } from './credentials.ts';

/** The headers of a request with its signature. Each call reads the credentials anew. */
export const makeSigner = (region: string, credentials: () => Promise<AwsCredentials>) => {
  return async ({ method, url, headers, body }: OutgoingRequest): Promise<Record<string, string>> => {
    const signer = new SignatureV4({
      service: 'execute-api',
      region,
      credentials: await credentials(),
      sha256: NodeSha256,
    });
    const signed = await signer.sign({
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port && { port: Number(url.port) }),
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      ...(body !== undefined && { body }),
    });
    const { host, ...rest } = signed.headers;
    return rest;
  };
};
