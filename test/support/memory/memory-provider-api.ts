// The API of providers in memory: answers checks by script and records them.
import type { CheckCall, CheckReply, ProviderApi } from '../../../lib/domain/ports/provider-api.ts';

export interface MemoryProviderApi extends ProviderApi {
  calls: CheckCall[];
  /** The answer to every check. */
  reply: CheckReply;
}

export const memoryProviderApi = (reply: Partial<CheckReply> = {}): MemoryProviderApi => {
  const calls: CheckCall[] = [];
  return {
    calls,
    reply: { result: 'valid', providerStatus: 200, account: null, ...reply },
    async check(call) {
      calls.push(call);
      return this.reply;
    },
  };
};
