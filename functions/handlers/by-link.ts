// Handlers of the link plane that need no stored secret: those of the user plane, with what the link presets filled in, and refused
// beyond what it allows.
import type { NewCredential } from '../../lib/domain/credential/new-credential.ts';
import { applyToCredential } from '../../lib/domain/link/link-rules.ts';
import { viewLink } from '../../lib/domain/link/link-view.ts';
import type { Deps } from '../../lib/domain/ports/deps.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { listCredentials } from '../../lib/operations/credential/list-credentials.ts';
import { assertManaged } from '../../lib/operations/link/assert-managed.ts';
import { listProviders } from '../../lib/operations/operator/list-providers.ts';
import { credentialHandlers } from './credentials.ts';
import type { ByLink, OneByLink, WriteByLink } from './requests.ts';

type ViewDeps = Pick<Deps, 'users' | 'systemDirectory' | 'publishedProviders' | 'clock'>;

/** What the page of a link shows. */
export const linkViewHandlers = (deps: ViewDeps) => ({
  getLink: async ({ userId, link }: ByLink): Promise<HandlerResult> => {
    const providers = await listProviders(deps);
    const { manage, provider } = link.allows;
    const shown = { userId, provider: provider ?? undefined };
    const credentials = manage ? (await listCredentials(deps, shown)).credentials : null;
    return { status: 200, body: viewLink(link, { providers, credentials }) };
  },
});

type StoreDeps = Parameters<typeof credentialHandlers>[0];

/** Store and rename. */
export const storeByLinkHandlers = (deps: StoreDeps, plane: { base: string }) => {
  const { addCredential, renameCredential } = credentialHandlers(deps, plane);
  return {
    addCredential: async ({ link, body, ...request }: WriteByLink & { body: NewCredential }) =>
      addCredential({ ...request, link: link.use, body: applyToCredential(link.allows, body) }),
    renameCredential: async ({ link, ...request }: OneByLink & { body: { title: string } }) => {
      await assertManaged(deps, link, request.params.id);
      return renameCredential(request);
    },
  };
};
