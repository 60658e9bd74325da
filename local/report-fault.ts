// A fault that nobody caught, in one line and without its message: an error may quote what it was given.

export const reportFault = (where: string, error: unknown): void => {
  const { name = 'unknown', code } = (error ?? {}) as { name?: string; code?: unknown };
  console.error(`keyhold: ${where} failed: ${name}${typeof code === 'string' ? ` (${code})` : ''}`);
};
