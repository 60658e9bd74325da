// Decides whether an access token is valid for long enough to be used without a refresh.

interface TokenLife {
  expiresAt: number | null;
  /** When the token was stored (epoch milliseconds); its lifetime counts from here. */
  secretStoredAt: number;
}

/**
 * Whether the token is fresh: at least `minTtlSeconds` are left. A token whose whole lifetime is not longer than that is fresh
 * while half of it is left.
 */
export const isFresh = ({ expiresAt, secretStoredAt }: TokenLife, minTtlSeconds: number, now: number): boolean => {
  if (expiresAt === null) return true;
  const life = expiresAt - secretStoredAt;
  const needed = Math.min(minTtlSeconds * 1000, life <= minTtlSeconds * 1000 ? life / 2 : Number.POSITIVE_INFINITY);
  return expiresAt - now >= needed && expiresAt > now;
};
