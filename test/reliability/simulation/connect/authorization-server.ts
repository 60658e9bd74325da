// The provider's side of connections in memory: users approve requests and devices, codes and device codes are good once. It
// remembers every call that reached it, so that the rules can judge what was sent.
import { codeChallenge } from '../../../../lib/domain/oauth/pkce.ts';
import type { TokenResponse } from '../../../../lib/domain/oauth/token-response.ts';
import {
  type AuthorizationRequest,
  type CodeExchange,
  type DevicePoll,
  ProviderFault,
} from '../../../../lib/domain/ports/oauth-protocol.ts';

/** What the user who approves is and allows; `scopes` null: the reply names none. */
export interface Approval {
  grant: TokenResponse;
  account: string;
  /** The identity endpoint does not say whose the token is. */
  isHidden: boolean;
}

/** A request that may end in a grant, and what became of it. */
export interface GrantEvent {
  kind: 'code' | 'device';
  callId: number;
  /** The authorization code or the device code. */
  code: string;
  /** Of a code: the PKCE challenge of the flow that sent it. */
  challenge: string;
  startedStep: number;
  decision: 'none' | 'refused' | DevicePoll['kind'];
  grant: TokenResponse | null;
  /** When the caller got the answer; infinite: it did not. */
  deliveredAt: number;
}

interface PendingDevice {
  approval: Approval;
  decision: 'approved' | 'denied';
  decideAt: number;
  expiresAt: number;
  pollAfter: number;
  isRedeemed: boolean;
}

export interface AuthorizationServer {
  /** Every authorization URL that was made, by state. */
  requests: Map<string, AuthorizationRequest>;
  events: GrantEvent[];
  /** Device codes that were asked for, by the call that did. */
  deviceStarts: { callId: number; step: number }[];
  /** Whose an access token is. */
  accounts: Map<string, string>;
  /** Access tokens whose account the identity endpoint does not tell. */
  hidden: Set<string>;
  /** The user approves; the code that the browser brings back. */
  approve(request: AuthorizationRequest, approval: Approval): string;
  /** Throws ProviderFault (`dead_grant`). */
  redeem(exchange: CodeExchange): TokenResponse;
  startDevice(device: Omit<PendingDevice, 'pollAfter' | 'isRedeemed'>): string;
  poll(deviceCode: string, now: number): DevicePoll;
}

export const DEVICE_INTERVAL_SECONDS = 5;

const NO_GOOD = new ProviderFault('dead_grant', { providerCode: 'invalid_grant' });

export const createAuthorizationServer = (): AuthorizationServer => {
  const requests = new Map<string, AuthorizationRequest>();
  const accounts = new Map<string, string>();
  const hidden = new Set<string>();
  const codes = new Map<string, { request: AuthorizationRequest; approval: Approval; isRedeemed: boolean }>();
  const devices = new Map<string, PendingDevice>();

  const issue = ({ grant, account, isHidden }: Approval): TokenResponse => {
    accounts.set(grant.accessToken, account);
    if (isHidden) hidden.add(grant.accessToken);
    return grant;
  };

  return {
    requests,
    accounts,
    hidden,
    events: [],
    deviceStarts: [],
    approve(request, approval) {
      const code = `code-${codes.size + 1}`;
      codes.set(code, { request, approval, isRedeemed: false });
      return code;
    },
    redeem({ code, redirectUri, codeVerifier }) {
      const known = codes.get(code);
      const isRight =
        known?.request.redirectUri === redirectUri && known.request.codeChallenge === codeChallenge(codeVerifier ?? '');
      if (!known || !isRight || known.isRedeemed) throw NO_GOOD;
      known.isRedeemed = true;
      return issue(known.approval);
    },
    startDevice(device) {
      const code = `device-${devices.size + 1}`;
      devices.set(code, { ...device, pollAfter: 0, isRedeemed: false });
      return code;
    },
    poll(deviceCode, now) {
      const device = devices.get(deviceCode);
      if (!device || device.isRedeemed || now >= device.expiresAt) return { kind: 'expired' };
      const isEarly = now < device.pollAfter;
      device.pollAfter = now + DEVICE_INTERVAL_SECONDS * 1000;
      if (isEarly) return { kind: 'slow_down' };
      if (now < device.decideAt) return { kind: 'pending' };
      if (device.decision === 'denied') return { kind: 'denied' };
      device.isRedeemed = true;
      return { kind: 'approved', grant: issue(device.approval) };
    },
  };
};
