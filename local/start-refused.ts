// Why the server will not start: one line for the person at the terminal, never a stack trace.
export class StartRefused extends Error {
  constructor(reason: string) {
    super(reason.replace(/\s+/g, ' ').trim());
    this.name = 'StartRefused';
  }
}
