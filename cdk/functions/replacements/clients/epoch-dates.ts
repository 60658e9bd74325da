// Replaces the SDK's readers and writers of dates in the bundles. The services that are called write dates as seconds since the epoch; no
// call sends one.

const refuse = (): never => {
  throw new Error('the bundles do not contain code for dates as texts');
};

/** Throws. */
export const dateToUtcString = refuse;
/** Throws. */
export const parseRfc3339DateTime = refuse;
/** Throws. */
export const parseRfc3339DateTimeWithOffset = refuse;
/** Throws. */
export const parseRfc7231DateTime = refuse;

/** The date of seconds since the epoch, to the millisecond; undefined for none. Throws a TypeError for anything but a number. */
export const parseEpochTimestamp = (value: unknown): Date | undefined => {
  if (value === null || value === undefined) return undefined;
  const seconds = typeof value === 'string' ? Number.parseFloat(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) throw new TypeError('a date must be a number');
  return new Date(Math.round(seconds * 1000));
};
