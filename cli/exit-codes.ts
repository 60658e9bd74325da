// How the command ends; docs/cli.md and --help have the same table.

/** Exit codes, by what happened. */
export const EXIT = {
  ok: 0,
  /** The service or this machine failed: try again, or read the message. */
  fault: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The user has to act: connect, connect again, or grant more. */
  userMustAct: 3,
  /** The service refused the request. */
  refused: 4,
  /** The command did its work, and found something wrong: an entry that is not valid, or was not imported. */
  foundWrong: 5,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means, in one line. */
export const exitMeanings: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'done'],
  [EXIT.fault, 'the service or this machine failed; the same command may work later'],
  [EXIT.usage, 'the command line is wrong'],
  [EXIT.userMustAct, 'the user has to act: connect, connect again, or grant more'],
  [EXIT.refused, 'the service refused the request'],
  [EXIT.foundWrong, 'done, and something is wrong: see what was printed'],
];

/** A command line that cannot be carried out; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
