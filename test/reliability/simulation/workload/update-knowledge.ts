// Adds to the clients' knowledge what an answer contains: ids, tokens and versions.
import { learnConnect } from '../connect/generate-connect.ts';
import { learnLink } from '../link/generate-link.ts';
import { type Call, isKind } from '../trace/call.ts';
import type { Knowledge } from './generate-request.ts';

const learnVersion = (knowledge: Knowledge, call: Call, value: { version?: number }): void => {
  const { userId } = call.request;
  if (isKind(call, 'list', 'get', 'getManaged', 'edit') && value.version !== undefined) {
    knowledge.versions.set(userId, value.version);
  } else if (
    'expectedVersion' in call.request &&
    call.request.expectedVersion !== undefined &&
    !isKind(call, 'erase')
  ) {
    knowledge.versions.set(userId, call.request.expectedVersion + 1);
  }
};

export const updateKnowledge = (knowledge: Knowledge, call: Call): void => {
  const { outcome, request } = call;
  if (outcome.kind === 'refused' && typeof outcome.members.currentVersion === 'number') {
    knowledge.versions.set(request.userId, outcome.members.currentVersion);
  }
  if (outcome.kind !== 'ok') return;
  learnConnect(knowledge.connect, knowledge.ids, call);
  learnLink(knowledge.link, call);
  learnVersion(knowledge, call, (outcome.value ?? {}) as { version?: number });
  if (isKind(call, 'resolve')) {
    const { tokenRef } = outcome.value as { tokenRef: string };
    knowledge.tokenRefs.push({ userId: request.userId, tokenRef });
  }
  if (isKind(call, 'createState')) {
    const { token } = outcome.value as { token: string };
    knowledge.tokens.push({ token, userId: request.userId, provider: call.request.provider });
  }
  if (isKind(call, 'add') && call.request.item.id === undefined) {
    knowledge.ids.push((outcome.value as { id: string }).id);
  }
};
