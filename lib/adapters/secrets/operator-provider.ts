// An operator's entry of the `oauth-clients` secret, over the catalogue's record. Tokens issued elsewhere than the catalogue says never
// go to an address of the catalogue.
import type { ClientKeys } from '../../domain/oauth/client/client-keys.ts';
import { type IssuerRecord, isIssuerRecord, toUnreadRecord } from '../../domain/oauth/client/issuer-record.ts';
import { readSigningKey } from '../../domain/oauth/client/signing-key.ts';
import { providerProfile } from '../../domain/oauth/provider-profile.ts';
import { OperatorProvider, ProviderRecord } from '../../domain/oauth/provider-record.ts';
import { fillSample } from '../../domain/oauth/url-template.ts';
import type { KnownProvider, LentTo } from '../../domain/ports/provider-directory.ts';
import { Secret } from '../../domain/values/secret.ts';
import { findCatalogueProvider } from '../../providers/catalogue.ts';

/** Whether an endpoint may be called: public https, or loopback locally. */
export type EndpointPolicy = (url: string) => boolean;

const isEndpoint = (name: string): boolean => name.endsWith('Endpoint');

/** The URLs of a record that are called, or whose grants are sent on. */
const listUrls = (record: ProviderRecord): string[] =>
  Object.entries(record)
    // Empty: read from the issuer's metadata, with a check of its own.
    .flatMap(([name, value]) =>
      (isEndpoint(name) || name === 'apiBaseUrl') && typeof value === 'string' && value !== '' ? [value] : [],
    )
    .concat(record.formerTokenOrigins ?? []);

const readOrigin = (endpoint: string): string | undefined => URL.parse(fillSample(endpoint))?.origin;

const OTHER_PLACES = new Set(['issuer', 'formerTokenOrigins', 'apiBaseUrl', 'apiHosts', 'verification']);

/** What names a place of the provider: wrong, and dangerous, once the tokens are issued elsewhere. */
const isPlace = (name: string): boolean => isEndpoint(name) || OTHER_PLACES.has(name);

const fillsAddress = ({ apiBaseUrl = '', apiHosts = [] }: ProviderRecord, name: string): boolean =>
  [apiBaseUrl, ...apiHosts].some((text) => text.includes(`{${name}}`));

/** The catalogue's record, without its endpoints and issuer if the entry moves the token endpoint to another origin. */
const inheritedFields = (provider: string, { tokenEndpoint }: Partial<ProviderRecord>): Partial<ProviderRecord> => {
  const record = findCatalogueProvider(provider);
  if (record === undefined || tokenEndpoint === undefined) return record ?? {};
  if (readOrigin(tokenEndpoint) === readOrigin(record.tokenEndpoint)) return record;
  const { keeps, ...rest } = record;
  const fields = Object.fromEntries(Object.entries(rest).filter(([name]) => !isPlace(name)));
  // The pattern of a value that fills the base URL names the hosts of the catalogue's provider.
  const kept = keeps?.filter(({ name }) => !fillsAddress(record, name)) ?? [];
  return kept.length === 0 ? fields : { ...fields, keeps: kept };
};

/** Whether each kept value has a name of its own, and the callback names a variable that there is. */
const isConsistent = ({ keeps = [], templateVariables = {}, callbackTenant }: ProviderRecord): boolean => {
  const names = [...keeps.map(({ name }) => name), ...Object.keys(templateVariables)];
  return (
    new Set(names).size === names.length &&
    (callbackTenant === undefined || Object.hasOwn(templateVariables, callbackTenant.variable))
  );
};

type Client = Pick<OperatorProvider, 'clientId' | 'clientSecret' | 'privateKey' | 'keyId'>;

/** null: the private key cannot be used, or a key is named without one. */
const readClient = ({ clientId, clientSecret, privateKey, keyId }: Client): ClientKeys | null => {
  const keys = { clientId, clientSecret: clientSecret === undefined ? null : new Secret(clientSecret) };
  if (privateKey === undefined) return keyId === undefined ? { ...keys, signingKey: null } : null;
  const signingKey = readSigningKey(privateKey, keyId ?? null);
  return signingKey && { ...keys, signingKey };
};

/** The current client first; null if one of them is not valid. */
const readClients = ({ olderClients = [], ...current }: Client & Pick<OperatorProvider, 'olderClients'>) => {
  const clients = [current, ...olderClients].map(readClient);
  const valid = clients.filter((client) => client !== null);
  const [client, ...older] = valid;
  return client === undefined || valid.length < clients.length ? null : { ...client, olderClients: older };
};

/** A client with a key uses it, unless the entry says otherwise. */
const defaultAuth = ({ privateKey }: OperatorProvider): Partial<ProviderRecord> =>
  privateKey === undefined ? {} : { clientAuth: 'private_key_jwt' };

const needsKey = ({ clientAuth, revocationClientAuth }: ProviderRecord): boolean =>
  [clientAuth, revocationClientAuth].includes('private_key_jwt');

/** A client that the catalogue's provider trusts, or that is for one API, is no client for servers that users name. */
const chooseLentTo = (provider: string, mcp: boolean | undefined, { record, issuerRecord }: ReadRecord): LentTo => {
  if (mcp !== undefined) return mcp ? 'all_servers' : 'no_server';
  if (findCatalogueProvider(provider) !== undefined) return 'api_hosts';
  const isForOneApi = record.apiBaseUrl !== undefined || record.apiHosts !== undefined;
  return issuerRecord === undefined && isForOneApi ? 'api_hosts' : 'all_servers';
};

/** A valid entry. */
export interface OperatorEntry extends KnownProvider {
  client: NonNullable<KnownProvider['client']>;
  /** Present where the issuer's metadata must complete the entry. */
  issuerRecord?: IssuerRecord;
}

interface ReadRecord {
  record: ProviderRecord;
  issuerRecord?: IssuerRecord;
}

/** null: an endpoint is missing, or a field is not valid. */
const readRecord = (fields: Partial<ProviderRecord>, allows: EndpointPolicy): ReadRecord | null => {
  if (isIssuerRecord(fields))
    return allows(fields.issuer) ? { record: toUnreadRecord(fields), issuerRecord: fields } : null;
  const { data } = ProviderRecord.safeParse(fields);
  return data ? { record: data } : null;
};

const isAllowed = ({ record }: ReadRecord, allows: EndpointPolicy): boolean =>
  isConsistent(record) && listUrls(record).every((url) => allows(fillSample(url)));

/** The provider that an entry describes; null when the entry is not valid. `allows` checks every endpoint and the API base URL. */
export const readOperatorProvider = (
  provider: string,
  entry: unknown,
  allows: EndpointPolicy,
): OperatorEntry | null => {
  const parsed = OperatorProvider.safeParse(entry);
  if (!parsed.success) return null;
  const { clientId, clientSecret, privateKey, keyId, olderClients, mcp, ...overrides } = parsed.data;
  const read = readRecord(
    { ...inheritedFields(provider, overrides), ...defaultAuth(parsed.data), ...overrides },
    allows,
  );
  if (read === null || !isAllowed(read, allows)) return null;
  const client = readClients({ clientId, clientSecret, privateKey, keyId, olderClients });
  if (client === null || (needsKey(read.record) && client.signingKey === null)) return null;
  const { record, ...issuer } = read;
  const lentTo = chooseLentTo(provider, mcp, read);
  return { provider, profile: providerProfile(provider, record), client, lentTo, ...issuer };
};
