// Replaces what the SDK does for the endpoints of S3 in the bundles. The service does not use S3.

/** The parameters of an endpoint, unchanged: it is called for S3 alone. */
export const resolveParamsForS3 = async <T>(parameters: T): Promise<T> => parameters;
