import { describe, expect, it } from 'vitest';
import { ProviderFault } from '../../../lib/domain/oauth-port.ts';
import { PortFault } from '../../../lib/domain/ports.ts';
import { ServiceError } from '../../../lib/domain/service-error.ts';
import { describeFault } from '../../../lib/http/describe-fault.ts';

describe('describeFault', () => {
  it.each([
    ['why a provider gave no token', new ProviderFault('client_fault', { providerCode: 'canary' }), 'client_fault'],
    ['that a port was busy', new PortFault('busy', { retryable: true }), 'busy'],
  ])('says %s, in our own word alone', (_, cause, kind) => {
    const faults = describeFault(new ServiceError('provider_rejected', { cause }));
    expect(faults).toMatchObject([{ name: 'ServiceError', code: 'provider_rejected' }, { kind }]);
    expect(JSON.stringify(faults)).not.toContain('canary');
  });

  it('takes no kind from an error that is not ours', () => {
    expect(describeFault(Object.assign(new Error('x'), { kind: 'canary' }))[0]).not.toHaveProperty('kind');
  });
});
