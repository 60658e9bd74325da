// The port to the function that refreshes one credential apart from any caller. It is invoked asynchronously, at least once, and
// late or never when an invocation is lost: the lease makes every such case safe.
import type { CredentialKey } from './credential-refresh-store.ts';

/** Which secret is to be refreshed. An order for a secret that was replaced since is void. */
export interface RefreshOrder extends CredentialKey {
  secretRev: string;
}

/** Orders the refresh of one credential from that function. */
export interface RefreshDispatcher {
  /** Resolves once the order is accepted, without waiting for the refresh; false if it was not. Never throws. */
  dispatch(order: RefreshOrder): Promise<boolean>;
}
