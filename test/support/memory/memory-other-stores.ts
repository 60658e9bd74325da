// Erasure, OAuth states and configuration in memory.

import type { Place } from '../../../lib/domain/oauth/oauth-state.ts';
import type { ConfigurationStore } from '../../../lib/domain/ports/configuration-store.ts';
import type { ErasureStore } from '../../../lib/domain/ports/erasure-store.ts';
import type { StateStore } from '../../../lib/domain/ports/state-store.ts';
import { counterTtlKey, emptyUserRecord, findUser, type MemoryTable } from './memory-table.ts';

const CREDENTIAL = 'CRED#';
const MANAGED = 'MANAGED#';
const LEASE = 'LEASE#';
const STATES = '#STATES#';
const FLOW = 'FLOW#';
const LINKS = '#LINKS#';
const LINK = 'LINK#';

const findFlows = (table: MemoryTable, userId: string): string[] =>
  [...table.states.values()].filter((row) => row.userId === userId).map(({ tokenHash }) => tokenHash);

const findLinks = (table: MemoryTable, userId: string): string[] =>
  [...table.links.values()].filter((row) => row.userId === userId).map(({ tokenHash }) => tokenHash);

export const memoryErasureStore = (table: MemoryTable): ErasureStore => ({
  async beginErasure(userId, { id: erasureId, at, expectedVersion }) {
    const user = findUser(table, userId);
    const userRecord = user.userRecord ?? emptyUserRecord;
    if (table.tokens.has(erasureId)) return { kind: 'started', erasureId, since: at };
    if (expectedVersion !== undefined && expectedVersion !== userRecord.version) {
      return { kind: 'refused', userRecord: user.userRecord && { ...user.userRecord } };
    }
    if (userRecord.erasing !== null) {
      return { kind: 'started', erasureId: userRecord.erasing, since: user.erasingSince ?? at };
    }
    user.userRecord = { ...userRecord, erasing: erasureId, erasures: userRecord.erasures + 1 };
    user.erasingSince = at;
    user.forgetAtSeconds = null;
    table.tokens.add(erasureId);
    return { kind: 'started', erasureId, since: at };
  },
  async readErasable(userId) {
    const { credentials, leases, managed, openStates, openLinks } = findUser(table, userId);
    return [
      ...[...openStates.keys()].map((window) => ({
        kind: 'other' as const,
        key: `${STATES}${window}`,
        credentialId: null,
      })),
      ...[...openLinks.keys()].map((window) => ({
        kind: 'other' as const,
        key: `${LINKS}${window}`,
        credentialId: null,
      })),
      ...[...credentials.keys()].map((id) => ({
        kind: 'credential' as const,
        key: `${CREDENTIAL}${id}`,
        credentialId: id,
      })),
      ...findFlows(table, userId).map((hash) => ({
        kind: 'other' as const,
        key: `${FLOW}${hash}`,
        credentialId: null,
      })),
      ...findLinks(table, userId).map((hash) => ({
        kind: 'other' as const,
        key: `${LINK}${hash}`,
        credentialId: null,
      })),
      ...[...leases.keys()].map((id) => ({
        kind: 'other' as const,
        key: `${LEASE}${id}`,
        credentialId: null,
      })),
      ...[...managed.keys()].map((provider) => ({
        kind: 'managed' as const,
        key: `${MANAGED}${provider}`,
        credentialId: null,
      })),
    ].slice(0, 99);
  },
  async removeRows(userId, erasureId, { keys, token }) {
    if (table.tokens.has(token)) return true;
    const user = findUser(table, userId);
    if (user.userRecord?.erasing !== erasureId) return false;
    for (const key of keys) {
      if (key.startsWith(CREDENTIAL)) user.credentials.delete(key.slice(CREDENTIAL.length));
      if (key.startsWith(FLOW)) table.states.delete(key.slice(FLOW.length));
      if (key.startsWith(LINK)) table.links.delete(key.slice(LINK.length));
      if (key.startsWith(LINKS)) user.openLinks.delete(key.slice(LINKS.length));
      if (key.startsWith(LEASE)) user.leases.delete(key.slice(LEASE.length));
      if (key.startsWith(MANAGED)) user.managed.delete(key.slice(MANAGED.length));
      if (key.startsWith(STATES)) user.openStates.delete(key.slice(STATES.length));
    }
    table.tokens.add(token);
    return true;
  },
  async finishErasure(userId, erasureId, forgetAtSeconds) {
    const user = findUser(table, userId);
    if (user.userRecord?.erasing !== erasureId) return;
    user.userRecord = { ...user.userRecord, erasing: null, count: 0, version: user.userRecord.version + 1 };
    user.forgetAtSeconds = forgetAtSeconds;
  },
});

