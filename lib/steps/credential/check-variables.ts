// Checks the variables of a credential that a caller brings: they name the tenant, so they must be those of the provider's record.
import { checkVariables } from '../../domain/oauth/provider-template.ts';
import type { Deps } from '../../domain/ports/deps.ts';

interface WithVariables {
  provider: string;
  variables?: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads the record only if there are variables. Throws `invalid_request` (one is missing, unknown or does not match its pattern),
 * `secrets_unavailable`.
 */
export const assertVariables = async (
  { templates }: Pick<Deps, 'templates'>,
  { provider, variables }: WithVariables,
): Promise<void> => {
  if (variables === undefined) return;
  checkVariables(await templates.findVariables(provider), variables);
};
