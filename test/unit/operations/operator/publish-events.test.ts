// Publishing events from the stream: their order, and the record at which a failed batch continues.
import { describe, expect, it } from 'vitest';
import type { RowChange, StreamRecord } from '../../../../lib/domain/credential/credential-event.ts';
import { credentialItem } from '../../../../lib/domain/credential/rows.ts';
import type { EventBus } from '../../../../lib/domain/ports/event-bus.ts';
import { publishEvents } from '../../../../lib/operations/operator/publish-events.ts';
import { ALICE, credential, START } from '../../../support/builders.ts';
import { memoryEventBus } from '../../../support/memory/memory-event-bus.ts';

const ROW = credentialItem(credential());

const record = (position: string, given: Partial<RowChange> = {}): StreamRecord => ({
  kind: 'credential',
  position,
  row: {
    eventId: `e${position}`,
    userId: ALICE,
    credentialId: 'c1',
    occurredAt: START,
    before: null,
    after: ROW,
    ...given,
  },
});

const dayMark = (position: string): StreamRecord => record(position, { before: ROW, after: { ...ROW, usedDay: 1 } });
const OTHER: StreamRecord = { kind: 'other' };
const UNKNOWN: StreamRecord = { kind: 'unknown' };

/** An event bus that refuses these event ids. */
const refusing = (...ids: string[]): EventBus => ({
  publish: async (events) =>
    new Map(events.flatMap(({ eventId }, index) => (ids.includes(eventId) ? [[index, 'Throttled'] as const] : []))),
});

describe('publishEvents', () => {
  it('publishes events in stream order', async () => {
    const eventBus = memoryEventBus();
    const done = await publishEvents({ eventBus }, [record('1'), record('2', { before: ROW, after: null })]);
    expect(eventBus.events.map(({ eventId, change }) => [eventId, change])).toEqual([
      ['e1', 'created'],
      ['e2', 'deleted'],
    ]);
    expect(done).toEqual({ resumeAt: null, published: 2, failed: 0, skipped: 0, faults: [] });
  });

  it('publishes nothing for day marks and other rows', async () => {
    const eventBus = memoryEventBus();
    const done = await publishEvents({ eventBus }, [dayMark('1'), OTHER, record('2')]);
    expect(eventBus.events.map(({ eventId }) => eventId)).toEqual(['e2']);
    expect(done).toMatchObject({ resumeAt: null, published: 1, skipped: 0 });
  });

  it.each([
    ['the first', ['e1'], '1'],
    ['one in the middle', ['e5'], '5'],
    ['several', ['e7', 'e5'], '5'],
    ['the last', ['e7'], '7'],
  ])('resumes at the first failed event: %s', async (_, ids, position) => {
    const records = [record('1'), dayMark('3'), OTHER, record('5'), UNKNOWN, record('7')];
    const done = await publishEvents({ eventBus: refusing(...ids) }, records);
    expect(done).toMatchObject({ resumeAt: position, published: 3 - ids.length, failed: ids.length });
    expect(done.faults).toEqual(['Throttled']);
  });

  it('skips and counts unknown records', async () => {
    const eventBus = memoryEventBus();
    const done = await publishEvents({ eventBus }, [UNKNOWN, record('2'), UNKNOWN]);
    expect(done).toEqual({ resumeAt: null, published: 1, failed: 0, skipped: 2, faults: [] });
  });

  it('accepts an empty batch', async () => {
    expect(await publishEvents({ eventBus: memoryEventBus() }, [])).toMatchObject({ resumeAt: null, published: 0 });
  });
});
