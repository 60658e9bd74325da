// Options of the deployment itself; the functions do not get them.
import { CONCURRENCY_RULES } from './option-rules.ts';
import { splitList } from './rules.ts';
import type { Stage } from './stage.ts';

/** Requests per second, and burst. */
export interface Throttle {
  rateLimit: number;
  burstLimit: number;
}

/** The routes that share their limits: those of a plane, the public plane divided by who calls, and import and export apart. */
export type ThrottledRoutes = 'user' | 'runtime' | 'link' | 'callback' | 'page' | 'health' | 'moving';

/** A table that was restored from point-in-time recovery, with its own stream. */
export interface RestoredTable {
  tableName: string;
  tableStreamArn: string;
}

/** The options. */
export interface DeployOptions {
  /** undefined: the stack creates a user pool. */
  identityProvider: { issuer: string; audience: string[] } | undefined;
  selfSignUp: boolean;
  memoryMegabytes: number;
  logRetentionDays: number;
  /** Of each route. */
  throttles: Readonly<Record<ThrottledRoutes, Throttle>>;
  /** By function name; a function without an entry shares what the account has left. */
  reservedConcurrency: Readonly<Record<string, number>>;
  alarmTopicArn: string | undefined;
  /** undefined: the stack's own table. */
  restoredTable: RestoredTable | undefined;
  /** undefined: the stack's own key. */
  sealingKeyArn: string | undefined;
}

/** Never a default: leaving out the issuer on an update would replace the authorizer and lock every user out. */
const readIdentityProvider = (stage: Stage): DeployOptions['identityProvider'] => {
  const { identity, jwtIssuer, jwtAudience } = stage;
  if (identity !== undefined) {
    if (jwtIssuer !== undefined || jwtAudience !== undefined)
      throw new Error('context identity must not be given together with jwtIssuer or jwtAudience');
    return undefined;
  }
  if (jwtIssuer === undefined && jwtAudience === undefined)
    throw new Error('context identity must be cognito, or jwtIssuer and jwtAudience must be given');
  if (jwtIssuer === undefined) throw new Error('context jwtIssuer must be given together with jwtAudience');
  if (jwtAudience === undefined) throw new Error('context jwtAudience must be given together with jwtIssuer');
  return { issuer: jwtIssuer, audience: splitList(jwtAudience) };
};

const readRestoredTable = ({ restoredTableName, restoredStreamArn }: Stage): RestoredTable | undefined => {
  if (restoredTableName === undefined && restoredStreamArn === undefined) return undefined;
  if (restoredTableName === undefined || restoredStreamArn === undefined)
    throw new Error('context restoredTableName and restoredStreamArn must be given together');
  if (!restoredStreamArn.includes(`:table/${restoredTableName}/stream/`))
    throw new Error('context restoredStreamArn must be the stream of restoredTableName');
  return { tableName: restoredTableName, tableStreamArn: restoredStreamArn };
};

/** The default burst is two seconds of the rate. */
const readThrottle = (stage: Stage, routes: ThrottledRoutes, defaultRate: number): Throttle => ({
  rateLimit: Number(stage[`${routes}ThrottleRate`] ?? defaultRate),
  burstLimit: Number(stage[`${routes}ThrottleBurst`] ?? 2 * defaultRate),
});

/** `userApiConcurrency` → `user-api`. */
const functionName = (option: string): string =>
  option.replace(/Concurrency$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const readReservedConcurrency = (stage: Stage): Record<string, number> => {
  const names = Object.keys(CONCURRENCY_RULES) as (keyof typeof CONCURRENCY_RULES)[];
  const reserved = names.map((option) => [functionName(option), Number(stage[option] ?? 0)] as const);
  return Object.fromEntries(reserved.filter(([, executions]) => executions > 0));
};

/** The options, with defaults. Throws without an identity provider or with two. */
export const readDeployOptions = (stage: Stage): DeployOptions => ({
  identityProvider: readIdentityProvider(stage),
  selfSignUp: stage.selfSignUp === 'true',
  memoryMegabytes: Number(stage.memoryMegabytes ?? 512),
  logRetentionDays: Number(stage.logRetentionDays ?? 30),
  throttles: {
    user: readThrottle(stage, 'user', 200),
    runtime: readThrottle(stage, 'runtime', 200),
    link: readThrottle(stage, 'link', 200),
    callback: readThrottle(stage, 'callback', 1000),
    page: readThrottle(stage, 'page', 200),
    health: readThrottle(stage, 'health', 10),
    moving: readThrottle(stage, 'moving', 20),
  },
  reservedConcurrency: readReservedConcurrency(stage),
  alarmTopicArn: stage.alarmTopicArn,
  restoredTable: readRestoredTable(stage),
  sealingKeyArn: stage.sealingKeyArn,
});
