// How a client authenticates at a server that was discovered: by what its metadata offers.
import type { ClientAuth } from '../oauth/provider-record.ts';

/** RFC 8414 §2: the default where the metadata lists no method. */
const DEFAULT_METHODS: readonly string[] = ['client_secret_basic'];

/**
 * The methods that a registration can ask for, the best first. A secret comes before none: then a stolen refresh token is of no use
 * without it, and the server need not rotate refresh tokens to be safe (RFC 9700 §2.2.2).
 */
const USABLE = ['client_secret_basic', 'client_secret_post', 'none'] as const satisfies readonly ClientAuth[];

/** The methods that send a shared secret as RFC 6749 §2.3.1 defines them. */
const WITH_SECRET: readonly ClientAuth[] = ['client_secret_basic', 'client_secret_post'];

/** An empty list is as none: a server without any method could answer nobody. */
const listOffered = (methods: readonly string[] | null): readonly string[] =>
  methods === null || methods.length === 0 ? DEFAULT_METHODS : methods;

/** One of the usable methods that the name spells; undefined for any other. */
export const findUsableAuth = (name: string): ClientAuth | undefined => USABLE.find((method) => method === name);

/** The method to register with; null: the server offers none that is usable. `methods`: as its metadata lists them; null: not listed. */
export const chooseClientAuth = (methods: readonly string[] | null): ClientAuth | null =>
  USABLE.find((method) => listOffered(methods).includes(method)) ?? null;

/** The operator's client at the server. */
interface OperatorClient {
  hasSecret: boolean;
  /** Of the operator's entry. */
  clientAuth: ClientAuth;
}

/**
 * The method for the operator's client. One that the entry alone can know of (none, a quirk) stays as it is. A shared secret is sent as
 * the metadata offers it, in the entry's way if that is among them.
 */
export const chooseOperatorAuth = (
  methods: readonly string[] | null,
  { hasSecret, clientAuth }: OperatorClient,
): ClientAuth => {
  if (!WITH_SECRET.includes(clientAuth)) return clientAuth;
  if (!hasSecret) return 'none';
  const offered = listOffered(methods);
  if (offered.includes(clientAuth)) return clientAuth;
  return WITH_SECRET.find((method) => offered.includes(method)) ?? clientAuth;
};
