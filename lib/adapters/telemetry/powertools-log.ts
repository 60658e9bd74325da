// Logs JSON lines (Powertools for AWS Lambda). Callers pass fields, never events or error objects.
import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../../domain/ports/telemetry.ts';

/** Implements `Log`. `service` is the function's name. */
export const powertoolsLog = (service: string): Log => {
  const logger = new Logger({ serviceName: service });
  return {
    info: (message, fields) => logger.info(message, fields),
    warn: (message, fields) => logger.warn(message, fields),
    error: (message, fields) => logger.error(message, fields),
  };
};
