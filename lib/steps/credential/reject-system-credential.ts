// The ids of system credentials belong to the operator: no user may create, change or delete a credential under one.
import { isSystemCredential } from '../../domain/credential/system-credentials.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

/** Throws `system_credential` when the id is one of the operator's. */
export const rejectSystemCredential = (credentialId: string): void => {
  if (isSystemCredential(credentialId)) throw new ServiceError('system_credential');
};