/** A flow started before an erasure is not counted after it. */
const counterKey = ({ window, erasures }: Place): string => `${window}#${erasures}`;

/** Whether the user is being erased, or was since they had gone through so many erasures. */
export const isErased = (table: MemoryTable, { userId, erasures }: Pick<Place, 'userId' | 'erasures'>): boolean => {
  const { userRecord } = findUser(table, userId);
  return userRecord ? userRecord.erasing !== null || userRecord.erasures !== erasures : erasures !== 0;
};

/** As the adapter keeps a counter. */
export const COUNTER_SPARE_SECONDS = 3600;

const count = (table: MemoryTable, place: Place, { maxOpen, expiresAt }: { maxOpen: number; expiresAt: number }) => {
  const { openStates } = findUser(table, place.userId);
  const open = openStates.get(counterKey(place)) ?? 0;
  if (open >= maxOpen) return false;
  openStates.set(counterKey(place), open + 1);
  const ttlSeconds = Math.ceil(expiresAt / 1000) + COUNTER_SPARE_SECONDS;
  table.ttls.set(counterTtlKey(place.userId, counterKey(place)), ttlSeconds);
  return true;
};

export const memoryStateStore = (table: MemoryTable): StateStore => ({
  async takePlace({ place, token, maxOpen, expiresAt }) {
    if (table.tokens.has(token)) return 'opened';
    if (isErased(table, place)) return 'erasing';
    if (!count(table, place, { maxOpen, expiresAt })) return 'too_many';
    table.tokens.add(token);
    return 'opened';
  },
  async createState({ row, token, maxOpen }) {
    if (table.tokens.has(token)) return 'opened';
    if (isErased(table, row)) return 'erasing';
    if (table.states.has(row.tokenHash)) return 'taken';
    if (maxOpen !== null && !count(table, row, { maxOpen, expiresAt: row.expiresAt })) return 'too_many';
    table.states.set(row.tokenHash, { ...row });
    table.tokens.add(token);
    return 'opened';
  },
  async readState(tokenHash) {
    const row = table.states.get(tokenHash);
    return row ? { ...row } : null;
  },
  async consumeState({ tokenHash, operationId, userId, provider, now, receiptHash, outcome }) {
    const row = table.states.get(tokenHash);
    if (!row) return null;
    if (row.usedBy === operationId) return { ...row };
    if (row.usedBy !== null || row.userId !== userId || row.provider !== provider || row.expiresAt <= now) return null;
    if (receiptHash !== null && row.receiptHash !== receiptHash) return null;
    Object.assign(row, { usedBy: operationId, outcome: outcome ?? null });
    return { ...row };
  },
  async storePendingCode({ tokenHash, receiptHash, pendingCode, codeHash, repeatableAfter, now }) {
    const row = table.states.get(tokenHash);
    if (!row || row.usedBy !== null || row.expiresAt <= now || row.kind !== 'connection') return false;
    const isRepeated = row.codeHash === codeHash && (row.codeAt ?? 0) > repeatableAfter;
    if (row.pendingCode !== null && !isRepeated) return row.receiptHash === receiptHash;
    Object.assign(row, { pendingCode, receiptHash, codeHash, codeAt: row.codeAt ?? now });
    return true;
  },
  async noteDenial(tokenHash, now) {
    const row = table.states.get(tokenHash);
    if (!row || row.usedBy !== null || row.expiresAt <= now || row.kind !== 'connection' || row.pendingCode)
      return false;
    row.deniedAt = now;
    return true;
  },
  async claimPoll({ tokenHash, from, until, pollSeconds, now }) {
    const row = table.states.get(tokenHash);
    if (!row || row.usedBy !== null || row.expiresAt <= now || row.pollAfter !== from) return false;
    Object.assign(row, { pollAfter: until, pollSeconds });
    return true;
  },
  async noteResult(tokenHash, credentialId) {
    const row = table.states.get(tokenHash);
    if (row && row.usedBy !== null) row.credentialId = credentialId;
  },
  async releaseState(row) {
    const { openStates } = findUser(table, row.userId);
    const open = openStates.get(counterKey(row)) ?? 0;
    if (open > 0) openStates.set(counterKey(row), open - 1);
  },
});

export const memoryConfigurationStore = (table: MemoryTable): ConfigurationStore => ({
  async readConfiguration() {
    return table.configuration && structuredClone(table.configuration);
  },
  async writeConfiguration(configuration) {
    table.configuration = structuredClone(configuration);
  },
});
