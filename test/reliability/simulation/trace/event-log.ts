// The event log of a run, line by line; recorded only on request.

export interface EventLog {
  append(line: () => string): void;
  lines(): readonly string[];
}

export const createEventLog = (isWanted: boolean, when: () => string): EventLog => {
  const lines: string[] = [];
  return {
    append: (line) => {
      if (isWanted) lines.push(`${when()}  ${line()}`);
    },
    lines: () => lines,
  };
};
