// Reads documented command lines: joins continued lines, and splits a line into words as a shell does, without expanding anything.

/** The lines of a block, each continued line joined to the one before; no empty ones. */
export const splitCommands = (block: string): string[] =>
  block
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** The words of a line. What stands in angle brackets is a placeholder: one word with no space. */
export const splitWords = (line: string): string[] => {
  const words = line
    .replaceAll(/<[^<>]*>/g, (text) => text.replaceAll(' ', '_'))
    .match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g);
  return (words ?? []).map((word) => word.replaceAll(/['"]/g, ''));
};

/** The names in angle brackets that are written as the outputs of a stack are, such as `ApiUrl`. */
export const findOutputs = (line: string): string[] => [...line.matchAll(/<([A-Z]\w+)>/g)].map(([, name = '']) => name);
