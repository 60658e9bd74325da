// The settings of the two functions that answer one public document each: the connect page, and the metadata of the OAuth client. A
// malformed one stops the function at its start; the error names the setting, never its value. Apart from lib/config.ts, so that the
// functions need neither a table nor zod.
import { SettingError } from './domain/values/setting-error.ts';
import { PAGE_SETTING_PATTERNS } from './platform.ts';

/** The settings; an accent that is not set is undefined. */
export interface PageConfig {
  CONNECT_PAGE_NAME: string;
  CONNECT_PAGE_ACCENT: string | undefined;
  /** Where the browser finds the service; of a deployment, only that it is https matters here. */
  PUBLIC_BASE_URL: string;
}

type PageSetting = keyof typeof PAGE_SETTING_PATTERNS;

const DEFAULT_NAME = 'Keyhold';
/** A deployment is always https; the local server sets its own address. */
const DEPLOYED = 'https://localhost';

/** Reads the settings; an empty variable counts as not set. Throws an error that names the malformed ones. */
export const readPageConfig = (environment: NodeJS.ProcessEnv = process.env): PageConfig => {
  const names = Object.keys(PAGE_SETTING_PATTERNS) as PageSetting[];
  const given = names.filter((name) => environment[name]);
  const malformed = given.filter((name) => !PAGE_SETTING_PATTERNS[name].test(environment[name] ?? ''));
  if (malformed.length > 0) throw new SettingError(`missing or malformed setting: ${malformed.join(', ')}`);
  return {
    CONNECT_PAGE_NAME: environment.CONNECT_PAGE_NAME || DEFAULT_NAME,
    CONNECT_PAGE_ACCENT: environment.CONNECT_PAGE_ACCENT || undefined,
    PUBLIC_BASE_URL: environment.PUBLIC_BASE_URL || DEPLOYED,
  };
};

/** The settings of the client's metadata. */
export interface ClientConfig {
  /** Without a trailing slash. */
  publicBaseUrl: string;
  /** The name of the connect page: it is the one that people know. */
  name: string;
}

/** Reads the settings of the client's metadata. Throws an error that names a missing or malformed one. */
export const readClientConfig = (environment: NodeJS.ProcessEnv = process.env): ClientConfig => {
  const publicBaseUrl = environment.PUBLIC_BASE_URL ?? '';
  if (!/^https?:$/.test(URL.parse(publicBaseUrl)?.protocol ?? ''))
    throw new SettingError('missing or malformed setting: PUBLIC_BASE_URL');
  return { publicBaseUrl: publicBaseUrl.replace(/\/$/, ''), name: readPageConfig(environment).CONNECT_PAGE_NAME };
};
