// What encrypts users' secrets.

import { cachedDataKeys } from '../../adapters/kms/cached-data-keys.ts';
import { jweSealer } from '../../adapters/kms/jwe-sealer.ts';
import { kmsDataKeys } from '../../adapters/kms/kms-data-keys.ts';
import { cryptoRandom } from '../../adapters/runtime/crypto-random.ts';
import { systemClock } from '../../adapters/runtime/system-clock.ts';
import { requireSetting } from '../../config.ts';
import type { Started } from './start.ts';

/** Seals and opens users' secrets. The IAM role of the function decides whether it can open them. */
export const makeSealer = ({ config }: Started) =>
  jweSealer(cachedDataKeys(kmsDataKeys(requireSetting(config, 'KMS_KEY_ID')), systemClock), systemClock, cryptoRandom);
