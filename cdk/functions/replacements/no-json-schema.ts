// Replaces zod's writer of JSON schemas in the bundles. Only the OpenAPI document is made with it, and no function makes that; it
// would be a fifth of zod.

const refuse = (): never => {
  throw new Error('the bundles do not contain code for JSON schemas');
};

/** zod calls it for every schema; the method that it makes throws. */
export const createToJSONSchemaMethod = () => refuse;
/** zod calls it for every schema; the method that it makes throws. */
export const createStandardJSONSchemaMethod = () => refuse;
/** Throws. */
export const toJSONSchema = refuse;
/** Throws. */
export const JSONSchemaGenerator = refuse;
