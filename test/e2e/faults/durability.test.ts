// kill -9 during writes: every acknowledged write is stored, and none is stored partly.
import { expect, it } from 'vitest';
import { startKeyhold } from '../../support/http/local-server.ts';

const ROUNDS = 3;

it(`keeps every acknowledged write through ${ROUNDS} kills during writes`, async () => {
  let keyhold = await startKeyhold();
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const writer = async (lane: number) => {
      for (let index = 0; ; index++) {
        const id = `r${round}-l${lane}-${index}`;
        const body = { type: 'api_key', provider: 'openai', id, apiKey: `key-${id}` };
        const reply = await keyhold.user('alice').call('POST', '/v1/me/credentials', body);
        if (reply.status === 201) acknowledged.push(id);
      }
    };
    const lanes = [0, 1, 2, 3].map((lane) => writer(lane).catch(() => {}));
    const enough = acknowledged.length + 40;
    while (acknowledged.length < enough) await new Promise((next) => setTimeout(next, 2));
    await keyhold.kill();
    await Promise.all(lanes);
    keyhold = await startKeyhold({ home: keyhold.home });
    const { json } = await keyhold.worker.call('GET', '/v1/users/alice/credentials?provider=openai');
    const found = json.credentials.map((view: { id: string }) => view.id);
    expect(found).toEqual(expect.arrayContaining(acknowledged));
    // No partial write: the version equals the number of stored credentials.
    expect(json.version).toBe(found.length);
    const last = acknowledged.at(-1) as string;
    const opened = await keyhold.worker.call('GET', `/v1/users/alice/credentials/${last}`);
    expect(opened.json.secret).toEqual({ apiKey: `key-${last}` });
  }
  await keyhold.stop();
});
