// A setting of the deployment that is missing or malformed.

/** Its message names settings and never holds a value, so it may be logged. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}
