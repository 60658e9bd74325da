// What may be logged of an error: names, statuses, the kinds our own faults have, and places in our own code. Never a message, a request or a response,
// since those carry what was sent.

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
    // Words of ours, never a provider's: why a provider gave no token, whether a port was busy.
    ...((error instanceof PortFault || error instanceof ProviderFault) && { kind: error.kind }),
    ...(typeof code === 'string' && { code }),
    ...(metadata?.httpStatusCode !== undefined && { status: metadata.httpStatusCode }),
    ...(metadata?.requestId !== undefined && { awsRequestId: metadata.requestId }),
    at: frames(error),
  };
};

/** The stack less the message, which it repeats, and of which a line may look like a frame. */
const frames = (error: Error): string[] =>
  (error.stack ?? '')
    .replace(error.message, () => '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim());

/** An error and its causes, outermost first. */
export const describeFault = (error: unknown): Fault[] => {
  const faults: Fault[] = [];
  for (let next = error; next !== undefined && faults.length < MAX_CAUSES; ) {
    faults.push(describeOne(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return faults;
};
