// The port to the variables of providers' URLs, for functions that may read secrets and for those that may not.
import type { TemplateVariables } from '../oauth/url-template.ts';

/** Knows the variables of each provider. */
export interface ProviderTemplates {
  /** Empty: the provider has none, or is not known. Throws `secrets_unavailable` where it reads secrets. */
  findVariables(provider: string): Promise<TemplateVariables>;
}
