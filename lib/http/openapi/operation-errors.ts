// The codes an operation can answer: its own, and those that follow from what it does.
import type { ErrorCode } from '../../domain/values/service-error.ts';
import type { Capability, Route } from '../routes/route.ts';

const ALWAYS: readonly ErrorCode[] = ['internal_error', 'timed_out'];
const WITH_CALLER: readonly ErrorCode[] = ['invalid_request', 'store_unavailable', 'store_busy'];
const WITH_BODY: readonly ErrorCode[] = ['body_too_large', 'unsupported_media_type'];

const BY_CAPABILITY: Partial<Record<Capability, ErrorCode>> = {
  seal_secret: 'keys_unavailable',
  seal_managed_key: 'keys_unavailable',
  open_managed_key: 'keys_unavailable',
  open_secret: 'keys_unavailable',
  register_client: 'keys_unavailable',
  read_client: 'keys_unavailable',
  read_servers: 'keys_unavailable',
  read_system_keys: 'secrets_unavailable',
  read_oauth_clients: 'secrets_unavailable',
};

/** Every code a route can answer, in alphabetical order, each once. */
export const operationErrors = (route: Route): ErrorCode[] => {
  const codes = [
    ...route.errors,
    ...ALWAYS,
    ...(route.plane === 'public' ? [] : WITH_CALLER),
    ...(route.body ? WITH_BODY : []),
    ...route.capabilities.flatMap((capability) => BY_CAPABILITY[capability] ?? []),
    ...(route.ifMatch === 'required' ? (['precondition_required'] as const) : []),
  ];
  return [...new Set(codes)].toSorted();
};
