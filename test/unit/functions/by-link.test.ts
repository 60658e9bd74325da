// What the page of a link is shown.
import { expect, it } from 'vitest';
import { linkViewHandlers } from '../../../functions/handlers/by-link.ts';
import { ALICE, newOAuth2, stored } from '../../support/builders.ts';
import { memoryDeps } from '../../support/memory/memory-deps.ts';
import { makeLink, openLinkAs } from '../../support/memory/memory-link.ts';
import { knownProvider, memoryProviders } from '../../support/memory/memory-oauth.ts';

it('shows the credentials of its provider, however many others the user has', async () => {
  const deps = memoryDeps({ providers: memoryProviders(knownProvider()) });
  // Together larger than an answer may be.
  const scopes = Array.from({ length: 15 }, (_, index) => String(index).padStart(256, 's'));
  for (let index = 0; index < 999; index++) await stored(deps, newOAuth2({ provider: 'other', scopes }));
  await stored(deps, newOAuth2({ id: 'mine', provider: 'acme' }));
  const link = await openLinkAs(deps, await makeLink(deps, { provider: 'acme', manage: true }));
  const { body } = await linkViewHandlers(deps).getLink({ userId: ALICE, link });
  expect(body).toMatchObject({ credentials: [{ id: 'mine' }] });
});
