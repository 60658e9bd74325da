// Options of the deployment itself; the functions do not get them.
import { splitList } from './rules.ts';
import type { Stage } from './stage.ts';

/** Requests per second, and burst. */
export interface Throttle {
  rateLimit: number;
  burstLimit: number;
}

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
  throttle: Throttle;
  publicThrottle: Throttle;
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

/** The options, with defaults. Throws without an identity provider or with two. */
export const readDeployOptions = (stage: Stage): DeployOptions => ({
  identityProvider: readIdentityProvider(stage),
  selfSignUp: stage.selfSignUp === 'true',
  memoryMegabytes: Number(stage.memoryMegabytes ?? 512),
  logRetentionDays: Number(stage.logRetentionDays ?? 30),
  throttle: { rateLimit: Number(stage.throttleRate ?? 200), burstLimit: Number(stage.throttleBurst ?? 400) },
  publicThrottle: {
    rateLimit: Number(stage.publicThrottleRate ?? 10),
    burstLimit: Number(stage.publicThrottleBurst ?? 20),
  },
  alarmTopicArn: stage.alarmTopicArn,
  restoredTable: readRestoredTable(stage),
  sealingKeyArn: stage.sealingKeyArn,
});
