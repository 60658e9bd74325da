// Progress of a long run on stderr: on a terminal one line that is written over, else a line every ten seconds.

/** Where progress is written. */
export interface ProgressOutput {
  write(text: string): void;
  isInteractive: boolean;
}

/** A line of progress. */
export interface Progress {
  /** Shows the text, if enough time has passed since the last. */
  update(text: string): void;
  /** Ends the line. */
  end(): void;
}

const TERMINAL_MILLISECONDS = 200;
const LOG_MILLISECONDS = 10_000;

/** Starts a line of progress. */
export const startProgress = ({ write, isInteractive }: ProgressOutput): Progress => {
  const pause = isInteractive ? TERMINAL_MILLISECONDS : LOG_MILLISECONDS;
  let last = Date.now();
  let isOpen = false;
  return {
    update: (text) => {
      if (Date.now() - last < pause) return;
      last = Date.now();
      isOpen = isInteractive;
      write(isInteractive ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end: () => {
      if (isOpen) write('\r\u001b[K');
    },
  };
};
