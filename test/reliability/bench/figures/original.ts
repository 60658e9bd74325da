// Whole calls of the runtime function beside the way it replaces, for users with few credentials and with many. Ours include the
// function: routing, checks, sealing under a data key of its own, the log. The original's way is only its store, which favours it.
import { adding, deleting, listing, replacing, resolving } from '../backend/calls.ts';
import { openRawClient } from '../backend/raw-client.ts';
import { startRuntime } from '../backend/runtime.ts';
import { makeUser, newKey, OWN_KEY } from '../backend/users.ts';
import { type Effort, type Figure, type Findings, scaleSize } from '../measure/figure.ts';
import { interleave } from '../measure/interleave.ts';
import { makeRatio } from '../measure/statistics.ts';
import { documentStore, newDocument, newDocumentCredential } from '../original/document-store.ts';

const SIZES = [1, 10, 100, 350];
const OPERATIONS = ['Get', 'List', 'Update', 'Add'] as const;

/** From ten credentials on, this service must not be slower, except at lists, which read more than the one document. */
const goalFor = (operation: string, size: number) => (size >= 10 && operation !== 'List' ? { goal: { min: 1 } } : {});

const measureSize = async (size: number, bundle: Awaited<ReturnType<typeof startRuntime>>, effort: Effort) => {
  const { call } = bundle;
  const count = scaleSize(size, effort);
  const userId = await makeUser(call, count);
  const store = documentStore(openRawClient());
  const document = newDocument(count);
  await store.seed(userId, document);
  const times = await interleave(
    {
      oursGet: { call: () => call(resolving(userId, { credentialId: OWN_KEY })) },
      originalGet: { call: () => store.get(userId, OWN_KEY) },
      oursList: { call: () => call(listing(userId)) },
      originalList: { call: () => store.list(userId) },
      oursUpdate: { call: () => call(replacing(userId, OWN_KEY, newKey(OWN_KEY))) },
      originalUpdate: { call: () => store.update(userId, newDocumentCredential(OWN_KEY)) },
      oursAdd: { call: () => call(adding(userId, newKey('passing'))), clean: () => call(deleting(userId, 'passing')) },
      originalAdd: {
        call: () => store.add(userId, newDocumentCredential('passing')),
        clean: () => store.seed(userId, document),
      },
    },
    effort,
  );
  return OPERATIONS.map((operation) =>
    makeRatio(
      { name: `original${operation}@${size}`, compares: "original's way / ours", ...goalFor(operation, size) },
      { ours: times[`original${operation}`], floor: times[`ours${operation}`] },
    ),
  );
};

/** Measures how many times our time the original's way takes: above 1 it is slower. */
export const measureOriginal = async (bundle: string, effort: Effort): Promise<Findings> => {
  const runtime = await startRuntime(bundle);
  const figures: Figure[] = [];
  const done = new Map<number, Figure[]>();
  for (const size of SIZES) {
    const count = scaleSize(size, effort);
    const measured = done.get(count) ?? (await measureSize(size, runtime, effort));
    done.set(count, measured);
    figures.push(...measured.map((figure) => ({ ...figure, name: figure.name.replace(/@\d+$/, `@${size}`) })));
  }
  return { figures: figures.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })), units: [] };
};
