// Replaces the SDK's adaptive retries in the bundles. They are a setting of the environment that no function has.

/** Its constructor throws. */
export class AdaptiveRetryStrategy {
  constructor() {
    throw new Error('the bundles do not contain code for adaptive retries');
  }
}

/** Never made: it is a part of adaptive retries. */
export class DefaultRateLimiter {}
