// Connect links in memory.
import type { LinkPlace } from '../../../lib/domain/link/connect-link.ts';
import type { LinkStore } from '../../../lib/domain/ports/link-store.ts';
import { COUNTER_SPARE_SECONDS, isErased } from './memory-other-stores.ts';
import { findUser, linksTtlKey, type MemoryTable } from './memory-table.ts';

const counterKey = ({ windowSeconds, window, erasures }: LinkPlace): string => `${windowSeconds}#${window}#${erasures}`;

export const memoryLinkStore = (table: MemoryTable): LinkStore => ({
  async createLink({ row, token, maxOpen }) {
    if (table.tokens.has(token)) return 'created';
    if (isErased(table, row)) return 'erasing';
    const { openLinks } = findUser(table, row.userId);
    const open = openLinks.get(counterKey(row)) ?? 0;
    if (open >= maxOpen) return 'too_many';
    openLinks.set(counterKey(row), open + 1);
    const ttlSeconds = Math.ceil(row.expiresAt / 1000) + COUNTER_SPARE_SECONDS;
    table.ttls.set(linksTtlKey(row.userId, counterKey(row)), ttlSeconds);
    table.links.set(row.tokenHash, { ...row });
    table.tokens.add(token);
    return 'created';
  },
  async readLink(tokenHash) {
    const row = table.links.get(tokenHash);
    return row ? { ...row } : null;
  },
  async claimLink({ tokenHash, browserHash, now }) {
    const row = table.links.get(tokenHash);
    if (!row || row.spentBy !== null || row.expiresAt <= now) return false;
    if (row.browserHash !== null && row.browserHash !== browserHash) return false;
    row.browserHash = browserHash;
    return true;
  },
});
