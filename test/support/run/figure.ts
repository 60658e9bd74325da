// Prints a figure that a suite measured as one line of output, which `npm run proof` collects.

/** The values of a figure. */
export type FigureValues = Readonly<Record<string, number | string>>;

/** Prints `figure: <name> {…}`. */
export const printFigure = (name: string, values: FigureValues): void =>
  console.log(`figure: ${name} ${JSON.stringify(values)}`);
