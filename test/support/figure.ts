// A figure that a suite has found, as one line of the output that a script can read: `npm run proof` gathers them.

export type FigureValues = Readonly<Record<string, number | string>>;

export const printFigure = (name: string, values: FigureValues): void =>
  console.log(`figure: ${name} ${JSON.stringify(values)}`);
