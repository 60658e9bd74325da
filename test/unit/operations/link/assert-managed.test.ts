// What the holder of a link may rename or disconnect: what the link shows, and only with `manage`.
import { describe, expect, it } from 'vitest';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { assertManaged } from '../../../../lib/operations/link/assert-managed.ts';
import { ALICE, newApiKey } from '../../../support/builders.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';
import { makeLink, openLinkAs } from '../../../support/memory/memory-link.ts';

const openWith = async (given: Parameters<typeof makeLink>[1]) => {
  const deps = memoryDeps();
  await addCredential(deps, { userId: ALICE, credential: newApiKey({ id: 'a', provider: 'openai' }) });
  await addCredential(deps, { userId: ALICE, credential: newApiKey({ id: 'b', provider: 'groq' }) });
  const held = await openLinkAs(deps, await makeLink(deps, given));
  return (id: string) => assertManaged(deps, held, id);
};

const notFound = { code: 'credential_not_found' };

describe('a link', () => {
  it('lets nothing be changed without manage', async () => {
    const assert = await openWith({ provider: 'openai' });
    await expect(assert('a')).rejects.toMatchObject({ code: 'link_not_allowed', detail: 'without manage' });
  });

  it('of any provider leaves it to the change itself whether the credential exists', async () => {
    const assert = await openWith({ manage: true });
    await expect(assert('a')).resolves.toBeUndefined();
    await expect(assert('missing')).resolves.toBeUndefined();
  });

  it('of one provider shows no credential of another, as if there were none', async () => {
    const assert = await openWith({ manage: true, provider: 'openai' });
    await expect(assert('a')).resolves.toBeUndefined();
    await expect(assert('b')).rejects.toMatchObject(notFound);
    await expect(assert('missing')).rejects.toMatchObject(notFound);
  });
});
