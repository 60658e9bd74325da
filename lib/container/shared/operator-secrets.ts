// The readers of the operator's secrets: the keys of the system credentials, and the OAuth clients.

import { systemClock } from '../../adapters/runtime/system-clock.ts';
import { type EntryRules, secretsManagerProviders } from '../../adapters/secrets/secrets-manager-providers.ts';
import { secretsManagerSystemKeys } from '../../adapters/secrets/secrets-manager-system-keys.ts';
import { requireSetting } from '../../config.ts';
import { checkOutboundUrl } from '../../domain/values/outbound-url.ts';
import { outboundPolicy } from './outbound.ts';
import type { Started } from './start.ts';

/** The keys of the system credentials, read again when they are older than `maxAgeSeconds`. */
export const makeSystemKeys = ({ config, log }: Started, maxAgeSeconds: number) =>
  secretsManagerSystemKeys(
    { secretId: requireSetting(config, 'SYSTEM_KEYS_SECRET'), maxAgeSeconds },
    { clock: systemClock, log },
  );

/** The OAuth clients and their providers, read again when they are older than `maxAgeSeconds`. `readServer`: null for a function that calls no provider. */
export const makeProviders = (started: Started, maxAgeSeconds: number, readServer: EntryRules['readServer'] = null) => {
  const { config, log } = started;
  const policy = outboundPolicy(started);
  const allows = (url: string) => checkOutboundUrl(url, policy) !== null;
  const source = { secretId: requireSetting(config, 'OAUTH_CLIENTS_SECRET'), maxAgeSeconds };
  return secretsManagerProviders(source, { allows, readServer }, { clock: systemClock, log });
};
