// The access log: one line per request. Omitted on purpose: path (it contains user ids), query (codes and states), headers, claims,
// access keys and addresses. The request id links to the function's log, which has the hash of the user's id.
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

const FIELDS = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTime(),
  routeKey: AccessLogField.contextRouteKey(),
  status: AccessLogField.contextStatus(),
  responseLength: AccessLogField.contextResponseLength(),
  responseLatency: AccessLogField.contextResponseLatency(),
  integrationLatency: AccessLogField.contextIntegrationLatency(),
  integrationStatus: AccessLogField.contextIntegrationStatus(),
  /** The role and its session on the runtime plane; `-` on the others. */
  callerArn: AccessLogField.contextIdentityUserArn(),
  gatewayError: AccessLogField.contextErrorResponseType(),
};

/** The format for the stage. */
export const accessLogFormat = AccessLogFormat.custom(JSON.stringify(FIELDS));
