// What comes from users and providers is printed without characters that a terminal would obey.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** The text with every control and direction character replaced. */
export const plainText = (text: string): string => text.replaceAll(OBEYED, '\ufffd');
