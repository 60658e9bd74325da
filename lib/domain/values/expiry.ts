// The one rule for when something is expired.

/** Expired means now ≥ `expiresAt` (both epoch milliseconds); null never expires. */
export const isExpired = (expiresAt: number | null, now: number): boolean => expiresAt !== null && now >= expiresAt;
