// The reason why the server does not start: one line for the terminal, never a stack trace.
/** Thrown while starting; `main.ts` prints its message and exits with 1. */
export class StartRefused extends Error {
  constructor(reason: string) {
    super(reason.replace(/\s+/g, ' ').trim());
    this.name = 'StartRefused';
  }
}
