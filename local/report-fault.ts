// Reports an unexpected error in one line, without its message: messages may quote input, and input may be secret.

/** Writes the error's name and code to stderr. `where` names the part that failed. */
export const reportFault = (where: string, error: unknown): void => {
  const { name = 'unknown', code } = (error ?? {}) as { name?: string; code?: unknown };
  console.error(`keyhold: ${where} failed: ${name}${typeof code === 'string' ? ` (${code})` : ''}`);
};
