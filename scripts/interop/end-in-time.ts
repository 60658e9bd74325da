// Bounds the time of a whole run: a server that hangs must not hang the script.
const MINUTE_MILLISECONDS = 60_000;

/** Ends the process with an error after that many minutes; what it started ends with it. */
export const endInTime = (minutes: number): void => {
  const end = (): void => {
    console.error(`not done after ${minutes} minutes`);
    process.exit(1);
  };
  setTimeout(end, minutes * MINUTE_MILLISECONDS).unref();
};
