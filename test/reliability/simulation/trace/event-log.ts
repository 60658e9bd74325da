// The run in words, line by line; costs nothing unless it is asked for.

export interface Story {
  tell(line: () => string): void;
  lines(): readonly string[];
}

export const storyOf = (isWanted: boolean, when: () => string): Story => {
  const lines: string[] = [];
  return {
    tell: (line) => {
      if (isWanted) lines.push(`${when()}  ${line()}`);
    },
    lines: () => lines,
  };
};
