// An MCP server that wants more scopes than the user has granted. The error has what starts the step-up, and never a token.
import { KeyholdError } from '../keyhold-error.ts';

/** The body of the request that starts the step-up: give it to `startConnection`, with a `returnUrl` if you have one. */
export interface StepUp {
  /** The MCP server. */
  mcpServerUrl: string;
  /** The credential that gets the scopes beside those that it has. */
  credentialId: string;
  /** What the server answered in `WWW-Authenticate`. */
  challenge: string;
}

/** Thrown by `fetchForMcp` where the server answered 403 `insufficient_scope`. The user must grant `missingScopes`, through `stepUp`. */
export class InsufficientScopesError extends KeyholdError {
  /** The scopes that the server named; it may have named none. */
  readonly missingScopes: readonly string[];
  readonly stepUp: StepUp;

  constructor(stepUp: StepUp, missingScopes: readonly string[]) {
    super({
      code: 'insufficient_scopes',
      status: 403,
      title: 'The MCP server asks for scopes that the user has not granted.',
    });
    this.name = 'InsufficientScopesError';
    this.missingScopes = missingScopes;
    this.stepUp = stepUp;
  }
}
