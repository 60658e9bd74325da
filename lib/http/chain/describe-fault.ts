// Describes an error for the log: names, statuses, kinds and places in the code. Never a message, a request or a response, which can
// contain what the caller or a provider sent.

import { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';

const MAX_CAUSES = 4;

interface Fault {
  name: string;
  code?: string;
  kind?: string;
  status?: number;
  awsRequestId?: string;
  at?: string[];
}

/** A name as code writes it; anything else may quote a message. */
const readName = (name: unknown): string | undefined =>
  typeof name === 'string' && /^[A-Za-z][\w.$-]{0,63}$/.test(name) ? name : undefined;

const describeOne = (error: unknown): Fault => {
  if (!(error instanceof Error)) return { name: typeof error };
  const { $metadata: metadata, code } = error as {
    $metadata?: { httpStatusCode?: number; requestId?: string };
    code?: unknown;
  };
  return {
    name: readName(error.name) ?? 'Error',
    // The kinds are a fixed set of the service, never text of a provider.
    ...((error instanceof PortFault || error instanceof ProviderFault) && { kind: error.kind }),
    ...(readName(code) !== undefined && { code: readName(code) as string }),
    ...(metadata?.httpStatusCode !== undefined && { status: metadata.httpStatusCode }),
    ...(metadata?.requestId !== undefined && { awsRequestId: metadata.requestId }),
    at: frames(error),
  };
};

/** The folder of the code: of the project, or of the bundle. */
const ROOT = import.meta.url.replace(/^file:\/\//, '').replace(/(?:lib\/http\/chain\/)?[^/]*$/, '');
/** A place in a file, at the end of a frame. */
const PLACE = /^\s+at (?:.*[( ])?(?:file:\/\/)?(\/[\w./@+-]+:\d+:\d+)\)?$/;

/** Places in the service's own code, without names: other text of a stack may come from a message or a caller. */
const frames = (error: Error): string[] =>
  String(error.stack ?? '')
    .split('\n')
    .map((line) => PLACE.exec(line)?.[1] ?? '')
    .filter((place) => place.startsWith(ROOT))
    .slice(0, 6)
    .map((place) => place.slice(ROOT.length));

/** The error and up to three of its causes, outermost first. */
const listCauses = (error: unknown): unknown[] => {
  const causes: unknown[] = [];
  for (let next = error; next !== undefined && causes.length < MAX_CAUSES; ) {
    causes.push(next);
    next = next instanceof Error ? next.cause : undefined;
  }
  return causes;
};

/** Describes the error and up to three of its causes, outermost first. */
export const describeFault = (error: unknown): Fault[] => listCauses(error).map(describeOne);

/** The error word of the provider that caused the error: 1–64 of `A–Z a–z 0–9 _ . -`; undefined if there is none. */
export const findProviderError = (error: unknown): string | undefined =>
  listCauses(error)
    .map((cause) => (cause instanceof ProviderFault ? cause.providerError : null))
    .find((word) => word !== null) ?? undefined;
