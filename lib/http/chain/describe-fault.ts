// Describes an error for the log: names, statuses, kinds and stack frames. Never a message, a request or a response, which can
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

const describeOne = (error: unknown): Fault => {
  if (!(error instanceof Error)) return { name: typeof error };
  const { $metadata: metadata, code } = error as {
    $metadata?: { httpStatusCode?: number; requestId?: string };
    code?: unknown;
  };
  return {
    name: error.name,
    // The kinds are a fixed set of the service, never text of a provider.
    ...((error instanceof PortFault || error instanceof ProviderFault) && { kind: error.kind }),
    ...(typeof code === 'string' && { code }),
    ...(metadata?.httpStatusCode !== undefined && { status: metadata.httpStatusCode }),
    ...(metadata?.requestId !== undefined && { awsRequestId: metadata.requestId }),
    at: frames(error),
  };
};

/** The stack without the message it repeats: a line of the message may look like a frame. */
const frames = (error: Error): string[] =>
  (error.stack ?? '')
    .replace(error.message, () => '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim());

/** The error and up to three of its causes, outermost first. */
export const describeFault = (error: unknown): Fault[] => {
  const faults: Fault[] = [];
  for (let next = error; next !== undefined && faults.length < MAX_CAUSES; ) {
    faults.push(describeOne(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return faults;
};
