// Options of the deployment itself, from context; the functions do not get them.
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import { contextValue, flag, httpsAddress, nameList, type Rule, splitList, wholeNumber } from './context-values.ts';

/** Requests per second, and burst. */
export interface Throttle {
  rateLimit: number;
  burstLimit: number;
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
}

const perSecond = wholeNumber(1, 100_000);

const RETENTIONS = Object.values(RetentionDays).filter((days) => typeof days === 'number' && days < 9999);

const retention: Rule = (value) =>
  RETENTIONS.includes(Number(value)) ? undefined : `must be one of ${RETENTIONS.join(', ')}`;

const topicArn: Rule = (value) => (/^arn:[\w-]+:sns:/.test(value) ? undefined : 'must be the ARN of an SNS topic');

const readIdentityProvider = (node: Node): DeployOptions['identityProvider'] => {
  const issuer = contextValue(node, 'jwtIssuer', httpsAddress);
  const audience = contextValue(node, 'jwtAudience', nameList);
  if (issuer === undefined && audience === undefined) return undefined;
  if (issuer === undefined) throw new Error('context jwtIssuer must be given together with jwtAudience');
  if (audience === undefined) throw new Error('context jwtAudience must be given together with jwtIssuer');
  return { issuer, audience: splitList(audience) };
};

/** Reads the options, with defaults. Throws on a malformed one. */
export const readDeployOptions = (node: Node): DeployOptions => {
  const number = (name: string, fallback: number, rule: Rule) => Number(contextValue(node, name, rule) ?? fallback);
  return {
    identityProvider: readIdentityProvider(node),
    selfSignUp: contextValue(node, 'selfSignUp', flag) === 'true',
    memoryMegabytes: number('memoryMegabytes', 512, wholeNumber(128, 10_240)),
    logRetentionDays: number('logRetentionDays', 30, retention),
    throttle: {
      rateLimit: number('throttleRate', 200, perSecond),
      burstLimit: number('throttleBurst', 400, perSecond),
    },
    publicThrottle: {
      rateLimit: number('publicThrottleRate', 10, perSecond),
      burstLimit: number('publicThrottleBurst', 20, perSecond),
    },
    alarmTopicArn: contextValue(node, 'alarmTopicArn', topicArn),
  };
};
