// Where browsers may be sent, from the settings.

import { type Config, requireSetting } from '../../config.ts';
import type { RedirectPolicy } from '../../domain/oauth/redirect-url.ts';

/** Reads the policy. Throws when PUBLIC_BASE_URL is missing. */
export const readRedirectPolicy = (config: Config): RedirectPolicy => ({
  publicBaseUrl: requireSetting(config, 'PUBLIC_BASE_URL').replace(/\/$/, ''),
  allowedReturnUrls: config.ALLOWED_RETURN_URLS,
  allowsOwnPaths: config.LOOPBACK_PROVIDERS,
  allowedCallbackUrls: config.ALLOWED_CALLBACK_URLS,
});
