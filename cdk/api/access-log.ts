// One line per request, for the operator. Left out on purpose: path (on the runtime plane it holds the user id), query
// (codes and states), headers, claims, caller and address. The request id leads to the function's own log.
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
  gatewayError: AccessLogField.contextErrorResponseType(),
};

export const accessLogFormat = AccessLogFormat.custom(JSON.stringify(FIELDS));
