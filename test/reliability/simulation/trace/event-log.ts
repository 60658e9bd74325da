// The run in words, line by line; costs nothing unless it is asked for.

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
