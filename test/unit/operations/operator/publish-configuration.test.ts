// Publishing the configuration: only when it changed, and without a secret.
import { describe, expect, it, vi } from 'vitest';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { publishConfiguration } from '../../../../lib/operations/operator/publish-configuration.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

const OLLAMA = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';
const GROQ = '4ec22295-8f97-4dd1-b42b-2c6957a02545';
const OPENAI = '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a';

describe('publishConfiguration', () => {
  it('writes the configured ids in the order of systemCredentials', async () => {
    const deps = memoryDeps({ keys: { openai_api_key: 'k', groq_api_key: 'k' } });
    expect(await publishConfiguration(deps)).toEqual({ changed: true });
    expect(deps.table.configuration).toEqual({ systemCredentialIds: [OLLAMA, GROQ, OPENAI], providers: [] });
  });

  it('writes nothing secret', async () => {
    const deps = memoryDeps({ keys: { openai_api_key: 'canary' } });
    await publishConfiguration(deps);
    expect(JSON.stringify(deps.table.configuration)).not.toContain('canary');
  });

  it('does not write without a change', async () => {
    const deps = memoryDeps({ keys: { openai_api_key: 'k' } });
    await publishConfiguration(deps);
    const write = vi.spyOn(deps.configuration, 'writeConfiguration');
    expect(await publishConfiguration(deps)).toEqual({ changed: false });
    expect(write).not.toHaveBeenCalled();
  });

  it.each([
    ['one more id', [OLLAMA]],
    ['one id less', [OLLAMA, GROQ, OPENAI]],
    ['a different id', [OLLAMA, OPENAI]],
  ])('writes %s', async (_, published) => {
    const deps = memoryDeps({ keys: { groq_api_key: 'k' } });
    deps.table.configuration = { systemCredentialIds: published, providers: [] };
    expect(await publishConfiguration(deps)).toEqual({ changed: true });
    expect(deps.table.configuration?.systemCredentialIds).toEqual([OLLAMA, GROQ]);
  });

  it('keeps the published ids when the system keys cannot be read', async () => {
    const deps = memoryDeps();
    deps.table.configuration = { systemCredentialIds: [OPENAI], providers: [] };
    deps.systemKeys.systemKeys = vi.fn().mockRejectedValue(new ServiceError('secrets_unavailable'));
    await expect(publishConfiguration(deps)).rejects.toMatchObject({ code: 'secrets_unavailable' });
    expect(deps.table.configuration?.systemCredentialIds).toEqual([OPENAI]);
  });
});
