// The entry of the package `keyhold/client`.
// biome-ignore-all lint/performance/noBarrelFile: the entry of a package names what it offers.
export type { AwsCredentials, CredentialSource } from './aws/credentials.ts';
export type { CredentialChoice, CredentialRequestInit } from './fetch/fetch-as-user.ts';
export type { McpCredentialChoice } from './fetch/fetch-for-mcp.ts';
export { InsufficientScopesError, type StepUp } from './fetch/insufficient-scopes-error.ts';
export type * from './generated/api-types.ts';
export type { UserRoutes, WorkerRoutes } from './generated/routes.ts';
export { type ClientErrorCode, KeyholdError, type ProblemFields } from './keyhold-error.ts';
export type { Resolved, ResolveOutcome } from './resolve.ts';
export type { CallOptions } from './transport/call.ts';
export { encodeUserSegment } from './transport/user-segment.ts';
export { createUserClient, type UserClient, type UserSettings } from './user.ts';
export { createWorker, type Worker, type WorkerSettings } from './worker.ts';
