// The rule of each option of a deployment and of each setting of the functions. docs/deploy.md and README.md list them.
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { PAGE_SETTING_PATTERNS, SETTING_BOUNDS } from '../../lib/platform.ts';
import {
  flag,
  httpsAddress,
  matching,
  nameList,
  originList,
  type Rule,
  returnUrlList,
  urlList,
  wholeNumber,
} from './rules.ts';

const bounded = ({ min, max }: { min: number; max: number }): Rule => wholeNumber(min, max);

const perSecond = wholeNumber(1, 100_000);

const RETENTIONS = Object.values(RetentionDays).filter((days) => typeof days === 'number' && days < 9999);

const retention: Rule = (value) =>
  RETENTIONS.includes(Number(value)) ? undefined : `must be one of ${RETENTIONS.join(', ')}`;

/** The settings that the functions read from their environment, under the same names. */
export const SETTING_RULES = {
  PUBLIC_BASE_URL: httpsAddress,
  OAUTH_STATE_TTL_SECONDS: bounded(SETTING_BOUNDS.OAUTH_STATE_TTL_SECONDS),
  MAX_OPEN_STATES_PER_USER: bounded(SETTING_BOUNDS.MAX_OPEN_STATES_PER_USER),
  REFRESH_MIN_TTL_SECONDS: bounded(SETTING_BOUNDS.REFRESH_MIN_TTL_SECONDS),
  PROVIDER_TIMEOUT_MS: bounded(SETTING_BOUNDS.PROVIDER_TIMEOUT_MS),
  EXCHANGE_TIMEOUT_MS: bounded(SETTING_BOUNDS.EXCHANGE_TIMEOUT_MS),
  REFRESH_LEASE_SECONDS: bounded(SETTING_BOUNDS.REFRESH_LEASE_SECONDS),
  ALLOWED_RETURN_URLS: returnUrlList,
  ALLOWED_ORIGINS: originList,
  ALLOWED_CALLBACK_URLS: urlList,
  SECRETS_MAX_AGE_SECONDS: bounded(SETTING_BOUNDS.SECRETS_MAX_AGE_SECONDS),
  SYSTEM_KEYS_MAX_AGE_SECONDS: bounded(SETTING_BOUNDS.SECRETS_MAX_AGE_SECONDS),
  SWEEP_SECONDS: bounded(SETTING_BOUNDS.SWEEP_SECONDS),
  MAX_CREDENTIALS_PER_USER: bounded(SETTING_BOUNDS.MAX_CREDENTIALS_PER_USER),
  MAX_CALLS_PER_USER_PER_SECOND: bounded(SETTING_BOUNDS.MAX_CALLS_PER_USER_PER_SECOND),
  MAX_BAD_CALLBACKS_PER_SECOND: bounded(SETTING_BOUNDS.MAX_BAD_CALLBACKS_PER_SECOND),
} satisfies Record<string, Rule>;

/** The settings of the connect page. Its name is also the one of the OAuth client. */
export const PAGE_SETTING_RULES = {
  CONNECT_PAGE_NAME: matching(PAGE_SETTING_PATTERNS.CONNECT_PAGE_NAME, 'must be 1 to 60 visible characters'),
  CONNECT_PAGE_ACCENT: matching(PAGE_SETTING_PATTERNS.CONNECT_PAGE_ACCENT, 'must be a colour such as #3b5bdb'),
} satisfies Record<string, Rule>;

/** Lambda's own limits end far below, with the quota of the account. */
const executions = wholeNumber(0, 100_000);

/** The executions reserved for each function; 0: none. */
export const CONCURRENCY_RULES = {
  userApiConcurrency: executions,
  startApiConcurrency: executions,
  connectApiConcurrency: executions,
  runtimeApiConcurrency: executions,
  runtimeStartApiConcurrency: executions,
  linkApiConcurrency: executions,
  linkStartApiConcurrency: executions,
  linkConnectApiConcurrency: executions,
  oauthCallbackConcurrency: executions,
  connectPageConcurrency: executions,
  clientMetadataConcurrency: executions,
  healthConcurrency: executions,
  refreshSweepConcurrency: executions,
  publishEventsConcurrency: executions,
  movingApiConcurrency: executions,
} satisfies Record<string, Rule>;

/** All options and settings. */
export const OPTION_RULES = {
  ...SETTING_RULES,
  ...PAGE_SETTING_RULES,
  stackName: matching(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be letters, digits and hyphens, at most 64'),
  terminationProtection: flag,
  restoredTableName: matching(/^[\w.-]{3,255}$/, 'must be the name of a table'),
  restoredStreamArn: matching(/^arn:[\w-]+:dynamodb:.+\/stream\/.+$/, 'must be the ARN of the stream of a table'),
  sealingKeyArn: matching(/^arn:[\w-]+:kms:.+:key\/.+$/, 'must be the ARN of a KMS key'),
  identity: matching(/^cognito$/, 'must be cognito, or left out with jwtIssuer and jwtAudience'),
  jwtIssuer: httpsAddress,
  jwtAudience: nameList,
  selfSignUp: flag,
  memoryMegabytes: wholeNumber(128, 10_240),
  logRetentionDays: retention,
  userThrottleRate: perSecond,
  userThrottleBurst: perSecond,
  runtimeThrottleRate: perSecond,
  runtimeThrottleBurst: perSecond,
  linkThrottleRate: perSecond,
  linkThrottleBurst: perSecond,
  callbackThrottleRate: perSecond,
  callbackThrottleBurst: perSecond,
  pageThrottleRate: perSecond,
  pageThrottleBurst: perSecond,
  healthThrottleRate: perSecond,
  healthThrottleBurst: perSecond,
  movingThrottleRate: perSecond,
  movingThrottleBurst: perSecond,
  ...CONCURRENCY_RULES,
  alarmTopicArn: matching(/^arn:[\w-]+:sns:/, 'must be the ARN of an SNS topic'),
} satisfies Record<string, Rule>;
