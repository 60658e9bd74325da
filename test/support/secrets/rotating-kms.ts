// A KMS stand-in with key rotation as in KMS: the key id stays, new data keys use new key material, and data keys under older
// material still decrypt.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError, type Operation, serveAwsJson } from '../../../local/aws/aws-json-server.ts';
import { type KmsStandIn, startKms } from '../../../local/aws/kms-stand-in.ts';

export interface RotatingKms {
  endpoint: string;
  keyArn: string;
  /** New data keys use new material from now on. */
  rotate(): Promise<void>;
  close(): void;
}

/** A stand-in with new material under the id of the key. */
const startBacking = (folder: string, keyId: string): Promise<KmsStandIn> => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'kms-key.json'), JSON.stringify({ keyId, material: randomBytes(32).toString('base64') }));
  return startKms(folder);
};

const forward = async (target: string, { endpoint }: KmsStandIn, input: object): Promise<object> => {
  const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' };
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
  const answer = (await response.json()) as { __type?: string };
  if (!response.ok) throw new AwsError(String(answer.__type), '');
  return answer;
};

/** Tries the stand-ins in order; throws the last error when none succeeds. */
const tryInOrder =
  (target: string, backing: () => readonly KmsStandIn[]): Operation =>
  async (input) => {
    let refusal: unknown;
    for (const one of backing()) {
      try {
        return await forward(target, one, input);
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  };

export const startRotatingKms = async (folder: string): Promise<RotatingKms> => {
  const keyId = randomUUID();
  const first = await startBacking(join(folder, 'backing-0'), keyId);
  // Newest first.
  const backing = [first];
  const front = await serveAwsJson({
    'TrentService.GenerateDataKey': tryInOrder('TrentService.GenerateDataKey', () => backing.slice(0, 1)),
    'TrentService.Decrypt': tryInOrder('TrentService.Decrypt', () => backing),
  });
  return {
    endpoint: front.endpoint,
    keyArn: first.keyArn,
    rotate: async () => {
      backing.unshift(await startBacking(join(folder, `backing-${backing.length}`), keyId));
    },
    close: () => {
      for (const standIn of [front, ...backing]) standIn.close();
    },
  };
};
