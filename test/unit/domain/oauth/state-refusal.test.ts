// Every reason to refuse a state gives the same answer; only the log names the reason.
import { describe, expect, it } from 'vitest';
import { stateInvalid, stateRefusals } from '../../../../lib/domain/oauth/state-refusal.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { writeError } from '../../../../lib/http/chain/write-response.ts';

const plain = writeError(new ServiceError('state_invalid'), 'request-1');

describe('stateInvalid', () => {
  it.each(stateRefusals)('answers %s as every other reason, to the byte', (reason) => {
    expect(writeError(stateInvalid(reason), 'request-1')).toEqual(plain);
  });

  it.each(stateRefusals)('keeps %s for the log', (reason) => {
    expect(stateInvalid(reason).logReason).toBe(reason);
  });

  it('is a 400 without a detail', () => {
    expect(plain.statusCode).toBe(400);
    expect(JSON.parse(plain.body ?? '')).not.toHaveProperty('detail');
  });
});
