// Checks, links, imports and exports, called by their routes: a service without one of them answers `route_unknown`, which the command
// explains.
import type { CheckResult, ExportedUser, ImportReport } from '../../client/generated/api-types.ts';
import { call, type Route, type Transport } from '../../client/transport/call.ts';

const CHECK: Route = { method: 'POST', path: '/v1/users/{userId}/credentials/{id}/check' };
const LINK: Route = { method: 'POST', path: '/v1/users/{userId}/connect-links', hasBody: true };
const IMPORT: Route = { method: 'POST', path: '/v1/users/{userId}/import', hasBody: true };
const EXPORT: Route = { method: 'GET', path: '/v1/users/{userId}/export' };

/** Asks the provider whether a stored credential is taken. */
export const checkStored = (transport: Transport, userId: string, id: string) =>
  call(transport, CHECK, [userId, id]) as Promise<CheckResult>;

/** Makes a connect link. */
export const makeLink = (transport: Transport, userId: string, body: object) =>
  call(transport, LINK, [userId, body]) as Promise<{ url: string; expiresAt: string }>;

/** Imports a document. */
export const importDocument = (transport: Transport, userId: string, body: { format: string; document: unknown }) =>
  call(transport, IMPORT, [userId, body]) as Promise<ImportReport>;

/** Reads a page of an export. */
export const exportPage = (transport: Transport, userId: string, after: string | undefined) =>
  call(transport, EXPORT, [userId, after === undefined ? {} : { after }]) as Promise<ExportedUser>;
