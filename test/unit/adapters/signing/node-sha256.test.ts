// The signer's hash: it equals SHA-256 and HMAC-SHA-256 of node:crypto, and signatures equal those of the SDK's own class.
import { createHash, createHmac } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openTable } from '../../../../lib/adapters/dynamodb/table.ts';
import { NodeSha256 } from '../../../../lib/adapters/signing/node-sha256.ts';

const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 100 });

const digest = async (parts: readonly (string | Uint8Array)[], secret?: string | Uint8Array) => {
  const hash = new NodeSha256(secret);
  for (const part of parts) hash.update(part);
  return Buffer.from(await hash.digest()).toString('hex');
};

/** The headers of a request, signed with the class. */
const sign = async (sha256: DynamoDBClient['config']['sha256'], body: string) => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret', sessionToken: 'a session' };
  const signer = new SignatureV4({ credentials, region: 'eu-west-1', service: 'dynamodb', sha256 });
  const request = { method: 'POST', protocol: 'https:', hostname: 'dynamodb.eu-west-1.amazonaws.com', path: '/' };
  const { headers } = await signer.sign(
    { ...request, query: {}, headers: { host: request.hostname }, body },
    { signingDate: new Date('2030-01-01T00:00:00Z') },
  );
  return headers;
};

describe('NodeSha256', () => {
  it('is SHA-256 of all parts, text in UTF-8', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(anyBytes, fc.string({ unit: 'grapheme' }))), async (parts) => {
        const expected = createHash('sha256');
        for (const part of parts) expected.update(part);
        expect(await digest(parts)).toBe(expected.digest('hex'));
      }),
    );
  });

  it('is HMAC-SHA-256 with a secret, in text or bytes', async () => {
    const anySecret = fc.oneof(anyBytes, fc.string({ unit: 'grapheme', minLength: 1 }));
    await fc.assert(
      fc.asyncProperty(anySecret, anyBytes, async (secret, data) => {
        expect(await digest([data], secret)).toBe(createHmac('sha256', secret).update(data).digest('hex'));
      }),
    );
  });

  it.each([undefined, 'secret'])('begins anew after a reset, with the secret %j', async (secret) => {
    const hash = new NodeSha256(secret);
    hash.update('other');
    await hash.digest();
    hash.reset();
    hash.update('data');
    expect(Buffer.from(await hash.digest()).toString('hex')).toBe(await digest(['data'], secret));
  });

  it('takes an ArrayBuffer', async () => {
    const hash = new NodeSha256(new TextEncoder().encode('secret').buffer as ArrayBuffer);
    hash.update(new TextEncoder().encode('data').buffer as ArrayBuffer);
    expect(Buffer.from(await hash.digest()).toString('hex')).toBe(await digest(['data'], 'secret'));
  });
});

describe('a signature', () => {
  it("is the same as with the SDK's own class", async () => {
    const own = new DynamoDBClient({ region: 'eu-west-1' }).config.sha256;
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (body) => {
        const headers = await sign(NodeSha256, body);
        expect(headers.authorization).toMatch(/Signature=[\da-f]{64}$/);
        expect(headers).toEqual(await sign(own, body));
      }),
    );
  });
});

describe('the client of the table', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('signs with it, and has no step that it does not use', () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    const { client } = openTable('t');
    expect(client.config.sha256).toBe(NodeSha256);
    const steps = client.middlewareStack.identify().join();
    expect(steps).toMatch(/Signing/);
    expect(steps).not.toMatch(/loggerMiddleware|getUserAgentMiddleware|recursionDetectionMiddleware/);
  });
});
