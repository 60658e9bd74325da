// The coloured tile that stands for a provider: its initials on a hue that depends on its name only. No third-party icon is loaded.

/** One or two letters of a name: `GitHub` → `GH`, `Google Drive` → `GD`, `openai` → `OP`. */
export const initials = (name: string): string => {
  const words = name.split(/[\s\-_./()]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const [first = '', second] = words;
  const capitals = first.match(/\p{Lu}/gu) ?? [];
  if (second !== undefined) return (first.slice(0, 1) + second.slice(0, 1)).toUpperCase();
  return (capitals.length > 1 ? capitals.slice(0, 2).join('') : first.slice(0, 2)).toUpperCase();
};

/** A hue in degrees. Text and tile have enough contrast at every one. */
export const hue = (provider: string): number => {
  let sum = 0;
  for (const character of provider) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % 360;
};
