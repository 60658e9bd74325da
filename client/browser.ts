// The entry of the package for browsers: what needs no AWS credentials, and nothing of Node.
// biome-ignore-all lint/performance/noBarrelFile: the entry of a package names what it offers.
export type * from './generated/api-types.ts';
export type { UserRoutes } from './generated/routes.ts';
export { type ClientErrorCode, KeyholdError, type ProblemFields } from './keyhold-error.ts';
export type { CallOptions } from './transport/call.ts';
export { createUserClient, type UserClient, type UserSettings } from './user.ts';
