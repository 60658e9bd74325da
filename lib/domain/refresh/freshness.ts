// Whether an access token still lives long enough to be handed out.

interface TokenLife {
  expiresAt: number | null;
  /** When the token was stored; its whole life runs from here. */
  secretStoredAt: number;
}

/** A token whose whole life is not above the minimum is fresh while half of it is left; any other while the minimum is. */
export const isFresh = ({ expiresAt, secretStoredAt }: TokenLife, minTtlSeconds: number, now: number): boolean => {
  if (expiresAt === null) return true;
  const life = expiresAt - secretStoredAt;
  const needed = Math.min(minTtlSeconds * 1000, life <= minTtlSeconds * 1000 ? life / 2 : Number.POSITIVE_INFINITY);
  return expiresAt - now >= needed && expiresAt > now;
};
