// A process of a deployment that resolves credentials with the dependencies of the runtime function: a line of JSON for each call, in
// and out. It calls again after Retry-After, as a worker does.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { runtimeApiDeps } from '../../../lib/container/runtime-api.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { resolveCredential } from '../../../lib/operations/refresh/resolve-credential.ts';

/** One credential to resolve; `call` comes back with the answer. */
export interface ResolveOrder {
  call: number;
  userId: string;
  credentialId: string;
}

/** `token`: what is sent to the server; null: refused with `code`. `tries`: how often it was asked. */
export interface ResolveAnswer {
  call: number;
  token: string | null;
  code: string | null;
  tries: number;
}

const MAX_TRIES = 120;

const deps = runtimeApiDeps();

const resolveOnce = async ({ userId, credentialId }: ResolveOrder): Promise<string> => {
  const { headers } = await resolveCredential(deps, { userId, credentialId, scopes: [] });
  return (headers.authorization ?? '').replace('Bearer ', '');
};

const isLater = (error: unknown): error is ServiceError =>
  error instanceof ServiceError && /^(?:refresh|store|keys|secrets)_(?:unavailable|busy)$/.test(error.code);

const resolve = async (order: ResolveOrder): Promise<ResolveAnswer> => {
  for (let tries = 1; ; tries++) {
    try {
      return { call: order.call, token: await resolveOnce(order), code: null, tries };
    } catch (error) {
      if (!isLater(error) || tries === MAX_TRIES) {
        const code = error instanceof ServiceError ? error.code : String(error);
        return { call: order.call, token: null, code, tries };
      }
      await sleep(1_000);
    }
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as ResolveOrder;
  void resolve(order).then((answer) => process.stdout.write(`answer ${JSON.stringify(answer)}\n`));
}
